// The pass with vectors of 16 bytes (NEON), which every ARM of 64 bits has: four of them are a block.
//
// What is met is what the pass in plain C meets, bit for bit: the same windows at the same places in the same order.
#include "state.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#include "packings.h"

enum { PARTS = BLOCK / 16 };

// For each byte of a block, all bits of which are set or none is, one bit, the first lowest.
//
// There is no instruction for it. Each byte keeps the bit of its place among eight; neighbours added three times are eight
// bytes, each of which has the bits of eight.
INLINE uint64_t bits_of(uint8x16x4_t set) {
  static const uint8_t places[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t own = vld1q_u8(places);
  uint8x16_t low = vpaddq_u8(vandq_u8(set.val[0], own), vandq_u8(set.val[1], own));
  uint8x16_t high = vpaddq_u8(vandq_u8(set.val[2], own), vandq_u8(set.val[3], own));
  low = vpaddq_u8(low, high);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(low, low)), 0);
}

// 0 where no byte of a block has a bit, and 0x80 or more where one has the highest.
INLINE uint8_t largest(uint8x16x4_t all) {
  return vmaxvq_u8(vorrq_u8(vorrq_u8(all.val[0], all.val[1]), vorrq_u8(all.val[2], all.val[3])));
}

// Looks the bytes of ASCII up in a table of all 128; of others 0 comes out.
//
// Each byte is its own index. One look-up takes 64 entries: an index beyond these gives 0, and in the second look-up, in
// which the bit of 64 is turned, leaves what the first one gave.
INLINE uint8x16x4_t look_up(const uint8_t *table, uint8x16x4_t text) {
  const uint8x16x4_t low = vld1q_u8_x4(table), high = vld1q_u8_x4(table + 64);
  uint8x16x4_t all;
  for (int part = 0; part < PARTS; part++) {
    all.val[part] = vqtbx4q_u8(vqtbl4q_u8(low, text.val[part]), high, veorq_u8(text.val[part], vdupq_n_u8(0x40)));
  }
  return all;
}

// Folds the letters of U+00C0…U+00FF by their second bytes, 0x80…0xBF after 0xC3; returns which bytes these are.
INLINE uint64_t fold_latin(const uint8_t *latin, const uint8_t *bytes, uint8x16x4_t text, uint8x16x4_t *symbols) {
  const uint8x16x4_t table = vld1q_u8_x4(latin);
  uint8x16x4_t seconds;
  for (int part = 0; part < PARTS; part++) {
    // The byte before is in the block's memory too, or in the copy of it.
    uint8x16_t is_after = vceqq_u8(vld1q_u8(bytes - 1 + 16 * part), vdupq_n_u8(0xC3));
    uint8x16_t is_second = vcltq_s8(vreinterpretq_s8_u8(text.val[part]), vdupq_n_s8((int8_t)0xC0));
    // Without their highest bit they are indices; what is no second byte has an index beyond the table, or is not taken.
    uint8x16_t folded = vqtbl4q_u8(table, veorq_u8(text.val[part], vdupq_n_u8(0x80)));
    // 0xFF says more is to be looked at.
    uint8x16_t is_more = vceqq_u8(folded, vdupq_n_u8(0xFF));
    seconds.val[part] = vbicq_u8(vandq_u8(is_after, is_second), is_more);
    symbols->val[part] = vorrq_u8(symbols->val[part], vandq_u8(folded, seconds.val[part]));
  }
  return bits_of(seconds);
}

INLINE void fold(const vigie_tables *tables, const uint8_t *bytes, uint32_t count, int has_before, uint8_t *codes,
                 block *block, uint32_t *signs) {
  uint8_t padded[1 + BLOCK];
  bytes = whole_block(bytes, count, has_before, padded);
  const uint8x16x4_t text = vld1q_u8_x4(bytes);
  uint8x16x4_t symbols = look_up(tables->symbols, text);
  uint8x16x4_t code = look_up(tables->codes, text);
  uint8x16x4_t run, small, digits, signed_bytes;
  for (int part = 0; part < PARTS; part++) {
    // The highest bit of a code, VIGIE_CODE_RUN, is the sign of a number.
    run.val[part] = vcltzq_s8(vreinterpretq_s8_u8(code.val[part]));
    small.val[part] = vceqq_u8(vandq_u8(text.val[part], vdupq_n_u8(0x60)), vdupq_n_u8(0x60));
    digits.val[part] = vcltq_u8(vsubq_u8(text.val[part], vdupq_n_u8('0')), vdupq_n_u8(10));
    signed_bytes.val[part] = vorrq_u8(vtstq_u8(symbols.val[part], vdupq_n_u8(0xE0)),
                                      vtstq_u8(code.val[part], vdupq_n_u8(VIGIE_CODE_BACKSLASH)));
    symbols.val[part] = vandq_u8(symbols.val[part], vdupq_n_u8(31));
    code.val[part] = vandq_u8(code.val[part], vdupq_n_u8(31));
  }
  block->run = bits_of(run);
  block->capitals = ~bits_of(small);
  block->digits = bits_of(digits);
  block->signs = 0;
  // Signs are rare.
  if (__builtin_expect(largest(signed_bytes) != 0, 0)) {
    block->signs = bits_of(signed_bytes);
    for (uint64_t left = block->signs; left != 0; left &= left - 1) {
      uint8_t byte = bytes[__builtin_ctzll(left)];
      *signs |= tables->symbols[byte] | (uint32_t)tables->codes[byte] << 8;
    }
  }
  block->wide = 0;
  if (largest(text) >= 0x80) {
    uint8x16x4_t wide;
    for (int part = 0; part < PARTS; part++) {
      wide.val[part] = vcltzq_s8(vreinterpretq_s8_u8(text.val[part]));
      // Of these the look-up gave no code.
      code.val[part] = vorrq_u8(code.val[part], vandq_u8(wide.val[part], vdupq_n_u8(WIDE_CODE)));
    }
    uint64_t folded = fold_latin(tables->latin, bytes, text, &symbols);
    // A first byte that ends the block is looked at: its second is not folded yet.
    block->wide = bits_of(wide) & ~(folded | folded >> 1);
  }
  vst1q_u8_x4(codes, code);
  vst1q_u8_x4(block->slots, symbols);
}

