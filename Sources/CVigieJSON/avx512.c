// The pass with vectors of 64 bytes (AVX-512).
#include "variants.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,bmi,bmi2")))
enum { WIDTH = 64 };

// Which of the next bytes end a run of a string, and which are beyond ASCII.
static inline TARGET __attribute__((always_inline)) uint64_t marks_at(const uint8_t *bytes, uint64_t *highs) {
  __m512i text = _mm512_loadu_si512((const void *)bytes);
  *highs = _mm512_movepi8_mask(text);
  return _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('"')) | _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('\\')) |
         _mm512_cmplt_epu8_mask(text, _mm512_set1_epi8(0x20));
}

#include "utf8.h"

static inline TARGET __m512i table(const uint8_t *sixteen) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)sixteen));
}

// What `utf8.h` says, 64 bytes at a time. What is not of the text is not read, and is zero.
static TARGET int is_utf8(const uint8_t *bytes, size_t count) {
  if (is_cut(bytes, count)) return 0;
  const __m512i first_high = table(utf8_first_high), first_low = table(utf8_first_low);
  const __m512i second_high = table(utf8_second_high), nibble = _mm512_set1_epi8(0x0F);
  __m512i faults = _mm512_setzero_si512();
  for (size_t at = 0; at < count; at += 64) {
    __mmask64 own = count - at < 64 ? ((uint64_t)1 << (count - at)) - 1 : ~(uint64_t)0;
    __m512i text = _mm512_maskz_loadu_epi8(own, (const void *)(bytes + at));
    uint64_t known = at > 0 ? ~(uint64_t)0 : ~(uint64_t)1;
    __m512i one = _mm512_maskz_loadu_epi8(own & known, (const void *)(bytes + at - 1));
    __m512i two = _mm512_maskz_loadu_epi8(own & (at > 0 ? known : ~(uint64_t)3), (const void *)(bytes + at - 2));
    __m512i three = _mm512_maskz_loadu_epi8(own & (at > 0 ? known : ~(uint64_t)7), (const void *)(bytes + at - 3));
    __m512i pair = _mm512_and_si512(
        _mm512_and_si512(
            _mm512_shuffle_epi8(first_high, _mm512_and_si512(_mm512_srli_epi16(one, 4), nibble)),
            _mm512_shuffle_epi8(first_low, _mm512_and_si512(one, nibble))),
        _mm512_shuffle_epi8(second_high, _mm512_and_si512(_mm512_srli_epi16(text, 4), nibble)));
    __m512i late = _mm512_or_si512(_mm512_subs_epu8(two, _mm512_set1_epi8((char)(0xE0 - 0x80))),
                                   _mm512_subs_epu8(three, _mm512_set1_epi8((char)(0xF0 - 0x80))));
    faults = _mm512_or_si512(faults, _mm512_xor_si512(pair, _mm512_and_si512(late, _mm512_set1_epi8((char)0x80))));
  }
  return _mm512_test_epi8_mask(faults, faults) == 0;
}

#include "record.h"

TARGET int vigie_json_pick_avx512(vigie_json_record *record) { return pick(record); }

TARGET int vigie_json_is_utf8_avx512(const uint8_t *bytes, size_t count) { return is_utf8(bytes, count); }

#endif
