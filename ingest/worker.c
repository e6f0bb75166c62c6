#include "ingest/worker.h"

#include "extract/pagepack.h"
#include "extract/recognize.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 }; /* it reserves terabytes of address space, and its reports must be seen */
#else
enum { SANITIZED = 0 };
#endif

/* A page at the pixel limit needs about 1.5 GB while it is cleaned. */
static const rlim_t MEMORY_LIMIT_BYTES = (rlim_t)4 << 30;

static bool write_all(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length) {
        ssize_t n = write(fd, at, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        length -= (size_t)n;
    }
    return true;
}

static bool reply(int fd, enum tolka_reply_kind kind, int number, int detail, const void *bytes, size_t length)
{
    struct tolka_reply head = {(uint32_t)kind, number, detail, (uint32_t)length};

    return write_all(fd, &head, sizeof head) && write_all(fd, bytes, length);
}

static bool reply_failure(int fd, int number, const struct tolka_error *err)
{
    return reply(fd, TOLKA_REPLY_FAILED, number, err->status, err->message, strlen(err->message));
}

static bool read_order(int fd, int32_t *number)
{
    ssize_t n;

    do
        n = read(fd, number, sizeof *number);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof *number;
}

/* Libraries talk of damaged pictures on standard error; what matters of it comes back as a reply. */
static void silence(void)
{
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

    if (!SANITIZED && fd >= 0)
        dup2(fd, STDERR_FILENO);
}

/* Standard input belongs to the master; what a document called "-" reads is a copy, opened anew for an offset of its own. */
static void take_input(int input_fd)
{
    char path[64];
    int fd;

    if (input_fd >= 0)
        snprintf(path, sizeof path, "/proc/self/fd/%d", input_fd);
    else
        snprintf(path, sizeof path, "/dev/null");
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0)
        dup2(fd, STDIN_FILENO);
}

static void set_limits(void)
{
    const struct rlimit no_core = {0, 0}, memory = {MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES};

    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a master that was killed leaves no orphans */
    signal(SIGINT, SIG_IGN);          /* the master decides what an interrupt means */
    setrlimit(RLIMIT_CORE, &no_core);
    if (!SANITIZED)
        setrlimit(RLIMIT_AS, &memory);
}

static bool read_page(const struct tolka_worker_task *task, struct tolka_document *doc, int number,
                      struct tolka_recognizer **recognizer)
{
    struct tolka_page page = {0};
    struct tolka_error err = {0};
    struct tolka_strbuf packed = {0};
    bool sent;

    if (tolka_pipeline_page(task->pipeline, doc, number, recognizer, &page, &err) == TOLKA_OK) {
        tolka_page_pack(&page, &packed);
        if (packed.failed || packed.length > UINT32_MAX)
            tolka_error_set(&err, TOLKA_ERR_MEMORY, "out of memory");
    }
    if (err.status)
        sent = reply_failure(task->replies_fd, number, &err);
    else
        sent = reply(task->replies_fd, TOLKA_REPLY_PAGE, number, 0, packed.data, packed.length);
    tolka_strbuf_release(&packed);
    tolka_page_release(&page);
    return sent;
}

_Noreturn void tolka_worker_run(const struct tolka_worker_task *task)
{
    struct tolka_document *doc = NULL;
    struct tolka_recognizer *recognizer = NULL;
    struct tolka_error err = {0};
    int32_t number;

    set_limits();
    silence();
    take_input(task->input_fd);
    if (tolka_document_open(task->path, &doc, &err))
        reply_failure(task->replies_fd, 0, &err);
    else if (reply(task->replies_fd, TOLKA_REPLY_OPENED, tolka_document_page_count(doc), tolka_document_was_damaged(doc), NULL, 0))
        while (read_order(task->orders_fd, &number) && number > 0 && read_page(task, doc, number, &recognizer))
            continue;
    tolka_recognizer_free(recognizer);
    tolka_document_free(doc);
    _exit(0);
}
