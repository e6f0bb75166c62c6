/* A store in a temporary folder, filled with made records. For tests; every call asserts that it works. */
#ifndef TOLKA_TESTS_MADE_STORE_H
#define TOLKA_TESTS_MADE_STORE_H

#include "ingest/store.h"
#include "tests/support/made_record.h"

#define MADE_SMALL ((struct made_size){1, 30, 1, 4})

/* The path of a new store that is not there yet; borrowed, one at a time. made_store_remove takes it and its
 * folder away. */
const char *made_store_path(void);
void made_store_remove(void);

/* The same of the engine under test: where the environment names a database of PostgreSQL in
 * TOLKA_TEST_STORE, what is in it of ours is thrown away. */
const char *made_store_new(void);
bool made_store_is_shared(void);   /* the store in hand is such a database */
const char *made_store_name(void); /* of the store in hand */

/* A new store with a run of program "1", and its end. */
struct tolka_store *made_store_begin(void);
void made_store_end(struct tolka_store *store);

/* Opens the store at made_store_path (or `path`) and begins a run. Program version `program`. */
struct tolka_store *made_store_open(const char *path, const char *program);

/* Takes report `number` in under `path`. */
enum tolka_store_answer made_store_enqueue(struct tolka_store *store, int number, const char *path,
                                           unsigned flags);

/* Claims one piece of work; false when there is none. */
bool made_store_claim(struct tolka_store *store, struct tolka_work *work);

/* Does one piece of work with made results and releases `work`. `number` is what the report was made from. */
void made_store_work(struct tolka_store *store, struct tolka_work *work, int number, struct made_size size);

/* Takes report `number` in and does all work that waits, as of this report. */
void made_store_report(struct tolka_store *store, int number, const char *path, struct made_size size);

/* Takes in report `number` of one page with this text, and does it. Nothing else may wait. */
void made_store_text(struct tolka_store *store, int number, const char *path, const char *text);

#endif
