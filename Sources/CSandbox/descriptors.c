#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int sandbox_memory_file(const char *name) {
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif
  // A kernel may insist on saying that the file is never run (vm.memfd_noexec); older ones do not
  // know the flag (Linux 6.3).
  int file = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
  if (file < 0 && errno == EINVAL) file = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  return file;
}

int sandbox_seal(int file) {
  return fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
}

int sandbox_socket_pair(int *sockets) {
  return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets);
}

// Room for the descriptors of one message, aligned as its header wants it.
union control {
  char bytes[CMSG_SPACE(sizeof(int) * SANDBOX_MAX_DESCRIPTORS)];
  struct cmsghdr header;
};

ssize_t sandbox_send(int socket, const void *bytes, size_t count, const int *descriptors,
                     size_t descriptor_count) {
  if (descriptor_count > SANDBOX_MAX_DESCRIPTORS) {
    errno = EINVAL;
    return -1;
  }
  struct iovec vector = {.iov_base = (void *)bytes, .iov_len = count};
  struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
  union control control;
  if (descriptor_count > 0) {
    memset(&control, 0, sizeof control);
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * descriptor_count);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * descriptor_count);
    memcpy(CMSG_DATA(header), descriptors, sizeof(int) * descriptor_count);
  }
  ssize_t sent;
  do {
    sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent;
}

ssize_t sandbox_receive(int socket, void *bytes, size_t count, int *descriptors,
                        size_t *descriptor_count) {
  size_t room = *descriptor_count;
  *descriptor_count = 0;
  struct iovec vector = {.iov_base = bytes, .iov_len = count};
  union control control;
  memset(&control, 0, sizeof control);
  struct msghdr message = {
      .msg_iov = &vector,
      .msg_iovlen = 1,
      .msg_control = control.bytes,
      .msg_controllen = sizeof control.bytes,
  };
  ssize_t received;
  do {
    received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (received < 0 && errno == EINTR);
  if (received < 0) return -1;
  int isCut = (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    size_t number = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t index = 0; index < number; index++) {
      int descriptor;
      memcpy(&descriptor, CMSG_DATA(header) + index * sizeof(int), sizeof(int));
      if (*descriptor_count < room && !isCut) {
        descriptors[(*descriptor_count)++] = descriptor;
      } else {
        close(descriptor);
        isCut = 1;
      }
    }
  }
  if (isCut) {
    while (*descriptor_count > 0) close(descriptors[--*descriptor_count]);
    errno = EMSGSIZE;
    return -1;
  }
  return received;
}

int sandbox_close_from(unsigned first) {
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
  if (syscall(SYS_close_range, first, ~0U, 0) == 0) return 0;
  // Before Linux 5.9.
  for (int descriptor = (int)first; descriptor < 4096; descriptor++) close(descriptor);
  return 0;
}

int sandbox_await(int first, int second, int milliseconds) {
  struct pollfd both[2] = {
      {.fd = first, .events = POLLIN},
      {.fd = second, .events = POLLIN},
  };
  int count = poll(both, 2, milliseconds);
  if (count < 0) return -1;
  return (both[0].revents != 0 ? 1 : 0) | (both[1].revents != 0 ? 2 : 0);
}
