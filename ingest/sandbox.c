/*
 * Three layers, so that a hole in one is not a way out:
 *
 *   limits    setrlimit(2): address space, open files, size of written files 0, no core
 *   filter    seccomp(2) by libseccomp: a list of what is allowed, everything else fails with EPERM. Opening
 * is allowed for reading only. Landlock  landlock(7), kernel 5.13 and later: of all files only the
 * recogniser's language data can be opened
 *
 * The filter fails calls instead of killing: libraries probe for things they can do without (a locale, the
 * number of processors), and a page should not be lost to that.
 */
#include "ingest/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 }; /* it reserves terabytes of address space, and its reports must be seen */
#else
enum { SANITIZED = 0 };
#endif

/* A page at the pixel limit needs about 1.5 GB while it is cleaned. */
static const rlim_t MEMORY_LIMIT_BYTES = (rlim_t)4 << 30;

/* The pipes, the file in hand, and what a library opens for a moment. */
static const rlim_t OPEN_FILES_LIMIT = 32;

/* What computing, allocating and talking to the master takes. openat and the calls below it are added with
 * conditions. */
static const int ALLOWED[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(readv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(statx),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(recvmsg),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(times),
    SCMP_SYS(getrusage),
    SCMP_SYS(nanosleep),
    SCMP_SYS(pause),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getppid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getcwd),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

/* Where Debian and others keep Tesseract's language data; TESSDATA_PREFIX comes first. */
static const char *const DATA_FOLDERS[] = {"/usr/share/tesseract-ocr", "/usr/share/tessdata",
                                           "/usr/local/share/tessdata", "/usr/local/share/tesseract-ocr"};

bool tolka_sandbox_is_on(void)
{
    const char *wish = getenv("TOLKA_SANDBOX");

    return !SANITIZED && !(wish && strcmp(wish, "off") == 0);
}

long long tolka_sandbox_memory_bytes(void)
{
    return (long long)MEMORY_LIMIT_BYTES;
}

static void set_limits(bool all)
{
    const struct rlimit none = {0, 0}, memory = {MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES},
                        files = {OPEN_FILES_LIMIT, OPEN_FILES_LIMIT};

    setrlimit(RLIMIT_CORE, &none);
    if (!all)
        return;
    setrlimit(RLIMIT_AS, &memory);
    setrlimit(RLIMIT_NOFILE, &files);
    setrlimit(RLIMIT_FSIZE, &none);
}

/* Lets files beneath `folder` be read. A folder that is not there needs no rule. */
static void allow_reading(int ruleset, const char *folder)
{
    struct landlock_path_beneath_attr rule = {.allowed_access =
                                                  LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR};
    const int fd = folder && *folder ? open(folder, O_PATH | O_CLOEXEC) : -1;

    if (fd < 0)
        return;
    rule.parent_fd = fd;
    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(fd);
}

/* Closes the file system but for language data. An older kernel does without: the filter still keeps it
 * read-only. */
static void close_files(void)
{
    /* All rights of its first version: reading, writing, executing, making and removing. */
    struct landlock_ruleset_attr attr = {.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};
    const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);

    if (ruleset < 0)
        return;
    allow_reading(ruleset, getenv("TESSDATA_PREFIX"));
    for (size_t i = 0; i < sizeof DATA_FOLDERS / sizeof *DATA_FOLDERS; i++)
        allow_reading(ruleset, DATA_FOLDERS[i]);
    syscall(SYS_landlock_restrict_self, ruleset, 0);
    close(ruleset);
}

/* Calls that are allowed with some arguments only. */
static int add_conditions(scmp_filter_ctx filter)
{
    const unsigned long writing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
    int failed = 0;

    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
                               SCMP_A1(SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
    /* Memory, but none that can be run: patterns are compiled before (PCRE2's JIT), and nothing else makes
     * code. */
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, 4 /* PROT_EXEC */, 0));
    failed |=
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, 4, 0));
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, SCMP_A1(SCMP_CMP_EQ, F_GETFL));
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, SCMP_A1(SCMP_CMP_EQ, F_GETFD));
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, SCMP_A1(SCMP_CMP_EQ, F_SETFD));
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
                               SCMP_A1(SCMP_CMP_EQ, 0x5401 /* TCGETS: isatty */));
    /* abort() and raise() signal the process itself. */
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                               SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
    return failed;
}

static enum tolka_status load_filter(struct tolka_error *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int failed = 0, reason = 0;

    if (!filter)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < sizeof ALLOWED / sizeof *ALLOWED; i++)
        failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, ALLOWED[i], 0);
    failed |= add_conditions(filter);
    seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE,
                     2); /* a binary tree instead of a chain of comparisons */
    if (!failed)
        reason = seccomp_load(filter);
    seccomp_release(filter);
    if (failed || reason)
        return tolka_error_set(err, TOLKA_ERR_LIBRARY,
                               "a worker cannot be shut in (%s): this kernel has no system call filter",
                               reason ? strerror(-reason) : "seccomp");
    return TOLKA_OK;
}

enum tolka_status tolka_sandbox_enter(struct tolka_error *err)
{
    const bool on = tolka_sandbox_is_on();

    set_limits(on);
    if (!on)
        return TOLKA_OK;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
        return tolka_error_set(err, TOLKA_ERR_LIBRARY, "a worker cannot be shut in: %s", strerror(errno));
    close_files();
    return load_filter(err);
}
