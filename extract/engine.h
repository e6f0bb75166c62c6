/* One Tesseract engine of one language; engine.c is the only file that includes Tesseract. recognize.c
 * includes this. */
#ifndef TOLKA_EXTRACT_ENGINE_H
#define TOLKA_EXTRACT_ENGINE_H

#include "base/error.h"
#include "extract/page.h"

struct tolka_engine;
struct tolka_picture;

/* Parallel regions that may be active inside of each other on this thread; 0 for none. Returns what was set
 * before. */
int tolka_engine_set_threads(int levels);

/* NULL when the language's data is missing or memory runs out. */
struct tolka_engine *tolka_engine_new(const char *language);

/* Hands over a prepared picture, which must outlive the readings. */
void tolka_engine_show(struct tolka_engine *engine, const struct tolka_picture *picture);

/* Forgets picture and results. */
void tolka_engine_forget(struct tolka_engine *engine);

/*
 * Appends words and lines to `page`: of the whole picture (`line` NULL), or of the one line of print in the
 * box. Errors LIBRARY, MEMORY, without a message.
 */
enum tolka_status tolka_engine_read(struct tolka_engine *engine, const struct tolka_box *line,
                                    struct tolka_page *page);

/* The text of one line of print, the caller's to free; NULL when there is none. */
char *tolka_engine_read_text(struct tolka_engine *engine, struct tolka_box line,
                             const struct tolka_page *page);

void tolka_engine_free(struct tolka_engine *engine);

#endif
