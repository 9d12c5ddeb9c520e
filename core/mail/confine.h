/* Taking power away from the calling process, for good: what a parser does not need it cannot
 * do, whatever a mail makes of it.
 *
 * Two steps, because some preparations need files. After the first, memory, CPU, files and
 * processes are limited. After the second no file can be opened, no socket made, nothing
 * executed, no memory made executable and no other process touched; what is left is reading and
 * writing the descriptors it has, and memory. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
    gint64 memory_bytes; /* RLIMIT_AS; ignored under AddressSanitizer */
    gint64 cpu_seconds;  /* SIGXCPU; the parent may move it, up to cpu_seconds_ever */
    gint64 cpu_seconds_ever;
} ConfineLimits;

/* False: the process is as powerful as before, or nearly so, and should end. */
bool confine_limits(const ConfineLimits *limits);

/* Filters of paths (Landlock) and of system calls (seccomp). Where the kernel has one of them
 * not, it goes without. A call that parsers make in passing (opening a file, say) fails with
 * ENOSYS, as if the kernel did not have it; one that only an intruder makes (execve, socket,
 * ptrace…) ends the process by SIGSYS. False: refused though the kernel should have it. */
bool confine_lock(void);
/* Only the first of the two. */
bool confine_paths(void);
