#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// A program for the kernel's filter that looks at the number of a system call and at most one of its
// arguments. Source: Linux, Documentation/userspace-api/seccomp_filter.rst; struct seccomp_data.

#if defined(__x86_64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the numbers of system calls are known for x86-64 and aarch64 only"
#endif

#ifndef SECCOMP_RET_KILL_PROCESS
#define SECCOMP_RET_KILL_PROCESS 0x80000000U
#endif

// Calls that no process of the sandbox can do without.
static const int common_calls[] = {
    // What is open.
    __NR_read, __NR_write, __NR_readv, __NR_writev, __NR_pread64, __NR_pwrite64, __NR_close,
    __NR_lseek, __NR_fstat, __NR_ftruncate, __NR_dup,
    // Memory; mmap and mprotect are looked at more closely.
    __NR_munmap, __NR_mremap, __NR_madvise, __NR_brk,
    // Locks of one thread, signals to itself, clocks, randomness.
    __NR_futex, __NR_rt_sigaction, __NR_rt_sigprocmask, __NR_rt_sigreturn, __NR_sigaltstack,
    __NR_restart_syscall, __NR_sched_yield, __NR_clock_gettime, __NR_clock_getres,
    __NR_clock_nanosleep, __NR_nanosleep, __NR_gettimeofday, __NR_getrandom, __NR_set_robust_list,
    __NR_rseq,
    // Who and where it is.
    __NR_getpid, __NR_gettid, __NR_getppid, __NR_getuid, __NR_geteuid, __NR_getgid, __NR_getegid,
    __NR_uname, __NR_sysinfo, __NR_getrusage, __NR_sched_getaffinity, __NR_getrlimit,
    // The end.
    __NR_exit, __NR_exit_group,
#ifdef __NR_time
    __NR_time,
#endif
};

// What the zygote needs beyond: it starts a process for each document and waits for it.
static const int zygote_calls[] = {
    __NR_recvmsg, __NR_sendmsg, __NR_waitid, __NR_wait4, __NR_ppoll,
    // A process can only shut itself in further with these.
    __NR_setrlimit, __NR_seccomp, __NR_close_range,
    434,  // pidfd_open: without pidfd_send_signal it is something to wait for
#ifdef __NR_poll
    __NR_poll,
#endif
};

// Calls that libraries make where a file may be missing, and that take no for an answer.
static const int refused_calls[] = {
    __NR_openat, __NR_faccessat, __NR_readlinkat, __NR_statx, __NR_ioctl, __NR_getcwd, __NR_statfs,
    __NR_fstatfs, __NR_getdents64, __NR_fadvise64,
    437,  // openat2
    439,  // faccessat2
#ifdef __NR_open
    __NR_open, __NR_stat, __NR_lstat, __NR_access, __NR_readlink,
#endif
};

// Calls that start threads and processes, and are no harm where they fail.
static const int unstarted_calls[] = {
    435,  // clone3: glibc goes on with clone where it is unknown
};

enum { max_length = 320 };

struct program {
  struct sock_filter lines[max_length];
  unsigned short length;
};

static void add(struct program *program, unsigned short code, unsigned char yes, unsigned char no,
                unsigned value) {
  if (program->length >= max_length) return;
  program->lines[program->length++] = (struct sock_filter){code, yes, no, value};
}

static void load(struct program *program, unsigned offset) {
  add(program, BPF_LD | BPF_W | BPF_ABS, 0, 0, offset);
}

static void load_call(struct program *program) {
  load(program, offsetof(struct seccomp_data, nr));
}

// Both machines are little-endian: the low half of an argument stands first.
static void load_argument(struct program *program, int index) {
  load(program, (unsigned)(offsetof(struct seccomp_data, args) + 8 * (unsigned)index));
}

static void end(struct program *program, unsigned action) {
  add(program, BPF_RET | BPF_K, 0, 0, action);
}

static void answer_all(struct program *program, const int *calls, size_t count, unsigned action) {
  for (size_t index = 0; index < count; index++) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (unsigned)calls[index]);
    end(program, action);
  }
}

