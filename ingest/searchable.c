/*
 * The child inherits the pages, opens the file and sends back a status and the bytes, or the message of what
 * went wrong.
 */
#include "ingest/searchable.h"

#include "extract/document.h"
#include "ingest/sandbox.h"
#include "ingest/system.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What is to be made. */
enum product {
    PRODUCT_PDF,
    PRODUCT_DRAWING,  /* of the first page */
    PRODUCT_PICTURES, /* of each page: the length and the bytes */
};

struct job {
    const char *path;
    int file_fd;
    enum product product;
    size_t picture_bytes; /* each at most */
    const struct tolka_page *pages;
    size_t page_count;
};

/* A page that has no picture, or whose picture is damaged, has length 0: the others are still of use. */
static enum tolka_status add_pictures(const struct job *job, struct tolka_document *doc,
                                      struct tolka_strbuf *out)
{
    for (size_t i = 0; i < job->page_count && !out->failed; i++) {
        struct tolka_strbuf picture = {0};
        const struct tolka_page *page = &job->pages[i];
        uint32_t length;

        if (tolka_document_shrink_page(doc, page->number, page->rotation_deg, job->picture_bytes, &picture,
                                       NULL))
            tolka_strbuf_truncate(&picture, 0);
        length = (uint32_t)picture.length;
        tolka_strbuf_add(out, &length, sizeof length);
        tolka_strbuf_add(out, picture.data, picture.length);
        tolka_strbuf_release(&picture);
    }
    return out->failed ? TOLKA_ERR_MEMORY : TOLKA_OK;
}

static enum tolka_status make(const struct job *job, struct tolka_document *doc, struct tolka_strbuf *out,
                              struct tolka_error *err)
{
    switch (job->product) {
    case PRODUCT_DRAWING:
        return tolka_document_draw_page(doc, job->pages, out, err);
    case PRODUCT_PICTURES:
        return add_pictures(job, doc, out);
    case PRODUCT_PDF:
        break;
    }
    return tolka_document_write_pdf(doc, job->pages, job->page_count, out, err);
}

_Noreturn static void run_child(const struct job *job, pid_t master, int fd)
{
    struct tolka_document *doc = NULL;
    struct tolka_strbuf bytes = {0};
    struct tolka_error err = {0};
    int32_t status;

    signal(SIGINT, SIG_IGN); /* the master decides what an interrupt means */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != master)
        _exit(0);
    tolka_fall_silent();
    status = tolka_sandbox_enter(&err);
    if (!status)
        status = tolka_document_open_fd(job->file_fd, job->path, &doc, &err);
    if (!status)
        status = make(job, doc, &bytes, &err);
    if (tolka_write_all(fd, &status, sizeof status)) {
        if (status)
            tolka_write_all(fd, err.message, strlen(err.message));
        else
            tolka_write_all(fd, bytes.data, bytes.length);
    }
    tolka_strbuf_release(&bytes);
    tolka_document_free(doc);
    _exit(0);
}

/* Reads until the child is done; false when that takes too long. */
static bool read_until(int fd, int64_t deadline_ms, struct tolka_strbuf *out)
{
    char chunk[1 << 16];

    for (;;) {
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        const int64_t left = deadline_ms - tolka_now_ms();
        ssize_t n;
        if (left <= 0)
            return false;
        if (poll(&poll_fd, 1, left > 1000 ? 1000 : (int)left) <= 0)
            continue;
        n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return true;
        tolka_strbuf_add(out, chunk, (size_t)n);
    }
}

/* What the child sent, or how it ended. */
static enum tolka_status take_reply(const char *path, const struct tolka_strbuf *reply, int exit_status,
                                    struct tolka_strbuf *out, struct tolka_error *err)
{
    int32_t status;

    if (reply->failed)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "%s: out of memory", path);
    if (!WIFEXITED(exit_status) || reply->length < sizeof status)
        return tolka_error_set(err, TOLKA_ERR_CRASH,
                               "%s: the process that made the PDF or picture broke down", path);
    memcpy(&status, reply->data, sizeof status);
    if (status)
        return tolka_error_set(err, (enum tolka_status)status, "%s: %s", path, reply->data + sizeof status);
    tolka_strbuf_add(out, reply->data + sizeof status, reply->length - sizeof status);
    return out->failed ? tolka_error_set(err, TOLKA_ERR_MEMORY, "%s: out of memory", path) : TOLKA_OK;
}

