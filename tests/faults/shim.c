/* Faults on order: preloaded into the programs under test, it counts their calls by kind, and
 * at the step that the harness names it kills the process before or after the call, or lets the
 * call fail. It also moves the clock.
 *
 * Orders and counts stand in a file that harness and programs map (FAULT_STATE); its layout is
 * that of struct State, all 64-bit. FAULT_ROLE says who is meant: "parser" the parsers,
 * anything else the program itself and not its parsers. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { KIND_WRITE = 1, KIND_SYNC, KIND_RENAME, KIND_ANSWER, KIND_OPEN, KINDS };
enum { ACT_KILL_BEFORE = -1, ACT_KILL_AFTER = -2 }; /* above 0: an errno */

struct State {
    int64_t kind, step, act, fired, clock;
    int64_t lasting; /* an errno act goes on after its step */
    int64_t counts[KINDS];
};

static struct State *state;
static pid_t self; /* a forked parser has another */
static int is_parser, wants_parser;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("FAULT_STATE"), *role = getenv("FAULT_ROLE");
    char line[256] = "";
    int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, line, sizeof line - 1) : 0;
    if (fd >= 0)
        close(fd);
    is_parser = n > 0 && memmem(line, (size_t)n, "\0--parser", 10) != NULL;
    wants_parser = role && strcmp(role, "parser") == 0;
    self = getpid();
    fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *map = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (map != MAP_FAILED)
        state = map;
}

/* What is to be done about this call: 0 nothing, else an act. */
static int64_t order(int kind)
{
    if (!state || wants_parser != (is_parser || getpid() != self))
        return 0;
    int64_t count = __atomic_add_fetch(&state->counts[kind], 1, __ATOMIC_SEQ_CST);
    if (state->kind != kind || state->act == 0)
        return 0;
    if (count != state->step && !(state->lasting && count > state->step))
        return 0;
    state->fired++;
    return state->act;
}

static void die(void)
{
    raise(SIGKILL);
    _exit(9); /* where raising is forbidden */
}

#define REAL(name)                                                                             \
    static __typeof__(name) *real;                                                             \
    if (!real)                                                                                 \
    real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define WRAP(kind, result, name, parameters, arguments)                                        \
    result name parameters                                                                     \
    {                                                                                          \
        REAL(name);                                                                            \
        int64_t act = order(kind);                                                             \
        if (act == ACT_KILL_BEFORE)                                                            \
            die();                                                                             \
        if (act > 0) {                                                                         \
            errno = (int)act;                                                                  \
            return -1;                                                                         \
        }                                                                                      \
        result got = real arguments;                                                           \
        if (act == ACT_KILL_AFTER)                                                             \
            die();                                                                             \
        return got;                                                                            \
    }

WRAP(KIND_WRITE, ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n))
WRAP(KIND_WRITE, ssize_t, pwrite64, (int fd, const void *b, size_t n, off64_t o), (fd, b, n, o))
WRAP(KIND_WRITE, ssize_t, pwrite, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o))
WRAP(KIND_WRITE, ssize_t, writev, (int fd, const struct iovec *v, int n), (fd, v, n))
WRAP(KIND_WRITE, int, ftruncate64, (int fd, off64_t n), (fd, n))
WRAP(KIND_WRITE, int, ftruncate, (int fd, off_t n), (fd, n))
WRAP(KIND_SYNC, int, fsync, (int fd), (fd))
WRAP(KIND_SYNC, int, fdatasync, (int fd), (fd))
WRAP(KIND_RENAME, int, rename, (const char *a, const char *b), (a, b))
WRAP(KIND_RENAME, int, link, (const char *a, const char *b), (a, b))
WRAP(KIND_RENAME, int, unlink, (const char *a), (a))
WRAP(KIND_ANSWER, ssize_t, send, (int fd, const void *b, size_t n, int f), (fd, b, n, f))
WRAP(KIND_ANSWER, ssize_t, sendto,
     (int fd, const void *b, size_t n, int f, const struct sockaddr *a, socklen_t l),
     (fd, b, n, f, a, l))
WRAP(KIND_ANSWER, ssize_t, sendmsg, (int fd, const struct msghdr *m, int f), (fd, m, f))
WRAP(KIND_OPEN, int, memfd_create, (const char *name, unsigned f), (name, f))
WRAP(KIND_OPEN, int, socket, (int d, int t, int p), (d, t, p))
WRAP(KIND_OPEN, int, accept4, (int fd, struct sockaddr *a, socklen_t *l, int f), (fd, a, l, f))

#define WRAP_OPEN(name)                                                                        \
    int name(const char *path, int flags, ...)                                                 \
    {                                                                                          \
        REAL(name);                                                                            \
        __builtin_va_list list;                                                                \
        __builtin_va_start(list, flags);                                                       \
        int mode = flags & (O_CREAT | O_TMPFILE) ? __builtin_va_arg(list, int) : 0;            \
        __builtin_va_end(list);                                                                \
        int64_t act = order(KIND_OPEN);                                                        \
        if (act < 0)                                                                           \
            die();                                                                             \
        if (act > 0) {                                                                         \
            errno = (int)act;                                                                  \
            return -1;                                                                         \
        }                                                                                      \
        return real(path, flags, mode);                                                        \
    }
WRAP_OPEN(open)
WRAP_OPEN(open64)

/* --- the clock ---------------------------------------------------------------------------- */

int clock_gettime(clockid_t clock, struct timespec *at)
{
    REAL(clock_gettime);
    int got = real(clock, at);
    if (got == 0 && state && clock == CLOCK_REALTIME)
        at->tv_sec += state->clock;
    return got;
}

time_t time(time_t *out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *at, void *zone)
{
    REAL(gettimeofday);
    int got = real(at, zone);
    if (got == 0 && state)
        at->tv_sec += state->clock;
    return got;
}