// Answers one call by whether bits of the low half of an argument are a value.
static void answer_masked(struct program *program, int call, int argument, unsigned mask,
                          unsigned value, unsigned action, unsigned otherwise) {
  add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 5, (unsigned)call);
  load_argument(program, argument);
  add(program, BPF_ALU | BPF_AND | BPF_K, 0, 0, mask);
  add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value);
  end(program, action);
  end(program, otherwise);
}

#define COUNT(calls) (sizeof(calls) / sizeof((calls)[0]))

static void build_for_zygote(struct program *program) {
  const unsigned allow = SECCOMP_RET_ALLOW, kill = SECCOMP_RET_KILL_PROCESS;
  load(program, offsetof(struct seccomp_data, arch));
  add(program, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, THIS_ARCHITECTURE);
  end(program, kill);
  load_call(program);
#if defined(__x86_64__)
  // The calls of x32 have numbers of their own.
  add(program, BPF_JMP | BPF_JGE | BPF_K, 0, 1, 0x40000000U);
  end(program, kill);
#endif
  answer_all(program, common_calls, COUNT(common_calls), allow);
  answer_all(program, zygote_calls, COUNT(zygote_calls), allow);
  answer_all(program, refused_calls, COUNT(refused_calls), SECCOMP_RET_ERRNO | EACCES);
  answer_all(program, unstarted_calls, COUNT(unstarted_calls), SECCOMP_RET_ERRNO | ENOSYS);
  // Memory is for data.
  answer_masked(program, __NR_mmap, 2, PROT_EXEC, 0, allow, kill);
  answer_masked(program, __NR_mprotect, 2, PROT_EXEC, 0, allow, kill);
  // A look at what is open (glibc's fstat), not at a path.
  answer_masked(program, __NR_newfstatat, 3, AT_EMPTY_PATH, AT_EMPTY_PATH, allow,
                SECCOMP_RET_ERRNO | EACCES);
  // fork as glibc does it: CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD, and nothing else.
  answer_masked(program, __NR_clone, 0, ~0U, 0x01200011U, allow, SECCOMP_RET_ERRNO | EPERM);
  // The limits of the process itself.
  answer_masked(program, __NR_prlimit64, 0, ~0U, 0, allow, SECCOMP_RET_ERRNO | EPERM);
  // What abort does; a process for a document may do it to itself only.
  answer_masked(program, __NR_tgkill, 0, 0, 0, allow, kill);
  answer_masked(program, __NR_fcntl, 1, ~0U, F_GETFL, allow, SECCOMP_RET_ERRNO | EACCES);
  answer_masked(program, __NR_prctl, 0, ~0U, PR_SET_PDEATHSIG, allow, kill);
  end(program, kill);
}

// What a process for a document may not do of what its zygote may. The filter of the zygote holds for
// it too, and of two answers the kernel takes the stricter one: a short list costs less for every
// document than all of it once more.
static void build_for_document(struct program *program) {
  const unsigned allow = SECCOMP_RET_ALLOW, kill = SECCOMP_RET_KILL_PROCESS;
  static const int unforked_calls[] = {__NR_clone};
  static const int lost_calls[] = {__NR_prctl};
  load_call(program);
  answer_all(program, zygote_calls, COUNT(zygote_calls), kill);
  answer_all(program, lost_calls, COUNT(lost_calls), kill);
  answer_all(program, unforked_calls, COUNT(unforked_calls), SECCOMP_RET_ERRNO | EPERM);
  answer_masked(program, __NR_tgkill, 0, ~0U, (unsigned)getpid(), allow, kill);
  end(program, allow);
}

int sandbox_has_seccomp(void) {
  unsigned action = SECCOMP_RET_KILL_PROCESS;
  return syscall(__NR_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int sandbox_filter_calls(int calls) {
  struct program program = {.length = 0};
  if (calls == SANDBOX_CALLS_OF_ZYGOTE) {
    build_for_zygote(&program);
  } else {
    build_for_document(&program);
  }
  if (program.length >= max_length) {
    errno = E2BIG;
    return -1;
  }
  struct sock_fprog filter = {.len = program.length, .filter = program.lines};
  return (int)syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}
