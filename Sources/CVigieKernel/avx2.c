// The pass with vectors of 32 bytes (AVX2).
#include "state.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "packings.h"

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

// For a number of 0…7 the byte with that bit.
static const uint8_t bits_of_bytes[16] = {1, 2, 4, 8, 16, 32, 64, 128};

INLINE AVX2 __m256i both(const uint8_t *row) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)row));
}

// Looks bytes up in rows of sixteen: those of 0x20, 0x30, and of 0x60, 0x70 for all letters.
INLINE AVX2 __m256i look_up(const uint8_t *table, __m256i low, __m256i odd, __m256i letters) {
  __m256i digits = _mm256_blendv_epi8(_mm256_shuffle_epi8(both(table + 0x20), low),
                                      _mm256_shuffle_epi8(both(table + 0x30), low), odd);
  __m256i words = _mm256_blendv_epi8(_mm256_shuffle_epi8(both(table + 0x60), low),
                                     _mm256_shuffle_epi8(both(table + 0x70), low), odd);
  return _mm256_blendv_epi8(digits, words, letters);
}

// What is known of half a block.
typedef struct {
  uint32_t wide;
  uint32_t signs;
  uint32_t run;
  uint32_t capitals;
  uint32_t digits;
} half;

INLINE AVX2 half fold_half(const vigie_tables *tables, const uint8_t *bytes, uint8_t *codes, uint8_t *slots,
                           uint32_t *signs) {
  half half;
  __m256i text = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
  // Capitals are looked up as small letters; so are the five signs around them, which have the same codes and
  // symbols as those around small letters, but for the @.
  __m256i kill = _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), text);
  __m256i low = _mm256_or_si256(_mm256_and_si256(text, _mm256_set1_epi8(0x0F)), kill);
  __m256i odd = _mm256_slli_epi16(text, 3);
  __m256i letters = _mm256_slli_epi16(text, 1);
  __m256i symbols = look_up(tables->symbols, low, odd, letters);
  __m256i code = look_up(tables->codes, low, odd, letters);
  __m256i at = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('@'));
  symbols = _mm256_blendv_epi8(symbols, _mm256_set1_epi8((char)tables->symbols['@']), at);
  code = _mm256_blendv_epi8(code, _mm256_set1_epi8((char)tables->codes['@']), at);
  // Signs are rare. One of the row of capitals is seen by its neighbour in the row of small letters.
  __m256i signed_bytes = _mm256_and_si256(symbols, _mm256_set1_epi8((char)0xE0));
  half.signs = 0;
  if (__builtin_expect(!_mm256_testz_si256(signed_bytes, signed_bytes), 0)) {
    half.signs = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(signed_bytes, _mm256_setzero_si256()));
    for (uint32_t left = half.signs; left != 0; left &= left - 1) {
      uint8_t byte = bytes[__builtin_ctz(left)];
      *signs |= tables->symbols[byte] | (uint32_t)tables->codes[byte] << 8;
    }
  }
  half.run = (uint32_t)_mm256_movemask_epi8(code);
  half.capitals =
      ~(uint32_t)_mm256_movemask_epi8(_mm256_and_si256(_mm256_slli_epi16(text, 1), _mm256_slli_epi16(text, 2)));
  half.digits = (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(_mm256_cmpgt_epi8(text, _mm256_set1_epi8('0' - 1)),
                                                                _mm256_cmpgt_epi8(_mm256_set1_epi8('9' + 1), text)));
  symbols = _mm256_and_si256(symbols, _mm256_set1_epi8(31));
  code = _mm256_and_si256(code, _mm256_set1_epi8(31));
  uint32_t wide = (uint32_t)_mm256_movemask_epi8(text);
  if (wide != 0) {
    __m256i beyond = _mm256_cmpgt_epi8(_mm256_setzero_si256(), text);
    code = _mm256_or_si256(code, _mm256_and_si256(beyond, _mm256_set1_epi8(WIDE_CODE)));
    // The letters of U+00C0…U+00FF are folded by their second bytes.
    __m256i before = _mm256_loadu_si256((const __m256i *)(const void *)(bytes - 1));
    __m256i seconds = _mm256_and_si256(_mm256_cmpeq_epi8(before, _mm256_set1_epi8((char)0xC3)),
                                       _mm256_cmpgt_epi8(_mm256_set1_epi8((char)0xC0), text));
    __m256i nibble = _mm256_and_si256(text, _mm256_set1_epi8(0x0F));
    __m256i upper = _mm256_slli_epi16(text, 2);
    __m256i latin = _mm256_blendv_epi8(
        _mm256_blendv_epi8(_mm256_shuffle_epi8(both(tables->latin), nibble),
                           _mm256_shuffle_epi8(both(tables->latin + 16), nibble), odd),
        _mm256_blendv_epi8(_mm256_shuffle_epi8(both(tables->latin + 32), nibble),
                           _mm256_shuffle_epi8(both(tables->latin + 48), nibble), odd),
        upper);
    // 0xFF says more is to be looked at.
    seconds = _mm256_andnot_si256(_mm256_cmpeq_epi8(latin, _mm256_set1_epi8((char)0xFF)), seconds);
    symbols = _mm256_or_si256(symbols, _mm256_and_si256(latin, seconds));
    uint32_t folded = (uint32_t)_mm256_movemask_epi8(seconds);
    wide &= ~(folded | folded >> 1);
  }
  half.wide = wide;
  _mm256_storeu_si256((__m256i *)(void *)codes, code);
  _mm256_storeu_si256((__m256i *)(void *)slots, symbols);
  return half;
}