/* Starts the child; its id, `*fd` is what it writes to. -1 with an error. */
static pid_t start(const struct job *job, int *fd, struct tolka_error *err)
{
    const pid_t master = getpid();
    int fds[2];
    pid_t pid;

    if (pipe2(fds, O_CLOEXEC)) {
        tolka_error_set(err, TOLKA_ERR_IO, "no pipe to a worker: %s", strerror(errno));
        return -1;
    }
    pid = fork();
    if (pid == 0) {
        close(fds[0]);
        run_child(job, master, fds[1]);
    }
    close(fds[1]);
    *fd = fds[0];
    if (pid < 0) {
        tolka_error_set(err, TOLKA_ERR_IO, "no worker could be started: %s", strerror(errno));
        close(fds[0]);
    }
    return pid;
}

static enum tolka_status run(struct job job, int input_fd, int timeout_s, struct tolka_strbuf *out,
                             struct tolka_error *err)
{
    const char *path = job.path;
    const int file_fd = input_fd >= 0 ? input_fd : open(path, O_RDONLY | O_CLOEXEC);
    struct tolka_strbuf reply = {0};
    enum tolka_status status;
    int fd, exit_status = 0;
    bool in_time;
    pid_t pid;

    if (file_fd < 0)
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot be opened: %s", path, strerror(errno));
    job.file_fd = file_fd;
    pid = start(&job, &fd, err);
    if (file_fd != input_fd)
        close(file_fd);
    if (pid < 0)
        return TOLKA_ERR_IO;
    in_time = read_until(fd, tolka_now_ms() + timeout_s * INT64_C(1000), &reply);
    if (!in_time)
        kill(pid, SIGKILL);
    close(fd);
    while (waitpid(pid, &exit_status, 0) < 0 && errno == EINTR)
        continue;
    status = in_time ? take_reply(path, &reply, exit_status, out, err)
                     : tolka_error_set(err, TOLKA_ERR_TIMEOUT, "%s: the PDF or picture took longer than %d s",
                                       path, timeout_s);
    tolka_strbuf_release(&reply);
    return status;
}

enum tolka_status tolka_searchable_write(const char *path, int input_fd, const struct tolka_page *pages,
                                         size_t page_count, int timeout_s, struct tolka_strbuf *out,
                                         struct tolka_error *err)
{
    return run((struct job){.path = path, .product = PRODUCT_PDF, .pages = pages, .page_count = page_count},
               input_fd, timeout_s, out, err);
}

enum tolka_status tolka_drawing_write(const char *path, int input_fd, const struct tolka_page *page,
                                      int timeout_s, struct tolka_strbuf *out, struct tolka_error *err)
{
    return run((struct job){.path = path, .product = PRODUCT_DRAWING, .pages = page, .page_count = 1},
               input_fd, timeout_s, out, err);
}

enum tolka_status tolka_pictures_make(const char *path, int input_fd, const struct tolka_page_summary *pages,
                                      size_t page_count, size_t picture_bytes, int timeout_s,
                                      struct tolka_strbuf *pictures, struct tolka_error *err)
{
    struct tolka_strbuf bytes = {0};
    struct tolka_page *stubs = calloc(page_count + 1, sizeof *stubs);
    enum tolka_status status = TOLKA_OK;
    size_t at = 0;

    if (!stubs)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "%s: out of memory", path);
    for (size_t i = 0; i < page_count; i++) {
        stubs[i].number = pages[i].page;
        stubs[i].rotation_deg = pages[i].rotation_deg;
    }
    status = run((struct job){.path = path,
                              .product = PRODUCT_PICTURES,
                              .picture_bytes = picture_bytes,
                              .pages = stubs,
                              .page_count = page_count},
                 input_fd, timeout_s, &bytes, err);
    for (size_t i = 0; !status && i < page_count; i++) {
        uint32_t length;
        if (bytes.length - at < sizeof length) {
            status = tolka_error_set(err, TOLKA_ERR_CRASH, "%s: pictures are missing", path);
            break;
        }
        memcpy(&length, bytes.data + at, sizeof length);
        at += sizeof length;
        if (length > bytes.length - at) {
            status = tolka_error_set(err, TOLKA_ERR_CRASH, "%s: a picture is cut off", path);
            break;
        }
        tolka_strbuf_add(&pictures[i], bytes.data + at, length);
        at += length;
    }
    tolka_strbuf_release(&bytes);
    free(stubs);
    return status;
}
