#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

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

enum { VIGIE_ICU_NAME_LENGTH = 32 };

/* The encodings that a text may be in, the likeliest first: their names, each in a field of
   VIGIE_ICU_NAME_LENGTH, and how sure ICU is of each, 0 to 100. Returns their number. */
static inline int32_t vigie_icu_detect(
    const char *bytes, int32_t count, char *names, int32_t *confidences, int32_t capacity) {
  UErrorCode error = U_ZERO_ERROR;
  UCharsetDetector *detector = ucsdet_open(&error);
  int32_t found = 0;
  ucsdet_setText(detector, bytes, count, &error);
  const UCharsetMatch **matches = ucsdet_detectAll(detector, &found, &error);
  int32_t written = 0;
  for (int32_t index = 0; U_SUCCESS(error) && index < found && written < capacity; index++) {
    const char *name = ucsdet_getName(matches[index], &error);
    int32_t confidence = ucsdet_getConfidence(matches[index], &error);
    if (U_FAILURE(error) || name == NULL || strlen(name) >= VIGIE_ICU_NAME_LENGTH) continue;
    strcpy(names + written * VIGIE_ICU_NAME_LENGTH, name);
    confidences[written++] = confidence;
  }
  ucsdet_close(detector);
  return written;
}
