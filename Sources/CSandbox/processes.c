#define _GNU_SOURCE
#include "CSandbox.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Debian 12's headers know these only under other names, or not at all.
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef P_PIDFD
#define P_PIDFD 3
#endif

// The descriptor of the started program at which its socket lies.
enum { socket_of_program = 3 };

int sandbox_spawn(const char *path, char *const *arguments, char *const *environment, int socket,
                  pid_t *process) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0) return error;
  error = posix_spawnattr_init(&attributes);
  if (error != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return error;
  }
  // First the socket: it may be one of 0 to 2 itself where the host had closed those.
  error = posix_spawn_file_actions_adddup2(&actions, socket, socket_of_program);
  for (int descriptor = 0; error == 0 && descriptor < socket_of_program; descriptor++) {
    error = posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0);
  }
  if (error == 0) {
    error = posix_spawn_file_actions_addclosefrom_np(&actions, socket_of_program + 1);
  }
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  if (error == 0) error = posix_spawnattr_setsigmask(&attributes, &none);
  if (error == 0) error = posix_spawnattr_setsigdefault(&attributes, &all);
  if (error == 0) {
    error = posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  }
  if (error == 0) error = posix_spawn(process, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

const char *sandbox_own_file(void) {
  Dl_info information;
  return dladdr((const void *)&sandbox_own_file, &information) != 0 ? information.dli_fname : NULL;
}

void sandbox_keep_memory(void) {
  // M_MMAP_THRESHOLD takes at most half of a heap (mallopt(3)): 32 MiB.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 128 << 20);
}

void sandbox_ready_heap(size_t size) {
  // The arena of a second thread would grow by pages, each with a call of the kernel.
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_TOP_PAD, (int)size);
  sandbox_keep_memory();
  // More than a fresh heap has left, so that it grows now. (volatile: or the compiler leaves out both calls.)
  void *volatile piece = malloc(1 << 20);
  free(piece);
  uintptr_t end = (uintptr_t)sbrk(0);
  uintptr_t page = (uintptr_t)1 << 12;
  uintptr_t start = (end - size) & ~(page - 1);
  // Where large pages are not to be had, small ones come as always.
  madvise((void *)start, end - start, MADV_HUGEPAGE);
}

// Takes every free piece of the heap that is at least so large, for good; `end` is where untouched memory begins.
static void use_up(size_t size, const char *end) {
  // More pieces than a start leaves by far: where the allocator is another one, this ends too.
  for (int count = 0; count < 100000; count++) {
    char *piece = malloc(size);
    if (piece == NULL) return;
    if (piece >= end) return free(piece);
  }
}

// Has what a copy of this process takes first lie in small pages, and what it takes beyond them in a large one: that
// costs as much as some eighty small ones, which most documents do not fill and others fill five times.
static void ready_large_page(void) {
  enum { large_page = 2 << 20, small = 320 << 10, least = 1024 };
  char *next = malloc(least);
  if (next == NULL) return;
  // Above what the heap has now: that is an area of its own to the kernel, and a large page lies in one area.
  uintptr_t end = (uintptr_t)next + least + small, top = (uintptr_t)sbrk(0);
  end = ((end > top ? end : top) + large_page - 1) & ~(uintptr_t)(large_page - 1);
  // Nobody writes to it: it is addresses, and no memory. (volatile: or the compiler leaves out what nobody uses.)
  char *volatile gap = malloc(end - small - (uintptr_t)next - least);
  // What is freed last lies at the end of the heap, and stays there.
  char *volatile rest = gap == NULL ? NULL : malloc(small + large_page);
  if (rest == NULL) return;
  free(rest);
  // Between the pieces the allocator has written where they end: a page that is there would be copied.
  top = (uintptr_t)sbrk(0);
  // Where the pieces came from elsewhere, what lies there is in use.
  if ((uintptr_t)rest > end || (uintptr_t)rest + small < end || top < end + large_page) {
    free(gap);
    return;
  }
  madvise((void *)end, top - end, MADV_DONTNEED);
  madvise((void *)end, top - end, MADV_HUGEPAGE);
}

void sandbox_trim_memory(void) {
  malloc_trim(0);
  // The pieces that are left free lie on pages all over the heap, and a copy of this process that takes one
  // copies its page. Used up, they make it take page after page of memory that nobody has written to.
  enum { largest = 1 << 20, exact = 1040, alignment = 16 };
  char *end = malloc(largest);
  if (end == NULL) return;
  free(end);
  for (size_t size = largest / 2; size > exact; size /= 2) use_up(size, end);
  for (size_t size = exact; size >= alignment; size -= alignment) use_up(size - 8, end);
  ready_large_page();
}

// Without the handlers that libraries leave for it: no thread holds a lock, and the copy needs none of them.
pid_t sandbox_fork(void) { return _Fork(); }

int sandbox_process_descriptor(pid_t process) {
  return (int)syscall(SYS_pidfd_open, process, 0);
}

int sandbox_signal(int process_descriptor, int signal) {
  return (int)syscall(SYS_pidfd_send_signal, process_descriptor, signal, NULL, 0);
}

int sandbox_reap(int process_descriptor, int *status) {
  siginfo_t info;
  int result;
  do {
    result = waitid((idtype_t)P_PIDFD, (id_t)process_descriptor, &info, WEXITED);
  } while (result < 0 && errno == EINTR);
  if (result < 0) return -1;
  *status = info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
  return 0;
}

int sandbox_try_exec(void) {
  char *const arguments[] = {"true", NULL};
  char *const environment[] = {NULL};
  execve("/bin/true", arguments, environment);
  return errno;
}

int sandbox_try_executable_memory(void) {
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page == MAP_FAILED ? errno : 0;
}

int sandbox_try_trace(pid_t process) {
  return ptrace(PTRACE_ATTACH, process, NULL, NULL) < 0 ? errno : 0;
}
