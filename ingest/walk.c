/*
 * The stack holds the folders being walked, each with the sorted names of its entries in one block; a
 * folder's handle is closed when its names are read, so depth costs memory and no descriptors. Folders
 * entered are kept in a hash set of device and inode, which ends circles of links.
 */
#include "ingest/walk.h"

#include "base/strbuf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { MAGIC_BYTES = 1024, FIRST_SET_SIZE = 256 };

struct folder {
    size_t path_length; /* of walk->path that is this folder's */
    char *names;        /* one after the other, each with its NUL; owned */
    const char **sorted;
    size_t count, next;
};

struct root {
    char *path;
    struct root *next;
};

struct walk_set { /* open addressing; a slot with inode 0 is free */
    struct {
        uint64_t device, inode;
    } * slots;
    size_t size, used;
};

struct tolka_walk {
    struct root *roots, *last_root;
    struct folder *stack;
    size_t depth, capacity;
    struct tolka_strbuf path;
    struct walk_set entered;
};

struct tolka_walk *tolka_walk_new(void)
{
    return calloc(1, sizeof(struct tolka_walk));
}

enum tolka_status tolka_walk_add(struct tolka_walk *walk, const char *path, struct tolka_error *err)
{
    struct root *root = calloc(1, sizeof *root);

    if (root)
        root->path = strdup(path);
    if (!root || !root->path) {
        free(root);
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    }
    if (walk->last_root)
        walk->last_root->next = root;
    else
        walk->roots = root;
    walk->last_root = root;
    return TOLKA_OK;
}

void tolka_walk_forget(struct tolka_walk *walk)
{
    free(walk->entered.slots);
    walk->entered = (struct walk_set){0};
}

static size_t place(const struct walk_set *set, uint64_t device, uint64_t inode)
{
    size_t at = (size_t)((inode * UINT64_C(0x9e3779b97f4a7c15)) ^ device) & (set->size - 1);

    while (set->slots[at].inode && (set->slots[at].inode != inode || set->slots[at].device != device))
        at = (at + 1) & (set->size - 1);
    return at;
}

static bool grow_set(struct walk_set *set)
{
    struct walk_set larger = {.size = set->size ? set->size * 2 : FIRST_SET_SIZE, .used = set->used};

    larger.slots = calloc(larger.size, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < set->size; i++) {
        if (set->slots[i].inode)
            larger.slots[place(&larger, set->slots[i].device, set->slots[i].inode)] = set->slots[i];
    }
    free(set->slots);
    *set = larger;
    return true;
}

