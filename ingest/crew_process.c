#include "ingest/crew_process.h"

#include "ingest/system.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STAGE_BYTES = 1, SPARE_CPU_S = 5, GOODBYE_MS = 2000 };

static void close_pair(const int fds[2])
{
    for (int i = 0; i < 2; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
    }
}

static enum tolka_status fail_start(const int orders[2], const int replies[2], struct tolka_error *err)
{
    tolka_error_set(err, TOLKA_ERR_IO, "no worker could be started: %s", strerror(errno));
    close_pair(orders);
    close_pair(replies);
    return TOLKA_ERR_IO;
}

enum tolka_status tolka_process_start(struct tolka_process *process, const struct tolka_pipeline *pipeline,
                                      struct tolka_error *err)
{
    int orders[2] = {-1, -1}, replies[2] = {-1, -1};
    const pid_t master = getpid();
    void *stage;
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, orders) || pipe2(replies, O_CLOEXEC))
        return fail_start(orders, replies, err);
    stage = mmap(NULL, STAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (stage == MAP_FAILED)
        return fail_start(orders, replies, err);
    shutdown(orders[0], SHUT_RD); /* orders go one way */
    pid = fork();
    if (pid == 0) {
        struct tolka_worker_task task = {*pipeline, orders[1], replies[1]};
        task.pipeline.stage = stage;
        close(orders[0]);
        close(replies[0]);
        tolka_worker_run(&task, master);
    }
    if (pid < 0) {
        munmap(stage, STAGE_BYTES);
        return fail_start(orders, replies, err);
    }
    close(orders[1]);
    close(replies[1]);
    fcntl(replies[0], F_SETFL, O_NONBLOCK);
    *process = (struct tolka_process){pid, orders[0], replies[0], stage};
    return TOLKA_OK;
}

bool tolka_process_order(const struct tolka_process *process, enum tolka_order_kind kind, int number,
                         const char *name, int fd)
{
    struct tolka_order order = {(uint32_t)kind, number};
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec parts[] = {{&order, sizeof order},
                            {(void *)name, name ? strnlen(name, TOLKA_ORDER_NAME_MAX) : 0}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};

    if (fd >= 0) {
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
        control.head = (struct cmsghdr){
            .cmsg_len = CMSG_LEN(sizeof fd), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
    }
    return sendmsg(process->orders_fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) > 0;
}

void tolka_process_allow_cpu(const struct tolka_process *process, int seconds)
{
    struct rlimit limit;

    if (prlimit(process->pid, RLIMIT_CPU, NULL, &limit))
        return;
    limit.rlim_cur = (rlim_t)(tolka_process_cpu_ms(process) / 1000) + (rlim_t)seconds + SPARE_CPU_S;
    if (limit.rlim_cur < limit.rlim_max)
        prlimit(process->pid, RLIMIT_CPU, &limit, NULL);
}

int64_t tolka_process_cpu_ms(const struct tolka_process *process)
{
    struct timespec used;
    clockid_t clock;

    if (clock_getcpuclockid(process->pid, &clock) || clock_gettime(clock, &used))
        return 0;
    return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

bool tolka_process_is_held_up(const struct tolka_process *process)
{
    struct tolka_process_state state;

    return tolka_process_look(process->pid, &state) && strchr("RTt", state.state);
}

int tolka_process_memory_mb(const struct tolka_process *process)
{
    char path[64];
    long pages = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%ld/statm", (long)process->pid);
    file = fopen(path, "re");
    if (!file)
        return 0;
    if (fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    fclose(file);
    return (int)(pages * sysconf(_SC_PAGESIZE) >> 20);
}

/* Waits a while until the process has ended of itself and takes its status; false when it does not end. */
static bool leaves(pid_t pid, int *status)
{
    for (int waited_ms = 0; waited_ms < GOODBYE_MS; waited_ms++) {
        if (waitpid(pid, status, WNOHANG) == pid)
            return true;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    return false;
}

struct tolka_ending tolka_process_stop(struct tolka_process *process, bool kill_it)
{
    struct tolka_ending ending = {0};
    int status = 0;

    if (!process->pid)
        return ending;
    close(process->orders_fd); /* it reads its orders to the end, and goes */
    ending.forced = kill_it || !leaves(process->pid, &status);
    if (ending.forced) {
        kill(process->pid, SIGKILL);
        while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
            continue;
    }
    close(process->replies_fd);
    ending.stage = *process->stage;
    ending.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    ending.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    munmap((void *)process->stage, STAGE_BYTES);
    *process = (struct tolka_process){0};
    return ending;
}
