#include <unicode/ucnv.h>

/* ICU renames its functions by macros that end in its version, which Swift cannot see. */

static inline UConverter *vigie_icu_open(const char *name) {
  UErrorCode error = U_ZERO_ERROR;
  UConverter *converter = ucnv_open(name, &error);
  return U_SUCCESS(error) ? converter : 0;
}

static inline int32_t vigie_icu_to_utf8(
    UConverter *converter, char *target, int32_t capacity, const char *source, int32_t count) {
  UErrorCode error = U_ZERO_ERROR;
  int32_t length = ucnv_toAlgorithmic(
      UCNV_UTF8, converter, target, capacity, source, count, &error);
  return U_SUCCESS(error) && length <= capacity ? length : -1;
}

static inline void vigie_icu_close(UConverter *converter) { ucnv_close(converter); }
