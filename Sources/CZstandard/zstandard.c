#define _GNU_SOURCE
#include "CZstandard.h"

#include <dlfcn.h>

// ZSTD_decompress and ZSTD_isError.
static size_t (*decompress)(void *, size_t, const void *, size_t);
static unsigned (*is_error)(size_t);

// Before the program starts, and all its libraries are there: a sandbox may leave some out of a copy later.
__attribute__((constructor)) static void find(void) {
  decompress = (size_t (*)(void *, size_t, const void *, size_t))dlsym(RTLD_DEFAULT, "ZSTD_decompress");
  is_error = (unsigned (*)(size_t))dlsym(RTLD_DEFAULT, "ZSTD_isError");
}

ssize_t vigie_zstandard_unpack(void *target, size_t room, const void *packed, size_t count) {
  if (decompress == NULL || is_error == NULL) return -1;
  size_t made = decompress(target, room, packed, count);
  return is_error(made) ? -1 : (ssize_t)made;
}
