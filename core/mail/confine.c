/* Limits of resources, then Landlock, then the filter of system calls (syscalls.c).
 *
 * Landlock is the second wall: the filter alone lets no file be opened. It holds where a filter
 * is missing, which knows only the processors of its table. Its calls are made by number,
 * because libc has none, and its structure is our own, because the kernel's header is often
 * older than the kernel.
 *
 * Failure: a kernel without Landlock or seccomp is no failure, one that has it and refuses is.
 */
#include "core/mail/confine.h"

#include "core/mail/syscalls.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#endif
#ifndef UNDER_ASAN
#define UNDER_ASAN 0
#endif

enum {
    OPEN_FILES = 32,                /* mail, channel, /dev/null, and the tables of iconv */
    STACK_BYTES = 64 * 1024 * 1024, /* the library recurses on address groups */
};

/* --- limits ------------------------------------------------------------------------------ */

/* The hard limit is set too, so that the process cannot raise it again. */
static bool set_limits(int resource, rlim_t soft, rlim_t hard)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0)
        return false;
    limit.rlim_max = MIN(hard, limit.rlim_max);
    limit.rlim_cur = MIN(soft, limit.rlim_max);
    return setrlimit(resource, &limit) == 0;
}

static bool set_limit(int resource, rlim_t most)
{
    return set_limits(resource, most, most);
}

bool confine_limits(const ConfineLimits *limits)
{
    if (!UNDER_ASAN && !set_limit(RLIMIT_AS, (rlim_t)limits->memory_bytes))
        return false;
    /* SIGXCPU at the soft limit says what happened; SIGKILL comes at the hard one. */
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 &&
           set_limits(RLIMIT_CPU, (rlim_t)limits->cpu_seconds,
                      (rlim_t)limits->cpu_seconds_ever + 1) &&
           set_limit(RLIMIT_STACK, STACK_BYTES) && set_limit(RLIMIT_FSIZE, 0) &&
           set_limit(RLIMIT_CORE, 0) && set_limit(RLIMIT_NOFILE, OPEN_FILES) &&
           set_limit(RLIMIT_NPROC, 0);
}

/* --- Landlock ---------------------------------------------------------------------------- */

/* The same numbers on every architecture. */
enum { LANDLOCK_CREATE = 444, LANDLOCK_RESTRICT = 446, LANDLOCK_VERSION = 1 };

/* What is handled and has no rule is refused. */
typedef struct {
    guint64 files, net, scoped;
} Ruleset;

/* All that each version of the interface can refuse, and how much of the structure it knows. */
static const struct {
    Ruleset rules;
    gsize bytes;
} versions[] = {
    {{0x1fff, 0, 0}, 8},  /* 1 */
    {{0x3fff, 0, 0}, 8},  /* 2: links and renames from folder to folder */
    {{0x7fff, 0, 0}, 8},  /* 3: truncation */
    {{0x7fff, 3, 0}, 16}, /* 4: TCP */
    {{0xffff, 3, 0}, 16}, /* 5: ioctl of devices */
    {{0xffff, 3, 3}, 24}, /* 6: abstract sockets, signals to others */
};

bool confine_paths(void)
{
    long version = syscall(LANDLOCK_CREATE, NULL, (size_t)0, LANDLOCK_VERSION);
    if (version < 1)
        return true;
    gsize row = MIN((gsize)(version - 1), G_N_ELEMENTS(versions) - 1);
    Ruleset rules = versions[row].rules;
    int fd = (int)syscall(LANDLOCK_CREATE, &rules, versions[row].bytes, 0);
    if (fd < 0)
        return false;
    bool done = syscall(LANDLOCK_RESTRICT, fd, 0) == 0;
    close(fd);
    return done;
}

bool confine_lock(void)
{
    return confine_paths() && syscalls_lock();
}
