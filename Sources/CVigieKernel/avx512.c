// The pass with vectors of 64 bytes (AVX-512 with VBMI and VBMI2).
#include "state.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))

INLINE AVX512 __m512i load(const uint8_t *bytes) { return _mm512_loadu_si512((const void *)bytes); }

INLINE AVX512 void fold(const vigie_tables *tables, const uint8_t *bytes, uint32_t count, int has_before, uint8_t *codes,
                        block *block, uint32_t *signs) {
  // What is not of the text is not read.
  __mmask64 own = count < BLOCK ? ((uint64_t)1 << count) - 1 : ~(uint64_t)0;
  __m512i text = _mm512_maskz_loadu_epi8(own, (const void *)bytes);
  __mmask64 wide = _mm512_movepi8_mask(text);
  __mmask64 narrow = ~wide;
  // All of ASCII in two registers: each byte is its own index, of which the highest bit does not count.
  __m512i symbols = _mm512_permutex2var_epi8(load(tables->symbols), text, load(tables->symbols + 64));
  __m512i code = _mm512_permutex2var_epi8(load(tables->codes), text, load(tables->codes + 64));
  block->run = _mm512_movepi8_mask(code) & narrow;
  block->capitals =
      _mm512_cmpneq_epi8_mask(_mm512_and_si512(text, _mm512_set1_epi8(0x60)), _mm512_set1_epi8(0x60));
  block->digits = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(text, _mm512_set1_epi8('0')), _mm512_set1_epi8(10));
  block->signs = (_mm512_test_epi8_mask(symbols, _mm512_set1_epi8((char)0xE0)) |
                  _mm512_test_epi8_mask(code, _mm512_set1_epi8(VIGIE_CODE_BACKSLASH))) &
                 narrow;
  for (uint64_t left = block->signs; __builtin_expect(left != 0, 0); left &= left - 1) {
    uint8_t byte = bytes[__builtin_ctzll(left)];
    *signs |= tables->symbols[byte] | (uint32_t)tables->codes[byte] << 8;
  }
  symbols = _mm512_and_si512(symbols, _mm512_set1_epi8(31));
  code = _mm512_and_si512(code, _mm512_set1_epi8(31 | VIGIE_CODE_KIND));
  if (wide != 0) {
    symbols = _mm512_maskz_mov_epi8(narrow, symbols);
    code = _mm512_mask_mov_epi8(code, wide, _mm512_set1_epi8(WIDE_CODE));
    // The letters of U+00C0…U+00FF are folded by their second bytes.
    __m512i before = _mm512_maskz_loadu_epi8(has_before ? own : own & ~(uint64_t)1, (const void *)(bytes - 1));
    __mmask64 seconds = _mm512_mask_cmpeq_epi8_mask(wide, before, _mm512_set1_epi8((char)0xC3));
    seconds = _mm512_mask_cmplt_epi8_mask(seconds, text, _mm512_set1_epi8((char)0xC0));
    if (seconds != 0) {
      __m512i latin = _mm512_permutexvar_epi8(text, load(tables->latin));
      // 0xFF says more is to be looked at.
      seconds = _mm512_mask_cmpneq_epi8_mask(seconds, latin, _mm512_set1_epi8((char)0xFF));
      symbols = _mm512_mask_mov_epi8(symbols, seconds, latin);
      wide &= ~(seconds | seconds >> 1);
    }
  }
  block->wide = wide;
  _mm512_storeu_si512((void *)codes, code);
  _mm512_storeu_si512((void *)block->slots, symbols);
}

INLINE AVX512 uint32_t pack(const uint8_t *slots, uint8_t *symbols) {
  __m512i all = load(slots);
  __mmask64 taken = _mm512_test_epi8_mask(all, all);
  // In a register and then stored as a whole: to store what is taken alone takes many times as long.
  _mm512_storeu_si512((void *)symbols, _mm512_maskz_compress_epi8(taken, all));
  return (uint32_t)__builtin_popcountll(taken);
}

// The last eight bytes of the text up to one, the newest highest; 0 for what lies outside.
INLINE uint64_t text_before(const pass *pass, size_t at) {
  uint64_t last = 0;
  if (at >= 7 && at < pass->count) {
    memcpy(&last, pass->text + at - 7, 8);
    return last;
  }
  for (size_t back = 0; back < 8 && back <= at; back++) {
    if (at - back < pass->count) last |= (uint64_t)pass->text[at - back] << (8 * (7 - back));
  }
  return last;
}

