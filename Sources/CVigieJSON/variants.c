// Which variant there is, and the way to it.
#include "variants.h"

#include <stdlib.h>
#include <string.h>

int vigie_json_has_variant(vigie_json_variant variant) {
  switch (variant) {
  case VIGIE_JSON_PORTABLE: return 1;
#if defined(__x86_64__)
  case VIGIE_JSON_AVX2:
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  case VIGIE_JSON_AVX512:
    return vigie_json_has_variant(VIGIE_JSON_AVX2) && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#endif
  default: return 0;
  }
}

vigie_json_variant vigie_json_chosen_variant(void) {
  const char *name = getenv("VIGIE_KERNEL");
  vigie_json_variant most = VIGIE_JSON_AVX512;
  if (name != 0 && (strcmp(name, "swift") == 0 || strcmp(name, "scalar") == 0)) most = VIGIE_JSON_PORTABLE;
  if (name != 0 && strcmp(name, "avx2") == 0) most = VIGIE_JSON_AVX2;
  while (!vigie_json_has_variant(most)) most--;
  return most;
}

int vigie_json_pick(vigie_json_record *record, vigie_json_variant variant) {
  switch (variant) {
#if defined(__x86_64__)
  case VIGIE_JSON_AVX2: return vigie_json_pick_avx2(record);
  case VIGIE_JSON_AVX512: return vigie_json_pick_avx512(record);
#endif
  default: return 0;
  }
}

int vigie_json_is_utf8(const uint8_t *bytes, size_t count, vigie_json_variant variant) {
  switch (variant) {
#if defined(__x86_64__)
  case VIGIE_JSON_AVX2: return vigie_json_is_utf8_avx2(bytes, count);
  case VIGIE_JSON_AVX512: return vigie_json_is_utf8_avx512(bytes, count);
#endif
  default: return 0;
  }
}
