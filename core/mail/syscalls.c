/* Which system calls a parser may make: a classic BPF program of some eighty steps, written by
 * hand. A fresh parser starts with every mail, and the library that writes such programs takes
 * longer over it than the kernel over installing it.
 *
 * Three kinds. Allowed: memory, time, and the descriptors it has. Fatal: what a parser never
 * has a reason to do, so that the attempt is seen. All others fail with ENOSYS, for which
 * libraries are prepared: the next libc may well ask for something new in passing. */
#include "core/mail/syscalls.h"

#include <errno.h>
#include <glib.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define PROCESSOR AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && G_BYTE_ORDER == G_LITTLE_ENDIAN
#define PROCESSOR AUDIT_ARCH_AARCH64
#endif

#ifdef PROCESSOR

static const guint32 allowed[] = {
    /* the descriptors it has */
    SYS_read,
    SYS_pread64,
    SYS_write,
    SYS_recvmsg,
    SYS_close,
    SYS_fstat,
    SYS_lseek,
    /* memory */
    SYS_brk,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_futex,
    /* itself */
    SYS_clock_gettime,
    SYS_gettimeofday,
    SYS_getrandom,
    SYS_getpid,
    SYS_gettid,
    SYS_sched_yield,
    SYS_sigaltstack,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_restart_syscall,
    SYS_exit,
    SYS_exit_group,
};

static const guint32 fatal[] = {
    /* other programs and processes */
    SYS_execve,
    SYS_execveat,
    SYS_clone,
    SYS_clone3,
#ifdef SYS_fork
    SYS_fork,
    SYS_vfork,
#endif
    SYS_kill,
    SYS_tkill,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    /* the network */
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    /* the kernel's large surfaces */
    SYS_bpf,
    SYS_keyctl,
    SYS_mount,
    SYS_unshare,
    SYS_setns,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_io_uring_setup,
};

typedef struct {
    struct sock_filter steps[2 * (G_N_ELEMENTS(allowed) + G_N_ELEMENTS(fatal)) + 32];
    gushort n;
} Program;

static void add(Program *program, guint16 code, guint32 k, guint8 if_true, guint8 if_false)
{
    program->steps[program->n++] = (struct sock_filter)BPF_JUMP(code, k, if_true, if_false);
}

static void add_load(Program *program, gsize offset)
{
    add(program, BPF_LD | BPF_W | BPF_ABS, (guint32)offset, 0, 0);
}

static void add_answer(Program *program, guint32 answer)
{
    add(program, BPF_RET | BPF_K, answer, 0, 0);
}

static void add_call(Program *program, guint32 call, guint32 answer)
{
    add(program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
    add_answer(program, answer);
}

/* The low half of an argument; both processors have it first. */
#define ARGUMENT(i) (offsetof(struct seccomp_data, args) + (i) * sizeof(guint64))
#define REFUSED (SECCOMP_RET_ERRNO | ENOSYS)

/* Memory, unless it is to be executed. */
static void add_mapping(Program *program, guint32 call)
{
    add(program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4);
    add_load(program, ARGUMENT(2));
    add(program, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1);
    add_answer(program, SECCOMP_RET_KILL_PROCESS);
    add_answer(program, SECCOMP_RET_ALLOW);
}

/* A signal to itself, which is how abort(3) ends. */
static void add_own_signal(Program *program)
{
    add(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 4);
    add_load(program, ARGUMENT(0));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, (guint32)getpid(), 0, 1);
    add_answer(program, SECCOMP_RET_ALLOW);
    add_answer(program, SECCOMP_RET_KILL_PROCESS);
}

static void write_program(Program *program)
{
    add_load(program, offsetof(struct seccomp_data, arch));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, PROCESSOR, 1, 0);
    add_answer(program, SECCOMP_RET_KILL_PROCESS);
    add_load(program, offsetof(struct seccomp_data, nr));
    for (gsize i = 0; i < G_N_ELEMENTS(allowed); i++)
        add_call(program, allowed[i], SECCOMP_RET_ALLOW);
    for (gsize i = 0; i < G_N_ELEMENTS(fatal); i++)
        add_call(program, fatal[i], SECCOMP_RET_KILL_PROCESS);
    add_mapping(program, SYS_mmap);
    add_mapping(program, SYS_mprotect);
    add_own_signal(program);
    add_answer(program, REFUSED);
}

bool syscalls_lock(void)
{
    Program program = {.n = 0};
    write_program(&program);
    struct sock_fprog installed = {.len = program.n, .filter = program.steps};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &installed) == 0)
        return true;
    /* EINVAL: the kernel was built without. */
    return errno == EINVAL || errno == ENOSYS;
}

#else

bool syscalls_lock(void)
{
    return true;
}

#endif
