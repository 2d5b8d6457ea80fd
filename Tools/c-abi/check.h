// What the test programs of the C ABI share.
#ifndef CHECK_H
#define CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vigie.h"

// Ends the program with a failure unless a condition holds.
#define REQUIRE(condition, ...)                                        \
  do {                                                                 \
    if (!(condition)) {                                                \
      fprintf(stderr, "%s:%d: %s\n  ", __FILE__, __LINE__, #condition); \
      fprintf(stderr, __VA_ARGS__);                                    \
      fputc('\n', stderr);                                             \
      exit(1);                                                         \
    }                                                                  \
  } while (0)

// Resident memory of this process, KiB.
static inline long resident_kib(void) {
  long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  REQUIRE(file && fscanf(file, "%*d %ld", &pages) == 1, "no /proc/self/statm");
  fclose(file);
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

// Opens a rule set that must be good.
static inline vigie_t *open_rules(const char *rules, const char *site) {
  vigie_options options = VIGIE_OPTIONS_INIT;
  options.rules = rules;
  options.sites = site ? &site : NULL;
  options.site_count = site ? 1 : 0;
  vigie_t *vigie = NULL;
  char *error = NULL;
  vigie_status status = vigie_open(&options, &vigie, &error);
  REQUIRE(status == VIGIE_OK && vigie && !error, "%s", error ? error : "no error text");
  return vigie;
}

// Whether what a check handed out is what its status promises.
static inline int is_sound(vigie_status status, const char *out, size_t size) {
  switch (status) {
    case VIGIE_OK:
    case VIGIE_BAD_LINE:
      return out && strlen(out) == size && size > 2 && out[0] == '{' && out[size - 1] == '}' &&
             !strchr(out, '\n') && strstr(out, status == VIGIE_OK ? "\"verdict\":" : "\"error\":");
    default:
      return !out && size == 0;
  }
}

#endif
