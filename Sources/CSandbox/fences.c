#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int sandbox_limit(int kind, uint64_t value) {
  static const int resources[] = {
      [SANDBOX_LIMIT_MEMORY] = RLIMIT_AS,     [SANDBOX_LIMIT_CPU] = RLIMIT_CPU,
      [SANDBOX_LIMIT_DESCRIPTORS] = RLIMIT_NOFILE, [SANDBOX_LIMIT_FILE] = RLIMIT_FSIZE,
      [SANDBOX_LIMIT_CORE] = RLIMIT_CORE,
  };
  if (kind < 0 || kind > SANDBOX_LIMIT_CORE) {
    errno = EINVAL;
    return -1;
  }
  struct rlimit limit;
  if (getrlimit(resources[kind], &limit) < 0) return -1;
  // What is lower already stays so: only root may raise it.
  if (limit.rlim_max > value) limit.rlim_max = value;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(resources[kind], &limit);
}

int sandbox_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

int sandbox_close_to_others(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

int sandbox_drop_identity(void) {
  enum { nobody = 65534 };
  if (geteuid() != 0) return 0;
  if (setgroups(0, NULL) < 0 || setresgid(nobody, nobody, nobody) < 0 ||
      setresuid(nobody, nobody, nobody) < 0) {
    return -1;
  }
  return 1;
}

int sandbox_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

// Landlock. Source: Linux 6.18, include/uapi/linux/landlock.h; Debian 12's header ends at version 2.

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif
#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif

struct landlock_rights {
  uint64_t files;
  uint64_t network;
  uint64_t scopes;
};

int sandbox_landlock_version(void) {
  enum { ask_version = 1 };
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ask_version);
  return version < 0 ? 0 : (int)version;
}

int sandbox_landlock(int version) {
  struct landlock_rights rights = {0};
  // Version 1 has rights 0 to 12; 2 adds REFER, 3 TRUNCATE, 5 IOCTL_DEV.
  int count = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13;
  rights.files = (1ULL << count) - 1;
  size_t size = 8;
  if (version >= 4) {
    rights.network = 3;  // bind and connect of TCP
    size = 16;
  }
  if (version >= 6) {
    rights.scopes = 3;  // abstract sockets and signals of others
    size = 24;
  }
  int rules = (int)syscall(SYS_landlock_create_ruleset, &rights, size, 0);
  if (rules < 0) return -1;
  // No rule is added: nothing is left of the rights named.
  int result = (int)syscall(SYS_landlock_restrict_self, rules, 0);
  int error = errno;
  close(rules);
  errno = error;
  return result;
}
