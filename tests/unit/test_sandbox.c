/* Workers made to run hostile code: the page half is replaced at link time (-Wl,--wrap) by attempts to get
 * out. Page n makes attempt n. */
#include "ingest/pool.h"
#include "ingest/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static char input[] = "/tmp/tolka-sandbox-input-XXXXXX";
static int open_before = -1; /* a file that the master has open for writing, not close-on-exec */

/* Each returns true when it got what it wanted. */

static bool opens(const char *path, int flags)
{
    const int fd = open(path, flags, 0600);

    return fd >= 0;
}

static bool opens_for_writing(void)
{
    return opens(input, O_WRONLY);
}

static bool opens_for_reading_and_writing(void)
{
    return opens("/dev/null", O_RDWR);
}

static bool creates_a_file(void)
{
    return opens("/tmp/tolka-sandbox-escaped", O_WRONLY | O_CREAT);
}

static bool creates_a_nameless_file(void)
{
    return opens("/tmp", O_WRONLY | O_TMPFILE);
}

static bool truncates(void)
{
    return opens(input, O_RDONLY | O_TRUNC) || truncate(input, 0) == 0;
}

static bool reads_the_passwords(void)
{
    return opens("/etc/passwd", O_RDONLY) || syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", "", 0) >= 0;
}

static bool writes_to_the_master(void)
{
    return write(open_before, "x", 1) == 1;
}

static bool unlinks(void)
{
    return unlink(input) == 0 || rename(input, "/tmp/tolka-sandbox-renamed") == 0;
}

static bool makes_a_folder(void)
{
    return mkdir("/tmp/tolka-sandbox-folder", 0700) == 0 || symlink(input, "/tmp/tolka-sandbox-link") == 0;
}

static bool changes_rights(void)
{
    return chmod(input, 0777) == 0;
}

static bool connects(void)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    return fd >= 0 || connect(fd, (struct sockaddr *)&to, sizeof to) == 0;
}

static bool makes_a_local_socket(void)
{
    int pair[2];

    return socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0;
}

static bool executes(void)
{
    char *const arguments[] = {"/bin/true", NULL};

    execv("/bin/true", arguments);
    return false; /* it came back: refused */
}

static bool forks(void)
{
    const pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return pid > 0;
}

static void *idle(void *data)
{
    return data;
}

static bool starts_a_thread(void)
{
    pthread_t thread;

    return pthread_create(&thread, NULL, idle, NULL) == 0;
}

static bool signals_its_master(void)
{
    return kill(getppid(), 0) == 0 || syscall(SYS_tgkill, getppid(), getppid(), 0) == 0;
}

static bool traces(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0 ||
           syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0) == 0;
}

static bool makes_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
           MAP_FAILED;
}

static bool raises_its_limits(void)
{
    const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};

    return setrlimit(RLIMIT_AS, &none) == 0 || setrlimit(RLIMIT_CPU, &none) == 0;
}

static bool eats_memory(void)
{
    return mmap(NULL, (size_t)tolka_sandbox_memory_bytes(), PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool opens_a_ring(void)
{
    return syscall(SYS_io_uring_setup, 1, NULL) >= 0 || errno != EPERM;
}

static bool makes_memory_files(void)
{
    return memfd_create("x", 0) >= 0;
}

static bool mounts(void)
{
    return syscall(SYS_unshare, 0x20000) == 0 || syscall(SYS_mount, "x", "/tmp", "tmpfs", 0, NULL) == 0;
}

static const struct attempt {
    const char *name;
    bool (*succeeds)(void);
} ATTEMPTS[] = {
    {"open for writing", opens_for_writing},
    {"open for reading and writing", opens_for_reading_and_writing},
    {"create a file", creates_a_file},
    {"create a nameless file", creates_a_nameless_file},
    {"truncate", truncates},
    {"read what is none of its business", reads_the_passwords},
    {"write to a file of the master", writes_to_the_master},
    {"unlink or rename", unlinks},
    {"make a folder or link", makes_a_folder},
    {"change rights", changes_rights},
    {"connect", connects},
    {"local socket", makes_a_local_socket},
    {"exec", executes},
    {"fork", forks},
    {"thread", starts_a_thread},
    {"signal the master", signals_its_master},
    {"trace", traces},
    {"make code", makes_code},
    {"raise its limits", raises_its_limits},
    {"eat memory", eats_memory},
    {"io_uring", opens_a_ring},
    {"memory file", makes_memory_files},
    {"mount", mounts},
};
enum { ATTEMPT_COUNT = sizeof ATTEMPTS / sizeof *ATTEMPTS, GOT_OUT = 2, WAS_REFUSED = 1 };

enum tolka_status __wrap_tolka_pipeline_page(const struct tolka_pipeline *pipeline,
                                             struct tolka_document *doc, int number,
                                             struct tolka_recognizer **recognizer, struct tolka_page *page,
                                             struct tolka_error *err);

enum tolka_status __wrap_tolka_pipeline_page(const struct tolka_pipeline *pipeline,
                                             struct tolka_document *doc, int number,
                                             struct tolka_recognizer **recognizer, struct tolka_page *page,
                                             struct tolka_error *err)
{
    (void)pipeline, (void)doc, (void)recognizer, (void)err;
    page->number = number;
    page->height = page->dpi = 100;
    page->width = ATTEMPTS[number - 1].succeeds() ? GOT_OUT : WAS_REFUSED;
    return TOLKA_OK;
}

static int set_up(void **state)
{
    FILE *file;

    (void)state;
    open_before = mkstemp(input);
    file = fdopen(dup(open_before), "w");
    for (int i = 1; i <= ATTEMPT_COUNT; i++)
        fprintf(file, "Sida %d%s", i, i < ATTEMPT_COUNT ? "\f" : "\n");
    return fclose(file);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(input);
}

static void test_worker_cannot_get_out(void **state)
{
    const struct tolka_pipeline pipeline = {0};
    const struct tolka_pool_options options = {
        .pipeline = &pipeline, .jobs = 1, .page_timeout_s = 10, .input_fd = -1};
    struct tolka_page *pages = NULL;
    size_t page_count = 0;
    struct tolka_record record = {0};
    struct tolka_error err = {0};

    (void)state;
    if (!tolka_sandbox_is_on())
        skip();
    assert_int_equal(tolka_pool_read(&options, input, &pages, &page_count, &record, &err), TOLKA_OK);
    assert_int_equal(page_count, ATTEMPT_COUNT);
    for (int i = 0; i < ATTEMPT_COUNT; i++) {
        if (pages[i].width != WAS_REFUSED)
            fail_msg("a worker could: %s", ATTEMPTS[i].name);
        tolka_page_release(&pages[i]);
    }
    free(pages);
    tolka_arena_release(&record.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_worker_cannot_get_out)};

    return cmocka_run_group_tests_name("sandbox", tests, set_up, tear_down);
}