INLINE AVX2 void fold(const vigie_tables *tables, const uint8_t *bytes, uint32_t count, int has_before, uint8_t *codes,
                      block *block, uint32_t *signs) {
  uint8_t padded[1 + BLOCK];
  bytes = whole_block(bytes, count, has_before, padded);
  half low = fold_half(tables, bytes, codes, block->slots, signs);
  half high = fold_half(tables, bytes + 32, codes + 32, block->slots + 32, signs);
  block->wide = low.wide | (uint64_t)high.wide << 32;
  block->signs = low.signs | (uint64_t)high.signs << 32;
  block->run = low.run | (uint64_t)high.run << 32;
  block->capitals = low.capitals | (uint64_t)high.capitals << 32;
  block->digits = low.digits | (uint64_t)high.digits << 32;
}

INLINE AVX2 uint32_t pack(const uint8_t *slots, uint8_t *symbols) {
  uint64_t taken = 0;
  for (uint32_t part = 0; part < BLOCK / 32; part++) {
    __m256i all = _mm256_loadu_si256((const __m256i *)(const void *)(slots + 32 * part));
    uint32_t none = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(all, _mm256_setzero_si256()));
    taken |= (uint64_t)~none << (32 * part);
  }
  uint8_t *end = symbols;
  for (uint32_t part = 0; part < BLOCK / 8; part++) {
    uint32_t set = taken >> (8 * part) & 0xFF;
    __m128i eight = _mm_loadl_epi64((const __m128i *)(const void *)(slots + 8 * part));
    __m128i order = _mm_loadl_epi64((const __m128i *)(const void *)packings[set]);
    _mm_storel_epi64((__m128i *)(void *)end, _mm_shuffle_epi8(eight, order));
    end += __builtin_popcount(set);
  }
  return (uint32_t)(end - symbols);
}

// The numbers of eight windows, the last values of which are every fourth from a fourth on.
INLINE AVX2 __m256i numbers(const uint8_t *values) {
  __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)values);
  __m256i pairs = _mm256_maddubs_epi16(bytes, _mm256_set1_epi16(1 << 8 | 32));
  __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(1 << 16 | 1024));
  return _mm256_and_si256(fours, _mm256_set1_epi32(0x3FFFF));
}

INLINE AVX2 uint32_t seek(const uint32_t *words, const uint8_t *values, uint32_t first, uint32_t end, uint16_t *met) {
  const uint8_t *map = (const uint8_t *)words;
  const __m256i powers = both(bits_of_bytes);
  uint32_t count = 0;
  for (uint32_t place = first; place < end; place += 32) {
    __m256i even = numbers(values + place - 3);
    __m256i odd = numbers(values + place - 1);
    // In 16 bits each, one behind the other: the byte of the map, and the bit in it.
    __m256i bytes = _mm256_or_si256(_mm256_srli_epi32(even, 3), _mm256_slli_epi32(_mm256_srli_epi32(odd, 3), 16));
    __m256i bits = _mm256_or_si256(_mm256_and_si256(even, _mm256_set1_epi32(7)),
                                   _mm256_and_si256(_mm256_slli_epi32(odd, 16), _mm256_set1_epi32(7 << 16)));
    bits = _mm256_shuffle_epi8(powers, _mm256_or_si256(bits, _mm256_set1_epi16((short)0x8000)));
    uint16_t at[16];
    _mm256_storeu_si256((__m256i *)(void *)at, bytes);
    __m128i one = _mm_cvtsi32_si128(map[at[0]]);
    __m128i two = _mm_cvtsi32_si128(map[at[8]]);
#define PUT(number)                                       \
  one = _mm_insert_epi8(one, map[at[number]], 2 * number); \
  two = _mm_insert_epi8(two, map[at[8 + number]], 2 * number);
    PUT(1) PUT(2) PUT(3) PUT(4) PUT(5) PUT(6) PUT(7)
#undef PUT
    __m256i found = _mm256_and_si256(_mm256_inserti128_si256(_mm256_castsi128_si256(one), two, 1), bits);
    uint32_t hits = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi16(found, _mm256_setzero_si256())) & 0x55555555;
    if (end - place < 32) hits &= (1u << (end - place)) - 1;
    for (; hits != 0; hits &= hits - 1) met[count++] = (uint16_t)(place + (uint32_t)__builtin_ctz(hits));
  }
  return count;
}

INLINE AVX2 int find(const pass *pass, int is_text, uint32_t first, uint32_t end) {
  return find_by_map(pass, is_text, first, end, seek);
}

AVX2 int vigie_pass_avx2(const pass *pass) { return pass_segment(pass, fold, pack, find); }
#endif