INLINE uint32_t pack(const uint8_t *slots, uint8_t *symbols) {
  const uint8x16x4_t all = vld1q_u8_x4(slots);
  uint8x16x4_t is_taken;
  for (int part = 0; part < PARTS; part++) is_taken.val[part] = vtstq_u8(all.val[part], all.val[part]);
  const uint64_t taken = bits_of(is_taken);
  // In each byte how many are taken of eight slots, and multiplied, of these and all before them: none waits for another.
  const uint64_t counts = vget_lane_u64(vreinterpret_u64_u8(vcnt_u8(vcreate_u8(taken))), 0);
  const uint64_t ends = counts * 0x0101010101010101;
  for (uint32_t part = 0; part < BLOCK / 8; part++) {
    uint8x8_t order = vld1_u8(packings[taken >> (8 * part) & 0xFF]);
    // Eight bytes each; the next eight overwrite what is too much of them.
    vst1_u8(symbols + ((ends << 8) >> (8 * part) & 0xFF), vtbl1_u8(vld1_u8(slots + 8 * part), order));
  }
  return (uint32_t)(ends >> 56);
}

// Of eight windows, the last two values of which are pairs of bytes from here on, these pairs as numbers of ten bits, with
// others above them: the older value, shifted, is inserted above the newer one.
INLINE uint16x8_t pairs_at(const uint8_t *values) {
  uint16x8_t both = vreinterpretq_u16_u8(vld1q_u8(values));
  return vsliq_n_u16(vshrq_n_u16(both, 8), both, 5);
}

// Where in the map the bytes of eight windows are whose last values are every second from one on: their numbers of 18 bits
// (window_number) but for the lowest three.
INLINE uint16x8_t bytes_of_map(const uint8_t *last) {
  uint16x8_t older = pairs_at(last - 3), newer = pairs_at(last - 1);
  return vandq_u16(vsliq_n_u16(vshrq_n_u16(newer, 3), older, 7), vdupq_n_u16(0x7FFF));
}

// The bytes of the map for eight windows.
INLINE uint8x8_t gather(const uint8_t *map, uint16x8_t indices) {
  uint16_t at[8];
  vst1q_u16(at, indices);
  uint8x8_t all = vdup_n_u8(map[at[0]]);
#define PUT(number) all = vld1_lane_u8(map + at[number], all, number);
  PUT(1) PUT(2) PUT(3) PUT(4) PUT(5) PUT(6) PUT(7)
#undef PUT
  return all;
}

INLINE uint32_t seek(const uint32_t *words, const uint8_t *values, uint32_t first, uint32_t end, uint16_t *met) {
  const uint8_t *map = (const uint8_t *)words;
  uint32_t count = 0;
  for (uint32_t place = first; place < end; place += 32) {
    const uint8_t *last = values + place;
    uint8x16_t bytes = vcombine_u8(gather(map, bytes_of_map(last)), gather(map, bytes_of_map(last + 16)));
    // The lowest three bits of a number are those of the last value: which bit of the byte it is.
    uint8x16_t newest = vandq_u8(vuzp2q_u8(vld1q_u8(last - 1), vld1q_u8(last + 15)), vdupq_n_u8(7));
    uint8x16_t bits = vshlq_u8(vdupq_n_u8(1), vreinterpretq_s8_u8(newest));
    // Of each byte four bits are left, of which one is kept.
    uint8x8_t found = vshrn_n_u16(vreinterpretq_u16_u8(vtstq_u8(bytes, bits)), 4);
    uint64_t hits = vget_lane_u64(vreinterpret_u64_u8(found), 0) & 0x1111111111111111;
    // Four bits for every second value.
    if (end - place < 31) hits &= ((uint64_t)1 << ((end - place + 1) / 2 * 4)) - 1;
    for (; hits != 0; hits &= hits - 1) met[count++] = (uint16_t)(place + (uint32_t)__builtin_ctzll(hits) / 2);
  }
  return count;
}

INLINE int find(const pass *pass, int is_text, uint32_t first, uint32_t end) {
  return find_by_map(pass, is_text, first, end, seek);
}

int vigie_pass_neon(const pass *pass) { return pass_segment(pass, fold, pack, find); }
#endif
