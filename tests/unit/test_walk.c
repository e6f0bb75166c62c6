/* The walk over folders. */
#include "ingest/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/tolka-walk-XXXXXX";

static void put(const char *name, const char *content)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "wb");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static void make_folder(const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void make_link(const char *to, const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(symlink(to, path), 0);
}

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    make_folder("b");
    put("b/2.pdf", "x");
    put("b/10.pdf", "x");
    put("a.PDF", "x");
    put("c", "%PDF-1.4 without an ending");
    put("c.xyz", "nothing of ours");
    put(".hidden.pdf", "x");
    make_folder("empty");
    make_link("..", "b/up");
    make_link("nothing", "gone.pdf");
    return 0;
}

static int tear_down(void **state)
{
    char command[64];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

/* What the walk came to, a letter and the path beneath the folder each, parted by blanks. */
static void walk(const char *const *paths, char *out, size_t size)
{
    static const char LETTERS[] = "FODP";
    struct tolka_walk *it = tolka_walk_new();
    struct tolka_walk_item item;
    struct tolka_error err = {0};
    size_t length = 0;

    assert_non_null(it);
    for (; *paths; paths++)
        assert_int_equal(tolka_walk_add(it, *paths, &err), TOLKA_OK);
    *out = '\0';
    while (tolka_walk_next(it, &item, &err))
        length +=
            (size_t)snprintf(out + length, size - length, "%s%c:%s", length ? " " : "", LETTERS[item.kind],
                             strlen(item.path) > strlen(folder) ? item.path + strlen(folder) + 1 : ".");
    assert_int_equal(err.status, TOLKA_OK);
    tolka_walk_free(it);
}

static void test_walk_goes_in_a_fixed_order_and_ends_in_circles(void **state)
{
    const char *const paths[] = {folder, NULL};
    char found[1024];

    (void)state;
    walk(paths, found, sizeof found);
    assert_string_equal(
        found, "D:. O:.hidden.pdf F:a.PDF D:b F:b/10.pdf F:b/2.pdf D:b/up F:c O:c.xyz D:empty P:gone.pdf");
}

static void test_walk_takes_what_is_named_whatever_it_is(void **state)
{
    char other[256], hidden[256], found[256];
    const char *const paths[] = {other, hidden, NULL};

    (void)state;
    snprintf(other, sizeof other, "%s/c.xyz", folder);
    snprintf(hidden, sizeof hidden, "%s/.hidden.pdf", folder);
    walk(paths, found, sizeof found);
    assert_string_equal(found, "F:c.xyz F:.hidden.pdf");
}

static void test_walk_tells_of_what_is_not_there(void **state)
{
    const char *const paths[] = {"/nowhere/at all", "/dev/null", NULL};
    struct tolka_walk *it = tolka_walk_new();
    struct tolka_walk_item item;
    struct tolka_error err = {0};

    (void)state;
    for (int i = 0; paths[i]; i++)
        tolka_walk_add(it, paths[i], &err);
    assert_true(tolka_walk_next(it, &item, &err));
    assert_int_equal(item.kind, TOLKA_WALK_PROBLEM);
    assert_string_equal(item.message, "there is no such file");
    assert_true(tolka_walk_next(it, &item, &err));
    assert_string_equal(item.message, "is a device or a pipe, not a file");
    assert_false(tolka_walk_next(it, &item, &err));
    tolka_walk_free(it);
}

static void test_walk_forgets_when_told_to(void **state)
{
    struct tolka_walk *it = tolka_walk_new();
    struct tolka_walk_item item;
    struct tolka_error err = {0};
    int first = 0, again = 0, anew = 0;

    (void)state;
    tolka_walk_add(it, folder, &err);
    while (tolka_walk_next(it, &item, &err))
        first++;
    tolka_walk_add(it, folder, &err);
    while (tolka_walk_next(it, &item, &err))
        again++;
    tolka_walk_forget(it);
    tolka_walk_add(it, folder, &err);
    while (tolka_walk_next(it, &item, &err))
        anew++;
    assert_int_equal(again, 1);
    assert_int_equal(anew, first);
    tolka_walk_free(it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walk_goes_in_a_fixed_order_and_ends_in_circles),
        cmocka_unit_test(test_walk_takes_what_is_named_whatever_it_is),
        cmocka_unit_test(test_walk_tells_of_what_is_not_there),
        cmocka_unit_test(test_walk_forgets_when_told_to),
    };

    return cmocka_run_group_tests_name("walk", tests, set_up, tear_down);
}
