#include "ingest/worker.h"

#include "extract/pagepack.h"
#include "extract/recognize.h"
#include "ingest/sandbox.h"
#include "ingest/system.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* What a worker holds between orders. */
struct desk {
    const struct tolka_worker_task *task;
    struct tolka_document *doc;
    struct tolka_error doc_error; /* why there is no document */
    struct tolka_recognizer *recognizer;
};

static bool reply(int fd, enum tolka_reply_kind kind, int number, int detail, const void *bytes,
                  size_t length)
{
    struct tolka_reply head = {(uint32_t)kind, number, detail, (uint32_t)length};

    return tolka_write_all(fd, &head, sizeof head) && tolka_write_all(fd, bytes, length);
}

static bool reply_failure(int fd, int number, const struct tolka_error *err)
{
    return reply(fd, TOLKA_REPLY_FAILED, number, err->status, err->message, strlen(err->message));
}

/* Sends `bytes` if all went well, else why it did not. */
static bool reply_bytes(int fd, enum tolka_reply_kind kind, int number, const struct tolka_strbuf *bytes,
                        struct tolka_error *err)
{
    if (!err->status && (bytes->failed || bytes->length > UINT32_MAX))
        tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    return err->status ? reply_failure(fd, number, err)
                       : reply(fd, kind, number, 0, bytes->data, bytes->length);
}

/* Takes the next order; `name` has room for TOLKA_ORDER_NAME_MAX + 1 bytes, `*fd` is -1 where none came.
 * False at the end. */
static bool receive(int socket_fd, struct tolka_order *order, char *name, int *fd)
{
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec parts[] = {{order, sizeof *order}, {name, TOLKA_ORDER_NAME_MAX}};
    struct msghdr message = {
        .msg_iov = parts, .msg_iovlen = 2, .msg_control = &control, .msg_controllen = sizeof control};
    const struct cmsghdr *head;
    ssize_t n;

    do
        n = recvmsg(socket_fd, &message, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n < (ssize_t)sizeof *order)
        return false;
    name[(size_t)n - sizeof *order] = '\0';
    head = CMSG_FIRSTHDR(&message);
    *fd = -1;
    if (head && head->cmsg_type == SCM_RIGHTS)
        memcpy(fd, CMSG_DATA(head), sizeof *fd);
    return true;
}

static bool open_file(struct desk *desk, int fd, const char *name)
{
    const int out = desk->task->replies_fd;

    tolka_document_free(desk->doc);
    desk->doc = NULL;
    tolka_error_clear(&desk->doc_error);
    if (tolka_document_open_fd(fd, name, &desk->doc, &desk->doc_error))
        return reply_failure(out, 0, &desk->doc_error);
    return reply(out, TOLKA_REPLY_OPENED, tolka_document_page_count(desk->doc),
                 tolka_document_was_damaged(desk->doc), NULL, 0);
}

static bool read_page(struct desk *desk, int number)
{
    struct tolka_page page = {0};
    struct tolka_error err = {0};
    struct tolka_strbuf packed = {0};
    bool sent;

    if (!desk->doc)
        return reply_failure(desk->task->replies_fd, number, &desk->doc_error);
    if (tolka_pipeline_page(&desk->task->pipeline, desk->doc, number, &desk->recognizer, &page, &err) ==
        TOLKA_OK)
        tolka_page_pack(&page, &packed);
    sent = reply_bytes(desk->task->replies_fd, TOLKA_REPLY_PAGE, number, &packed, &err);
    tolka_strbuf_release(&packed);
    tolka_page_release(&page);
    return sent;
}

static bool make_report(const struct desk *desk, int fd)
{
    struct tolka_strbuf out = {0};
    struct tolka_error err = {0};
    bool sent;

    tolka_report_make(&desk->task->pipeline, fd, &out, &err);
    sent = reply_bytes(desk->task->replies_fd, TOLKA_REPLY_REPORT, 0, &out, &err);
    tolka_strbuf_release(&out);
    return sent;
}

/* Carries an order out; false when the master is gone. */
static bool obey(struct desk *desk, const struct tolka_order *order, int fd, const char *name)
{
    *desk->task->pipeline.stage = TOLKA_STAGE_OPEN;
    switch ((enum tolka_order_kind)order->kind) {
    case TOLKA_ORDER_OPEN:
        return open_file(desk, fd, name);
    case TOLKA_ORDER_PAGE:
        return read_page(desk, order->number);
    case TOLKA_ORDER_REPORT:
        return make_report(desk, fd);
    }
    return false;
}

/* Nothing of the master but the two ends of the conversation. */
static void let_go(struct tolka_worker_task *task)
{
    const int low = task->orders_fd < task->replies_fd ? task->orders_fd : task->replies_fd;
    const int high = task->orders_fd < task->replies_fd ? task->replies_fd : task->orders_fd;

    tolka_fall_silent();
    if (!tolka_sandbox_is_on())
        return;
    if (low > 3)
        close_range(3, (unsigned)low - 1, 0);
    if (high - low > 1)
        close_range((unsigned)low + 1, (unsigned)high - 1, 0);
    close_range((unsigned)high + 1, ~0U, 0);
}

/* The master decides what a signal means; one that was killed leaves no orphans. */
static void set_signals(pid_t master)
{
    static const int IGNORED[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    sigset_t none;

    for (size_t i = 0; i < sizeof IGNORED / sizeof *IGNORED; i++)
        signal(IGNORED[i], SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != master)
        _exit(0);
}

_Noreturn void tolka_worker_run(const struct tolka_worker_task *given, pid_t master)
{
    struct tolka_worker_task task = *given;
    struct desk desk = {.task = &task};
    struct tolka_order order;
    struct tolka_error err = {0};
    char name[TOLKA_ORDER_NAME_MAX + 1];
    bool going = true;
    int fd;

    set_signals(master);
    let_go(&task);
    tolka_error_set(&desk.doc_error, TOLKA_ERR_ARGUMENT, "no file was opened");
    if (tolka_sandbox_enter(&err)) {
        reply_failure(task.replies_fd, -1, &err);
        _exit(1);
    }
    while (going && receive(task.orders_fd, &order, name, &fd)) {
        going = obey(&desk, &order, fd, name);
        if (fd >= 0)
            close(fd);
    }
    tolka_recognizer_free(desk.recognizer);
    tolka_document_free(desk.doc);
    _exit(0);
}