// Which of eight windows may stand where these are the last values, as bits.
INLINE AVX512 uint32_t standing(const vigie_sieve *sieve, size_t window, uint64_t last) {
  __m512i settled = _mm512_and_si512(_mm512_set1_epi64((long long)last),
                                     _mm512_loadu_si512((const void *)(sieve->masks + window)));
  return _mm512_cmpeq_epi64_mask(settled, _mm512_loadu_si512((const void *)(sieve->values + window)));
}

// So many blocks are sifted before what is left of them is compared: the sets that are left of these fit the nearest
// cache beside the tables.
enum { SIFTED = 16 };

// Where something is left of a sieve, and which buckets that are.
typedef struct {
  uint8_t left[SIFTED][VIGIE_MAX_GROUPS][BLOCK];  // for each block, each eight buckets and each place the buckets
  uint64_t hits[SIFTED];                          // for each block the places
} sifted;

// Which of eight buckets are left of the windows with one code at each place, where these are the last classes.
INLINE AVX512 __m512i by_triples(const uint8_t *sets, const __m512i sums[VIGIE_TRIPLES],
                                 const __m512i last[VIGIE_DEPTH], int is_text) {
  __m512i all = _mm512_permutex2var_epi8(load(sets), sums[0], load(sets + 64));
  for (int triple = 1; triple < VIGIE_TRIPLES; triple++) {
    const uint8_t *own = sets + triple * VIGIE_TRIPLE_SUMS;
    all = _mm512_and_si512(all, _mm512_permutex2var_epi8(load(own), sums[triple], load(own + 64)));
  }
  if (!is_text) return all;
  // Codes do not say which case a letter has, nor sums which sign parts words; symbols have neither.
  const uint8_t *classes = sets + VIGIE_TRIPLES * VIGIE_TRIPLE_SUMS;
  for (int place = 0; place < VIGIE_CLASSES; place++) {
    all = _mm512_and_si512(all, _mm512_permutexvar_epi8(last[2 * place], load(classes + 64 * place)));
  }
  return all;
}

// The same of all other windows.
INLINE AVX512 __m512i by_places(const uint8_t *sets, const __m512i sums[VIGIE_TRIPLES], const __m512i last[VIGIE_DEPTH]) {
  __m512i all = _mm512_permutexvar_epi8(last[0], load(sets));
  for (int place = 1; place < VIGIE_PLACES; place++) {
    all = _mm512_and_si512(all, _mm512_permutexvar_epi8(last[place], load(sets + 64 * place)));
  }
  sets += 64 * VIGIE_PLACES;
  for (int number = 0; number < VIGIE_PLACE_TRIPLES; number++, sets += VIGIE_TRIPLE_SUMS) {
    all = _mm512_and_si512(all, _mm512_permutex2var_epi8(load(sets), sums[vigie_place_triple(number)], load(sets + 64)));
  }
  return all;
}

