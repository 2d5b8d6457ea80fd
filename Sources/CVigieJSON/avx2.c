// The pass with vectors of 32 bytes (AVX2).
#include "variants.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target("avx2,bmi,bmi2")))
enum { WIDTH = 32 };

static inline TARGET __attribute__((always_inline)) __m256i load(const uint8_t *bytes) {
  return _mm256_loadu_si256((const __m256i *)(const void *)bytes);
}

// Which of the next bytes end a run of a string, and which are beyond ASCII.
static inline TARGET __attribute__((always_inline)) uint64_t marks_at(const uint8_t *bytes, uint64_t *highs) {
  __m256i text = load(bytes);
  *highs = (uint32_t)_mm256_movemask_epi8(text);
  __m256i signs = _mm256_or_si256(_mm256_cmpeq_epi8(text, _mm256_set1_epi8('"')),
                                  _mm256_cmpeq_epi8(text, _mm256_set1_epi8('\\')));
  __m256i controls = _mm256_cmpeq_epi8(_mm256_max_epu8(text, _mm256_set1_epi8(0x1F)), _mm256_set1_epi8(0x1F));
  return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(signs, controls));
}

#include "utf8.h"

static inline TARGET __m256i table(const uint8_t *sixteen) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)sixteen));
}

// What `utf8.h` says, 32 bytes at a time; the last ones are followed by zeros.
static TARGET int is_utf8(const uint8_t *bytes, size_t count) {
  if (is_cut(bytes, count)) return 0;
  const __m256i first_high = table(utf8_first_high), first_low = table(utf8_first_low);
  const __m256i second_high = table(utf8_second_high), nibble = _mm256_set1_epi8(0x0F);
  __m256i faults = _mm256_setzero_si256(), before = _mm256_setzero_si256();
  for (size_t at = 0; at < count; at += 32) {
    __m256i text;
    if (count - at >= 32) {
      text = load(bytes + at);
    } else {
      uint8_t last[32] = {0};
      memcpy(last, bytes + at, count - at);
      text = load(last);
    }
    // The text with what comes one, two and three bytes before it.
    __m256i joint = _mm256_permute2x128_si256(before, text, 0x21);
    __m256i one = _mm256_alignr_epi8(text, joint, 15);
    __m256i two = _mm256_alignr_epi8(text, joint, 14);
    __m256i three = _mm256_alignr_epi8(text, joint, 13);
    __m256i pair = _mm256_and_si256(
        _mm256_and_si256(
            _mm256_shuffle_epi8(first_high, _mm256_and_si256(_mm256_srli_epi16(one, 4), nibble)),
            _mm256_shuffle_epi8(first_low, _mm256_and_si256(one, nibble))),
        _mm256_shuffle_epi8(second_high, _mm256_and_si256(_mm256_srli_epi16(text, 4), nibble)));
    __m256i late = _mm256_or_si256(_mm256_subs_epu8(two, _mm256_set1_epi8((char)(0xE0 - 0x80))),
                                   _mm256_subs_epu8(three, _mm256_set1_epi8((char)(0xF0 - 0x80))));
    faults = _mm256_or_si256(faults, _mm256_xor_si256(pair, _mm256_and_si256(late, _mm256_set1_epi8((char)0x80))));
    before = text;
  }
  return _mm256_testz_si256(faults, faults);
}

#include "record.h"

TARGET int vigie_json_pick_avx2(vigie_json_record *record) { return pick(record); }

TARGET int vigie_json_is_utf8_avx2(const uint8_t *bytes, size_t count) { return is_utf8(bytes, count); }

#endif
