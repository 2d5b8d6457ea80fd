// What a sandbox needs of Linux and Swift cannot call: variadic functions, macros, declarations that
// need _GNU_SOURCE, and fork. No logic beyond that; VigieSandbox is the only importer.
//
// Every function returns -1 with errno set where it fails, unless it says otherwise.
#ifndef CSANDBOX_H
#define CSANDBOX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Descriptors

// A new file without a name that lies in memory; it may be sealed, and is closed on exec.
int sandbox_memory_file(const char *name);

// Makes the length and the bytes of a memory file final. Fails with EBUSY while somebody has it
// mapped for writing.
int sandbox_seal(int file);

// Two connected sockets of whole messages (SOCK_SEQPACKET), closed on exec.
int sandbox_socket_pair(int *sockets);

// The descriptors that one message carries, at most.
#define SANDBOX_MAX_DESCRIPTORS 2

// Sends one message with descriptors; no SIGPIPE.
ssize_t sandbox_send(int socket, const void *bytes, size_t count, const int *descriptors,
                     size_t descriptor_count);

// Receives one message. *descriptor_count is the room of descriptors on entry, at most
// SANDBOX_MAX_DESCRIPTORS, and their number on return; they are closed on exec. A message that does
// not fit is EMSGSIZE, its descriptors are closed. Returns 0 where the other side is gone.
ssize_t sandbox_receive(int socket, void *bytes, size_t count, int *descriptors,
                        size_t *descriptor_count);

// Closes every descriptor from `first` on.
int sandbox_close_from(unsigned first);

// Processes

// Starts a program whose descriptor 3 is `socket`; 0 to 2 are /dev/null, all others are closed, and
// every signal is as at first. It has a session of its own: what a terminal sends does not reach it.
// Returns 0, or the error number.
int sandbox_spawn(const char *path, char *const *arguments, char *const *environment, int socket,
                  pid_t *process);

// The file that this code was loaded from, as the loader names it: a program, or a library in one.
const char *sandbox_own_file(void);

// Keeps freed memory for the next use instead of giving it back: a process that lives for one document
// would ask for the same pages again and again.
void sandbox_keep_memory(void);

// Makes room in the heap for so many bytes, in large pages where the kernel has them, for all threads: a process that
// fills it at once and ends would take a page fault for every 4 KiB. To be called before other threads start.
void sandbox_ready_heap(size_t size);

// Gives back what is freed now, and uses up what is left free between the rest: a copy of this process copies
// all that it holds, and a page for each piece that it takes of it.
void sandbox_trim_memory(void);

// Moves the code of this program to memory in large pages, whose tables a copy of this process gets by a few entries:
// from its file each copy would find its code again page by page. Of the code of libraries it moves what fills large
// pages: 2 MiB of PDFium's 4. Returns how many objects it moved code of; 0 where the program is not laid out for it,
// or the kernel has no large pages free or lets nobody run what was written, which costs time and nothing else. To be
// called before other threads start, and before the system calls are filtered.
int sandbox_settle_code(void);

// Finds the libraries whose file names begin with one of some names, and those that only they need. A name has a level
// from 1 on: copies of a lower level go without the library. Returns how many there are.
int sandbox_find_seldom_used(char *const *names, const int *levels, size_t count);

// The level of the copies of this process that are made from now on; at first they have every library. A copy without
// some takes fewer areas of memory to make and to end; calling a function of a library that is not there kills it.
int sandbox_copy_seldom_used(int level);

// fork; only for a process of one thread. 0 in the child.
pid_t sandbox_fork(void);

// A descriptor that stands for a process, and stays with it whatever becomes of its number.
int sandbox_process_descriptor(pid_t process);

// Sends a signal to the process of a descriptor.
int sandbox_signal(int process_descriptor, int signal);

// Waits for the end of a child. *status is the exit code, or the negative number of the signal that
// ended it.
int sandbox_reap(int process_descriptor, int *status);

// Waits until one of two descriptors is readable or its other side is gone; -1 stands for none.
// Negative milliseconds are for ever. Returns the bits of those that are, or 0 at the end of the time.
int sandbox_await(int first, int second, int milliseconds);

// Fences: each holds for the process and all it starts, for good

// What sandbox_limit bounds.
enum {
  SANDBOX_LIMIT_MEMORY,       // bytes of address space
  SANDBOX_LIMIT_CPU,          // seconds
  SANDBOX_LIMIT_DESCRIPTORS,  // highest descriptor + 1
  SANDBOX_LIMIT_FILE,         // bytes of a file written
  SANDBOX_LIMIT_CORE,         // bytes of a core dump
};
int sandbox_limit(int kind, uint64_t value);

// Ends the process with SIGKILL as soon as the thread that started it ends.
int sandbox_die_with_parent(void);

// No other process of the same user may look into this one, and it leaves no core dump.
int sandbox_close_to_others(void);

// Becomes nobody (65534) in no group; only root can. Returns 1 where it did, 0 where not root.
int sandbox_drop_identity(void);

// Whatever this process starts has no more rights than it.
int sandbox_no_new_privileges(void);

// The version of Landlock that the kernel speaks; 0 for none.
int sandbox_landlock_version(void);

// Takes away every right on files, network and other processes that Landlock of this version knows.
int sandbox_landlock(int version);

// Whether the kernel can filter system calls and kill for the wrong ones.
int sandbox_has_seccomp(void);

// Which system calls are left.
enum {
  SANDBOX_CALLS_OF_ZYGOTE,    // those of a document, and fork, wait, receive and send
  SANDBOX_CALLS_OF_DOCUMENT,  // memory, clocks, and reading and writing what is open
};
// Filters system calls: any that is not on the list kills the process with SIGSYS; opening and asking
// about files fails with EACCES, threads and processes with EPERM.
int sandbox_filter_calls(int calls);

// The end of a system call that was tried: 0, or the error number. For trying out the fences.
int sandbox_try_exec(void);
int sandbox_try_executable_memory(void);
int sandbox_try_trace(pid_t process);

#endif