// Sifts blocks of a stream, up to SIFTED of them.
//
// For 64 places at once, and for each eight buckets: each look-up says which of them go on; what is left after the last
// one may stand.
INLINE AVX512 void sift(const vigie_sieve *sieve, const uint8_t *values, int is_text, uint32_t first, uint32_t end,
                            sifted *sifted) {
  for (uint32_t block = 0, start = first; start < end; block++, start += BLOCK) {
    __m512i last[VIGIE_DEPTH];
    for (uint32_t place = 0; place < VIGIE_DEPTH; place++) last[place] = load(values + start - place);
    // Sums of bytes: a code has five bits, so that its eightfold is one.
    __m512i codes[VIGIE_DEPTH], threefold[VIGIE_DEPTH], eightfold[VIGIE_DEPTH], sums[VIGIE_TRIPLES];
    for (int place = 0; place < VIGIE_DEPTH; place++) {
      // What parts words is one (vigie_sum_code).
      codes[place] = _mm512_and_si512(last[place], _mm512_set1_epi8(31));
      if (is_text) {
        __mmask64 is_letter = _mm512_test_epi8_mask(last[place], _mm512_set1_epi8(3));
        codes[place] = _mm512_maskz_mov_epi8(is_letter, codes[place]);
      }
      threefold[place] = _mm512_add_epi8(codes[place], _mm512_add_epi8(codes[place], codes[place]));
      eightfold[place] = _mm512_slli_epi16(codes[place], 3);
    }
    for (int triple = 0; triple < VIGIE_TRIPLES; triple++) {
      sums[triple] = _mm512_add_epi8(_mm512_sub_epi8(codes[vigie_triple_place(triple, 0)],
                                                     threefold[vigie_triple_place(triple, 1)]),
                                     eightfold[vigie_triple_place(triple, 2)]);
    }
    // All sets are more than the registers hold: left to itself the compiler copies them for each text.
    const uint8_t *sets = sieve->triples;
    __asm__("" : "+r"(sets));
    __m512i any = _mm512_setzero_si512();
    uint32_t group = 0;
    for (uint32_t number = 0; number < sieve->triple_groups; number++, group++) {
      __m512i all = by_triples(sets, sums, last, is_text);
      sets += VIGIE_TRIPLES * VIGIE_TRIPLE_SUMS + VIGIE_CLASSES * 64;
      _mm512_storeu_si512((void *)sifted->left[block][group], all);
      any = _mm512_or_si512(any, all);
    }
    sets = sieve->places;
    for (uint32_t number = 0; number < sieve->place_groups; number++, group++) {
      __m512i all = by_places(sets, sums, last);
      sets += VIGIE_PLACES * 64 + VIGIE_PLACE_TRIPLES * VIGIE_TRIPLE_SUMS;
      _mm512_storeu_si512((void *)sifted->left[block][group], all);
      any = _mm512_or_si512(any, all);
    }
    uint64_t hits = _mm512_test_epi8_mask(any, any);
    if (end - start < BLOCK) hits &= ((uint64_t)1 << (end - start)) - 1;
    sifted->hits[block] = hits;
  }
}

// Takes the strings of a stream by its sieve: of what is left of it the windows are compared.
INLINE AVX512 int find_by_sieve(const pass *pass, const vigie_sieve *sieve, const uint8_t *values, int is_text,
                                uint32_t first, uint32_t end) {
  sifted sifted;
  const uint32_t groups = sieve->triple_groups + sieve->place_groups;
  for (uint32_t start = first; start < end; start += SIFTED * BLOCK) {
    uint32_t limit = end - start < SIFTED * BLOCK ? end : start + SIFTED * BLOCK;
    sift(sieve, values, is_text, start, limit, &sifted);
    for (uint32_t block = 0; start + block * BLOCK < limit; block++) {
      for (uint64_t hits = sifted.hits[block]; __builtin_expect(hits != 0, 0); hits &= hits - 1) {
        uint32_t slot = (uint32_t)__builtin_ctzll(hits);
        uint32_t place = start + block * BLOCK + slot;
        uint64_t last;
        if (is_text) {
          last = text_before(pass, pass->from + place - CODES);
        } else {
          memcpy(&last, values + place - 7, 8);
        }
        pass->scratch->compared_count++;
        uint64_t buckets = 0;
        for (uint32_t group = 0; group < groups; group++) {
          buckets |= (uint64_t)sifted.left[block][group][slot] << (8 * group);
        }
        do {
          uint32_t bucket = (uint32_t)__builtin_ctzll(buckets);
          for (size_t window = sieve->starts[bucket]; window < sieve->starts[bucket + 1]; window += VIGIE_LANES) {
            uint32_t stand = standing(sieve, window, last);
            for (; __builtin_expect(stand != 0, 0); stand &= stand - 1) {
              vigie_span span = sieve->spans[window + (uint32_t)__builtin_ctz(stand)];
              int result = is_text ? vigie_take_anchors(pass, sieve->candidates, span, place)
                                   : vigie_take_phrases(pass, sieve->candidates, span, place);
              if (!result) return 0;
            }
          }
          buckets &= buckets - 1;
        } while (__builtin_expect(buckets != 0, 0));
      }
    }
  }
  return 1;
}

INLINE AVX512 int find(const pass *pass, int is_text, uint32_t first, uint32_t end) {
  const vigie_tables *tables = pass->tables;
  return is_text ? find_by_sieve(pass, &tables->anchor_sieve, pass->scratch->codes, 1, first, end)
                 : find_by_sieve(pass, &tables->phrase_sieve, pass->scratch->symbols, 0, first, end);
}

AVX512 int vigie_pass_avx512(const pass *pass) { return pass_segment(pass, fold, pack, find); }
#endif
