/* Parsing in a limited child: hostile bytes meet it, not us.
 *
 * sandbox_start forks a child with limits on memory, CPU, files and processes, which parses the
 * mail and writes one packed Mail to a pipe. sandbox_finish collects it. If the child dies,
 * stalls or answers nonsense, the mail is tried once more in a fresh one; then *ret is the
 * scan's outline marked unparsed with the reason. Failing to fork, to set the limits or to get
 * memory is not the mail's fault: ERROR_TRANSIENT.
 *
 * The caller may do other work between the two calls; it must not have threads,
 * ignore SIGCHLD or reap children it does not know. The child dies with the caller. What a
 * child may do at worst is bounded by 2 * cpu_seconds of wall clock, so that both calls
 * together take at most twice that. */
#pragma once

#include "core/base/config.h"
#include "core/mail/mail.h"
#include "core/mail/scan.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    gint64 memory_bytes; /* RLIMIT_AS; ignored under AddressSanitizer */
    gint64 cpu_seconds;  /* RLIMIT_CPU; twice that by the wall clock */
} SandboxLimits;

SandboxLimits sandbox_limits(const Config *config);

typedef struct Sandbox Sandbox;

/* `fd` stays the caller's and must live until sandbox_finish. The child shares its file offset
 * and may move it: read it with pread only. */
bool sandbox_start(int fd, guint64 size, const SandboxLimits *limits, Sandbox **ret,
                   GError **error);
/* Consumes `sandbox`. With scan->over set the child is ended, whatever it found, and *ret is
 * the outline. `scan` keeps its outline: *ret is a copy. */
bool sandbox_finish(Sandbox *sandbox, const Scan *scan, Mail **ret, GError **error);
/* Kills and reaps the child. */
void sandbox_free(Sandbox *sandbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sandbox, sandbox_free)