/* Adds to the set; 1 when it was new, 0 when it was there, -1 when out of memory. */
static int enter_once(struct walk_set *set, const struct stat *info)
{
    size_t at;

    if (set->used * 2 >= set->size && !grow_set(set))
        return -1;
    at = place(set, info->st_dev, info->st_ino);
    if (set->slots[at].inode)
        return 0;
    set->slots[at].device = info->st_dev;
    set->slots[at].inode = info->st_ino;
    set->used++;
    return 1;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of an open folder's entries, sorted. Error IO, MEMORY. */
static enum tolka_status read_names(DIR *dir, struct folder *folder)
{
    struct tolka_strbuf names = {0};
    const struct dirent *entry;
    const char *at;

    errno = 0;
    while ((entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        tolka_strbuf_add(&names, entry->d_name, strlen(entry->d_name) + 1);
        folder->count++;
    }
    folder->names = names.data;
    if (names.failed || errno)
        return names.failed ? TOLKA_ERR_MEMORY : TOLKA_ERR_IO;
    folder->sorted = malloc((folder->count + 1) * sizeof *folder->sorted);
    if (!folder->sorted)
        return TOLKA_ERR_MEMORY;
    at = names.data;
    for (size_t i = 0; i < folder->count; i++, at += strlen(at) + 1)
        folder->sorted[i] = at;
    qsort(folder->sorted, folder->count, sizeof *folder->sorted, by_bytes);
    return TOLKA_OK;
}

static void release_folder(struct folder *folder)
{
    free(folder->names);
    free(folder->sorted);
    *folder = (struct folder){0};
}

static bool problem(struct tolka_walk_item *item, const char *message)
{
    item->kind = TOLKA_WALK_PROBLEM;
    item->message = message;
    return true;
}

static bool no_memory(struct tolka_error *err)
{
    tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    return false;
}

static bool make_room(struct tolka_walk *walk)
{
    const size_t capacity = walk->capacity ? walk->capacity * 2 : 16;
    struct folder *larger;

    if (walk->depth < walk->capacity)
        return true;
    larger = realloc(walk->stack, capacity * sizeof *larger);
    if (!larger)
        return false;
    walk->stack = larger;
    walk->capacity = capacity;
    return true;
}

/* Enters the folder at walk->path. */
static bool enter(struct tolka_walk *walk, struct tolka_walk_item *item, struct tolka_error *err)
{
    struct folder folder = {.path_length = walk->path.length};
    DIR *dir = opendir(walk->path.data);
    enum tolka_status status;
    int reason;

    if (!dir)
        return problem(item, strerror(errno));
    status = read_names(dir, &folder);
    reason = errno;
    closedir(dir);
    if (!status && make_room(walk)) {
        walk->stack[walk->depth++] = folder;
        return true;
    }
    release_folder(&folder);
    return status == TOLKA_ERR_IO ? problem(item, strerror(reason)) : no_memory(err);
}

static bool has_known_ending(const char *path)
{
    static const char *const ENDINGS[] = {".pdf", ".tif", ".tiff", ".png", ".jpg", ".jpeg", ".txt"};
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot && i < sizeof ENDINGS / sizeof *ENDINGS; i++) {
        if (strcasecmp(dot, ENDINGS[i]) == 0)
            return true;
    }
    return false;
}

/* By the first bytes, as extract/document.c tells kinds, so that a file without an ending is not missed. */
static bool has_known_magic(const char *path)
{
    char bytes[MAGIC_BYTES];
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    const ssize_t n = fd >= 0 ? read(fd, bytes, sizeof bytes) : -1;

    if (fd >= 0)
        close(fd);
    return n >= 8 && (memmem(bytes, (size_t)n, "%PDF-", 5) || memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0 ||
                      memcmp(bytes, "\xff\xd8\xff", 3) == 0 || memcmp(bytes, "II*\0", 4) == 0 ||
                      memcmp(bytes, "MM\0*", 4) == 0);
}

static bool is_hidden(const char *path)
{
    const char *name = strrchr(path, '/');

    return *(name ? name + 1 : path) == '.';
}

bool tolka_walk_wants(const char *path)
{
    return !is_hidden(path) && (has_known_ending(path) || has_known_magic(path));
}

/* Looks at walk->path, `named` by the user or met in a folder. */
static bool look(struct tolka_walk *walk, bool named, struct tolka_walk_item *item, struct tolka_error *err)
{
    const char *path = walk->path.data;
    int new;

    item->path = path;
    item->message = NULL;
    if (stat(path, &item->info))
        return problem(item, errno == ENOENT ? (named ? "there is no such file" : "is a link to nothing")
                                             : strerror(errno));
    if (!named && is_hidden(path)) {
        item->kind = TOLKA_WALK_OTHER;
        return true;
    }
    if (S_ISDIR(item->info.st_mode)) {
        item->kind = TOLKA_WALK_FOLDER;
        new = enter_once(&walk->entered, &item->info);
        if (new < 0)
            return no_memory(err);
        return new == 0 || enter(walk, item, err);
    }
    if (!S_ISREG(item->info.st_mode))
        item->kind = TOLKA_WALK_OTHER;
    else
        item->kind = named || tolka_walk_wants(path) ? TOLKA_WALK_FILE : TOLKA_WALK_OTHER;
    return item->kind == TOLKA_WALK_FILE || !named || problem(item, "is a device or a pipe, not a file");
}

static void set_path(struct tolka_walk *walk, size_t keep, const char *name)
{
    tolka_strbuf_truncate(&walk->path, keep);
    if (keep && walk->path.data[keep - 1] != '/')
        tolka_strbuf_add_char(&walk->path, '/');
    tolka_strbuf_add_str(&walk->path, name);
}

bool tolka_walk_next(struct tolka_walk *walk, struct tolka_walk_item *item, struct tolka_error *err)
{
    struct root *root;

    *item = (struct tolka_walk_item){0};
    while (walk->depth) {
        struct folder *top = &walk->stack[walk->depth - 1];
        if (top->next < top->count) {
            set_path(walk, top->path_length, top->sorted[top->next++]);
            return walk->path.failed ? no_memory(err) : look(walk, false, item, err);
        }
        release_folder(top);
        walk->depth--;
    }
    root = walk->roots;
    if (!root)
        return false;
    walk->roots = root->next;
    walk->last_root = walk->roots ? walk->last_root : NULL;
    set_path(walk, 0, root->path);
    free(root->path);
    free(root);
    if (walk->path.failed || !walk->path.data)
        return no_memory(err);
    return look(walk, true, item, err);
}

void tolka_walk_free(struct tolka_walk *walk)
{
    if (!walk)
        return;
    while (walk->depth)
        release_folder(&walk->stack[--walk->depth]);
    while (walk->roots) {
        struct root *next = walk->roots->next;
        free(walk->roots->path);
        free(walk->roots);
        walk->roots = next;
    }
    free(walk->stack);
    tolka_strbuf_release(&walk->path);
    tolka_walk_forget(walk);
    free(walk);
}
