// The pass in plain C: for machines without vectors, and to compare the others with.
#include "state.h"

INLINE void fold(const vigie_tables *tables, const uint8_t *bytes, uint32_t count, int has_before, uint8_t *codes,
                 block *block, uint32_t *signs) {
  uint8_t padded[1 + BLOCK];
  bytes = whole_block(bytes, count, has_before, padded);
  uint64_t wide = 0;
  uint64_t run = 0;
  uint64_t capitals = 0;
  uint64_t signed_bytes = 0;
  uint64_t digits = 0;
  for (uint32_t index = 0; index < BLOCK; index++) {
    uint8_t byte = bytes[index];
    uint8_t symbol = tables->symbols[byte];
    uint8_t code = tables->codes[byte];
    block->slots[index] = symbol & 31;
    codes[index] = code & 31;
    *signs |= symbol | (uint32_t)code << 8;
    signed_bytes |= (uint64_t)(symbol >> 5 != 0 || (code & VIGIE_CODE_BACKSLASH) != 0) << index;
    wide |= (uint64_t)(byte >> 7) << index;
    run |= (uint64_t)((code & VIGIE_CODE_RUN) != 0) << index;
    capitals |= (uint64_t)((byte & 0x60) != 0x60) << index;
    digits |= (uint64_t)((uint8_t)(byte - '0') < 10) << index;
  }
  block->wide = wide;
  block->signs = signed_bytes;
  block->digits = digits;
  block->run = run;
  block->capitals = capitals;
}

INLINE uint32_t pack(const uint8_t *slots, uint8_t *symbols) {
  uint32_t count = 0;
  for (uint32_t index = 0; index < BLOCK; index++) {
    symbols[count] = slots[index];
    count += slots[index] != 0;
  }
  return count;
}

INLINE uint32_t seek(const uint32_t *map, const uint8_t *values, uint32_t first, uint32_t end, uint16_t *met) {
  uint32_t count = 0;
  for (uint32_t place = first; place < end; place += 2) {
    uint32_t number = window_number(values + place);
    met[count] = (uint16_t)place;
    count += map[number >> 5] >> (number & 31) & 1;
  }
  return count;
}

INLINE int find(const pass *pass, int is_text, uint32_t first, uint32_t end) {
  return find_by_map(pass, is_text, first, end, seek);
}

int vigie_pass_scalar(const pass *pass) { return pass_segment(pass, fold, pack, find); }
