/* The filter of system calls (seccomp) that the parser runs behind. */
#pragma once

#include <stdbool.h>

/* Installs it on this process, which must have no-new-privileges set. True where the kernel or
 * the processor has no such filter; false when it was refused. */
bool syscalls_lock(void);
