/* Behind the lock: each test asks a fresh child to try something there, and sees what comes of
 * it. Where the kernel has no filter (or the processor is not in its table), those tests are
 * skipped. */
#include "core/mail/confine.h"

#include "core/mail/charset.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const ConfineLimits limits = {
    .memory_bytes = 256 << 20, .cpu_seconds = 5, .cpu_seconds_ever = 5};

/* What a child tries; 0 when it got what it wanted, else an errno. */
typedef int (*Attempt)(void);

static void (*prepare)(void); /* between limits and lock */

/* *ret_signal: 0, or what ended it. Returns what the attempt did; -1 if it was not to be. */
static int try_locked(Attempt attempt, int *ret_signal)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        if (!confine_limits(&limits))
            _exit(200);
        if (prepare)
            prepare();
        if (!confine_lock())
            _exit(201);
        _exit(attempt());
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    *ret_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (WIFEXITED(status))
        g_assert_cmpint(WEXITSTATUS(status), <, 200);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int nothing(void)
{
    return 0;
}

static int open_password_file(void)
{
    return open("/etc/passwd", O_RDONLY) >= 0 ? 0 : errno;
}

static int open_by_other_call(void)
{
    return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", (guint64[3]){O_RDONLY}, 24) >= 0
               ? 0
               : errno;
}

static int create_file(void)
{
    return open("confine-made-this", O_RDWR | O_CREAT, 0600) >= 0 ? 0 : errno;
}

static int make_memory_file(void)
{
    return memfd_create("x", 0) >= 0 ? 0 : errno;
}

static int rename_file(void)
{
    return rename("/tmp/a", "/tmp/b") == 0 ? 0 : errno;
}

static int look_at_file(void)
{
    struct stat status;
    return stat("/etc/passwd", &status) == 0 ? 0 : errno;
}

static int raise_limit(void)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    return setrlimit(RLIMIT_CPU, &limit) == 0 ? 0 : errno;
}

static int make_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : errno;
}

static int make_unix_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? 0 : errno;
}

static int execute(void)
{
    execl("/bin/true", "true", NULL);
    return errno;
}

static int make_process(void)
{
    return fork() >= 0 ? 0 : errno;
}

static int signal_parent(void)
{
    return kill(getppid(), SIGTERM) == 0 ? 0 : errno;
}

static int signal_thread_of_parent(void)
{
    return syscall(SYS_tgkill, 1, 1, SIGTERM) == 0 ? 0 : errno;
}

static int trace_itself(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 0 : errno;
}

static int map_code(void)
{
    void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return code != MAP_FAILED ? 0 : errno;
}

static int make_code(void)
{
    void *data = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return data != MAP_FAILED && mprotect(data, 4096, PROT_READ | PROT_EXEC) == 0 ? 0 : errno;
}

static int give_up(void)
{
    abort();
}

static int allocate(void)
{
    for (int i = 0; i < 1000; i++) {
        char *block = g_try_malloc(100 * 1000);
        if (!block)
            return ENOMEM;
        memset(block, 'x', 100 * 1000);
        g_free(block);
    }
    return 0;
}

/* With a filter, what is not allowed is ENOSYS, or ends the process. */
static bool has_filter(void)
{
#if defined(__x86_64__) || defined(__aarch64__)
    return prctl(PR_GET_SECCOMP) >= 0;
#else
    return false;
#endif
}

static void test_allowed(void)
{
    int ended;
    g_assert_cmpint(try_locked(nothing, &ended), ==, 0);
    g_assert_cmpint(try_locked(allocate, &ended), ==, 0);
    g_assert_cmpint(try_locked(give_up, &ended), ==, -1);
    g_assert_cmpint(ended, ==, SIGABRT);
}

static void test_refused(void)
{
    static const Attempt attempts[] = {open_password_file, open_by_other_call, create_file,
                                       make_memory_file,   rename_file,        look_at_file,
                                       raise_limit};
    if (!has_filter()) {
        g_test_skip("no filter of system calls here");
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(attempts); i++) {
        int ended;
        g_test_message("attempt %zu", i);
        g_assert_cmpint(try_locked(attempts[i], &ended), ==, ENOSYS);
    }
}

static void test_fatal(void)
{
    static const Attempt attempts[] = {make_socket,  make_unix_socket, execute,
                                       make_process, signal_parent,    signal_thread_of_parent,
                                       trace_itself, map_code,         make_code};
    if (!has_filter()) {
        g_test_skip("no filter of system calls here");
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(attempts); i++) {
        int ended;
        g_test_message("attempt %zu", i);
        g_assert_cmpint(try_locked(attempts[i], &ended), ==, -1);
        g_assert_cmpint(ended, ==, SIGSYS);
    }
}

/* The other wall, alone. */
static void test_paths(void)
{
    int status;
    if (syscall(444, NULL, (size_t)0, 1) < 1) {
        g_test_skip("this kernel has no Landlock");
        return;
    }
    pid_t child = fork();
    if (child == 0) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !confine_paths())
            _exit(200);
        int error = open_password_file();
        _exit(error == 0 ? 0 : create_file() == 0 ? 1 : error);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, EACCES);
}

static bool reads(const char *charset, const char *bytes, const char *wanted)
{
    g_autofree char *text = charset_to_utf8((const guint8 *)bytes, strlen(bytes), charset);
    return strcmp(text, wanted) == 0;
}

static void open_some(void)
{
    charset_open("KOI8-R");
    charset_open("iso-2022-jp");
    charset_open("no-such-charset");
}

static int read_some(void)
{
    if (!reads("koi8-r", "\xf0\xd2\xc9\xd7\xc5\xd4", "Привет"))
        return 1;
    /* Twice: a converter that was used is as good as new. */
    for (int i = 0; i < 2; i++)
        if (!reads("iso-2022-jp", "\033$B$3$s$K$A$O", "こんにちは"))
            return 2;
    return reads("windows-1252", "\x80", "€") ? 0 : 3;
}

static int read_unopened(void)
{
    return reads("koi8-u", "\xf0\xd2\xc9\xd7\xc5\xd4", "Привет") ? 0 : 1;
}

static int read_any(void)
{
    return read_some() == 0 && reads("gb2312", "\xc4\xe3\xba\xc3", "你好") &&
                   reads("euc-kr", "\xbe\xc8\xb3\xe7", "안녕") &&
                   reads("utf-16le", "H\0", "H") && reads("big5", "\xa7\x41", "你") &&
                   reads("windows-1251", "\xcf", "П") && reads("iso-8859-15", "\xa4", "€")
               ? 0
               : 1;
}

static void test_charsets(void)
{
    int ended;
    prepare = open_some;
    g_assert_cmpint(try_locked(read_some, &ended), ==, 0);
    g_assert_cmpint(ended, ==, 0);
    prepare = charset_open_all;
    g_assert_cmpint(try_locked(read_any, &ended), ==, 0);
    if (has_filter()) { /* why they have to be opened */
        prepare = NULL;
        g_assert_cmpint(try_locked(read_unopened, &ended), ==, 1);
    }
    prepare = NULL;
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/confine/allowed", test_allowed);
    g_test_add_func("/confine/refused", test_refused);
    g_test_add_func("/confine/fatal", test_fatal);
    g_test_add_func("/confine/paths", test_paths);
    g_test_add_func("/confine/charsets", test_charsets);
    return g_test_run();
}
