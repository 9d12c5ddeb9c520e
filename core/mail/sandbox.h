/* Parsing in a limited child: hostile bytes meet it, not us.
 *
 * A Sandbox keeps at most one parser process, with limits on memory, CPU, files and processes
 * and behind filters of paths and system calls (confine.h). sandbox_start gives it a mail,
 * sandbox_finish collects the packed Mail. If the parser dies, stalls or answers nonsense, the
 * mail is tried once more in a fresh one; then *ret is the scan's outline marked unparsed with
 * the reason. Failing to fork, to set the limits or to get memory is not the mail's fault:
 * ERROR_TRANSIENT; the next mail may be tried all the same.
 *
 * SANDBOX_ONCE: a fresh parser for each mail, for programs that read one. SANDBOX_LASTING: the
 * parser is kept for the mails that follow, which saves most of the time of a small one, and is
 * replaced after a failure, after some hundred mails and after much CPU time. What one mail
 * makes of it could lie about those after it, until then.
 *
 * A parser is a fork of the caller, which then must not have threads, and dies with it; or
 * (sandbox_new_apart) it is a program of its own, for a caller that has: each Sandbox then
 * belongs to one thread at a time, and its parser ends by itself when the caller is gone.
 *
 * The caller may do other work between the two calls; it must not ignore SIGCHLD or reap
 * children it does not know. What the parser
 * may do at worst to one mail is bounded by 2 * cpu_seconds of wall clock, so that both calls
 * together take at most twice that. */
#pragma once

#include "core/base/config.h"
#include "core/mail/mail.h"
#include "core/mail/scan.h"
#include "core/mail/spam.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    gint64 memory_bytes; /* RLIMIT_AS; ignored under AddressSanitizer */
    gint64 cpu_seconds;  /* of CPU time for one mail; twice that by the wall clock */
} SandboxLimits;

SandboxLimits sandbox_limits(const Config *config);

typedef enum { SANDBOX_ONCE, SANDBOX_LASTING } SandboxLife;

typedef struct Sandbox Sandbox;

/* Nothing is started yet. `spam` (NULL: none) is borrowed and must live as long. */
Sandbox *sandbox_new(const SandboxLimits *limits, const SpamRule *spam, SandboxLife life);
/* The same with lasting parsers that are started as `program`, whose main hands over to
 * worker_main (worker.h). `spam_header` as in the configuration. Both are borrowed. */
Sandbox *sandbox_new_apart(const SandboxLimits *limits, const char *program,
                           const char *spam_header);
/* Begins with a mail; one at a time. `fd` stays the caller's and must live until
 * sandbox_finish. The parser shares its file offset and may move it: read it with pread only.
 */
bool sandbox_start(Sandbox *sandbox, int fd, guint64 size, GError **error);
/* Ends with it. With scan->over set the parser is ended, whatever it found, and *ret is the
 * outline. `scan` keeps its outline: *ret is a copy. */
bool sandbox_finish(Sandbox *sandbox, const Scan *scan, Mail **ret, GError **error);
/* Kills and reaps the parser. */
void sandbox_free(Sandbox *sandbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sandbox, sandbox_free)
