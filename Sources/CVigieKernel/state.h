// What all variants of the pass share.
#ifndef C_VIGIE_KERNEL_STATE_H
#define C_VIGIE_KERNEL_STATE_H

#include "include/CVigieKernel.h"

#include <string.h>

// The bytes of a block: a bit each in a word.
enum { BLOCK = 64 };

// The scratch memory of a pass.
struct vigie_scratch {
  uint8_t codes[64 + VIGIE_SEGMENT + 64];
  uint8_t symbols[VIGIE_HISTORY + VIGIE_SEGMENT + 64];
  uint16_t starts[VIGIE_SEGMENT / BLOCK + 2];  // for each block how many symbols come before it
  uint32_t symbol_count;                    // of the segment
  uint32_t parity;                          // of the first symbol of the segment
  uint8_t pending[4];                       // symbols of a scalar that ends in the next block
  uint64_t done;                            // the byte of the text up to which scalars were looked at
  uint64_t run;                             // of the last block the bytes that are letters of base64
  uint64_t capitals;                        // and those that are no small letters
  uint64_t digits;                          // and the digits
  uint32_t anchor_count;                    // the first events are those of anchors, by their ends
  uint32_t event_count;
  uint32_t look_count;
  uint32_t met;
  uint32_t missing_row;                     // what has to be described first
  uint32_t compared_count;                  // at how many places windows were compared
  uint16_t looks[VIGIE_MAX_LOOKS];          // bytes from the segment's start
  uint32_t sign_count;
  uint32_t run_count;
  uint16_t runs[VIGIE_MAX_RUNS];            // bytes from the segment's start
  uint32_t script_count;
  uint16_t scripts[VIGIE_MAX_SIGNS + 1];    // bytes from the segment's start
  uint32_t digit_count;
  uint16_t digit_ends[VIGIE_MAX_DIGITS];    // bytes from the segment's start
  uint16_t signs[VIGIE_MAX_SIGNS + BLOCK];
  vigie_event events[VIGIE_MAX_EVENTS];
  uint16_t described[VIGIE_ROW_COUNT];      // for each row its place in `scalars` from 1 on; 0 for none
  uint32_t *scalars;                        // descriptions, row after row
  uint32_t row_count;                       // how many rows
  uint32_t row_capacity;
};

#define INLINE static inline __attribute__((always_inline))

// The codes and symbols of a segment start here in their buffers: windows look back from there.
enum { CODES = 64, SYMBOLS = VIGIE_HISTORY };
// Strings are compared as a whole where they are no longer: their letters are among those kept.
enum { MAX_COMPARED = VIGIE_HISTORY - 16 };
// The code of bytes beyond ASCII.
enum { WIDE_CODE = 24 };

// A block, folded.
typedef struct {
  uint8_t slots[BLOCK + 4];  // symbols where scalars end, then those of the next block; 0 for none
  uint64_t wide;             // the bytes that must be looked at
  uint64_t signs;            // those of signs
  uint64_t run;              // letters of base64
  uint64_t capitals;         // no small letters
  uint64_t digits;
} block;

// A scalar of the text, or a byte that is none.
typedef struct {
  uint32_t value;
  uint32_t length;
} unit;

// The unit that starts at a byte beyond ASCII.
//
// Source: The Unicode Standard 15.0, table 3-7, "Well-Formed UTF-8 Byte Sequences".
INLINE unit unit_at(const uint8_t *text, size_t count, size_t index) {
  const unit malformed = {0xFFFD, 1};
  size_t left = count - index;
  uint8_t lead = text[index];
  if (left < 2 || lead < 0xC2 || lead > 0xF4) return malformed;
  uint8_t second = text[index + 1];
  if ((second & 0xC0) != 0x80) return malformed;
  if (lead < 0xE0) return (unit){(uint32_t)(lead & 0x1F) << 6 | (second & 0x3F), 2};
  if (left < 3 || (text[index + 2] & 0xC0) != 0x80) return malformed;
  uint32_t low = (uint32_t)(second & 0x3F) << 6 | (text[index + 2] & 0x3F);
  if (lead < 0xF0) {
    uint32_t value = (uint32_t)(lead & 0x0F) << 12 | low;
    // Longer forms than needed, and surrogates.
    if (value < 0x800 || (value >= 0xD800 && value < 0xE000)) return malformed;
    return (unit){value, 3};
  }
  if (left < 4 || (text[index + 3] & 0xC0) != 0x80) return malformed;
  uint32_t value = (uint32_t)(lead & 0x07) << 18 | low << 6 | (text[index + 3] & 0x3F);
  if (value < 0x10000 || value > 0x10FFFF) return malformed;
  return (unit){value, 4};
}

// The description of a scalar beyond ASCII, or -1 where its row is not described yet.
INLINE int64_t description(const vigie_scratch *scratch, uint32_t scalar) {
  uint32_t row = scratch->described[scalar / VIGIE_ROW];
  if (row == 0) return -1;
  return scratch->scalars[(row - 1) * VIGIE_ROW + scalar % VIGIE_ROW];
}

// What a pass over a segment knows while it goes on.
typedef struct {
  const vigie_tables *tables;
  vigie_scratch *scratch;
  const uint8_t *text;
  size_t count;    // of the text
  size_t from;     // where the segment starts
  uint32_t length; // of the segment
  int is_last;
} pass;

// The next event, or nothing where there is no room.
INLINE vigie_event *next_event(vigie_scratch *scratch) {
  if (scratch->event_count == VIGIE_MAX_EVENTS) return 0;
  return &scratch->events[scratch->event_count++];
}

#pragma GCC visibility push(hidden)
int vigie_take_wide(const pass *pass, block *block, uint32_t start);
void vigie_take_digits(const pass *pass, uint64_t pairs, uint32_t start);
int vigie_take_phrases(const pass *pass, const vigie_candidate *candidates, vigie_span span, uint32_t place);
int vigie_take_anchors(const pass *pass, const vigie_candidate *candidates, vigie_span span, uint32_t place);
int vigie_pass_scalar(const pass *pass);
int vigie_pass_avx2(const pass *pass);
int vigie_pass_avx512(const pass *pass);
int vigie_pass_neon(const pass *pass);
#pragma GCC visibility pop

// How a variant folds a block of `count` bytes, at most BLOCK; the byte before them may be read where there is one. What
// is beyond them is folded like zeros.
typedef void fold_block(const vigie_tables *tables, const uint8_t *bytes, uint32_t count, int has_before, uint8_t *codes,
                        block *block, uint32_t *signs);
// A block as a whole with one byte before it, for variants that read no less: its own bytes, or a copy with zeros around.
INLINE const uint8_t *whole_block(const uint8_t *bytes, uint32_t count, int has_before, uint8_t padded[1 + BLOCK]) {
  if (count == BLOCK && has_before) return bytes;
  memset(padded, 0, 1 + BLOCK);
  if (has_before) padded[0] = bytes[-1];
  memcpy(padded + 1, bytes, count);
  return padded + 1;
}

// How a variant packs the symbols of a block; returns how many there are.
typedef uint32_t pack_block(const uint8_t *slots, uint8_t *symbols);
// How a variant looks for windows: at values `first`, `first` + 2 … below `end`. Returns how many of these are
// met, and puts their places into `met`.
typedef uint32_t seek_windows(const uint32_t *map, const uint8_t *values, uint32_t first, uint32_t end,
                              uint16_t *met);
// How a variant takes the strings of a stream whose windows end at values `first` … below `end`: those of anchors where
// `is_text`, else those of phrases. Returns 0 where there is no room for an event.
typedef int find_strings(const pass *pass, int is_text, uint32_t first, uint32_t end);

// The number of the window that ends with a value.
INLINE uint32_t window_number(const uint8_t *last) {
  return (uint32_t)(last[-3] & 7) << 15 | (uint32_t)last[-2] << 10 | (uint32_t)last[-1] << 5 | last[0];
}

// Keeps of the windows that are met those whose strings may stand there: most do not, and are told by what all
// strings of a window agree on. One window does not wait for the other: the tables are far away.
INLINE uint32_t test_windows(const pass *pass, const vigie_stream *stream, const uint8_t *values, int is_text,
                             const uint16_t *met, uint32_t count, uint16_t *places, uint32_t *windows) {
  uint32_t kept = 0;
  for (uint32_t index = 0; index < count; index++) {
    uint32_t place = met[index];
    uint32_t number = window_number(values + place);
    uint32_t before = stream->map[number >> 5] & ((1u << (number & 31)) - 1);
    uint32_t window = stream->rows[number >> 5] + (uint32_t)__builtin_popcount(before);
    uint64_t last;
    uint32_t stands = 1;
    if (is_text) {
      // Letters in their very case, and digits, are more than their codes say.
      size_t at = pass->from + place - CODES;
      if (at >= 7 && at < pass->count) {
        memcpy(&last, pass->text + at - 7, 8);
        stands = (last & stream->windows[window].mask) == stream->windows[window].value;
      }
    } else {
      memcpy(&last, values + place - 7, 8);
      stands = (last & stream->windows[window].mask) == stream->windows[window].value;
    }
    places[kept] = (uint16_t)place;
    windows[kept] = window;
    kept += stands;
  }
  return kept;
}

// Takes strings by the map of windows, at every second place.
INLINE int find_by_map(const pass *pass, int is_text, uint32_t first, uint32_t end, seek_windows *seek) {
  const vigie_stream *stream = is_text ? &pass->tables->anchors : &pass->tables->phrases;
  const uint8_t *values = is_text ? pass->scratch->codes : pass->scratch->symbols;
  uint16_t met[VIGIE_SEGMENT / 2 + 64];
  uint32_t windows[VIGIE_SEGMENT / 2 + 64];
  if (!is_text) first += pass->scratch->parity;
  uint32_t count = seek(stream->map, values, first, end, met);
  pass->scratch->compared_count += count;
  count = test_windows(pass, stream, values, is_text, met, count, met, windows);
  for (uint32_t index = 0; index < count; index++) {
    vigie_span span = {stream->windows[windows[index]].first, stream->windows[windows[index]].count};
    int result = is_text ? vigie_take_anchors(pass, stream->candidates, span, met[index])
                         : vigie_take_phrases(pass, stream->candidates, span, met[index]);
    if (!result) return 0;
  }
  return 1;
}

// The bytes of a block with which sixteen letters of base64 in a row end, of which some may stand in the block
// before: each step tells whether twice as many stand before a byte.
INLINE uint64_t run_ends(uint64_t run, uint64_t before) {
  for (int count = 1; count < 16; count *= 2) {
    run &= run << count | before >> (64 - count);
    before &= before << count;
  }
  return run;
}

// Whether a capital, digit or sign stands among sixteen letters of base64 in a row that end in a block.
INLINE int has_large_run(uint64_t run, uint64_t before, uint64_t large, uint64_t large_before) {
  uint64_t all = run_ends(run, before);
  // All sixteen again, from their ends; those of the block before are in the second word.
  uint64_t earlier = 0;
  for (int count = 1; count < 16; count *= 2) {
    earlier |= earlier >> count | all << (64 - count);
    all |= all >> count;
  }
  return (all & large) != 0 || (earlier & large_before) != 0;
}

// The pass over a segment, the same for all variants; each has it inlined with its own functions.
INLINE int pass_segment(const pass *pass, fold_block *fold, pack_block *pack, find_strings *find) {
  vigie_scratch *scratch = pass->scratch;
  const uint8_t *text = pass->text + pass->from;
  uint32_t block_count = (pass->length + BLOCK - 1) / BLOCK;
  uint32_t symbol_count = 0;
  uint32_t signs = 0;
  uint64_t run = scratch->run;
  uint64_t capitals = scratch->capitals;
  uint64_t digits = scratch->digits;
  block block;
  memcpy(block.slots + BLOCK, scratch->pending, 4);
  for (uint32_t number = 0; number < block_count; number++) {
    uint32_t start = number * BLOCK;
    uint32_t count = pass->length - start < BLOCK ? pass->length - start : BLOCK;
    uint32_t pending;
    memcpy(&pending, block.slots + BLOCK, 4);
    fold(pass->tables, text + start, count, start + pass->from > 0, scratch->codes + CODES + start, &block, &signs);
    if (__builtin_expect((block.wide | pending) != 0, 0)) {
      memset(block.slots + BLOCK, 0, 4);
      for (int slot = 0; slot < 4; slot++) {
        if (pending >> (8 * slot) & 0xFF) block.slots[slot] = (uint8_t)(pending >> (8 * slot));
      }
      int result = vigie_take_wide(pass, &block, start);
      if (result != 1) return result;
    }
    if (__builtin_expect(block.signs != 0, 0) && scratch->sign_count <= VIGIE_MAX_SIGNS) {
      for (uint64_t left = block.signs; left != 0; left &= left - 1) {
        scratch->signs[scratch->sign_count++] = (uint16_t)(start + (uint32_t)__builtin_ctzll(left));
      }
    }
    if (__builtin_expect(run_ends(block.run, run) != 0, 0) &&
        has_large_run(block.run, run, block.capitals, capitals)) {
      uint64_t ends = run_ends(block.run, run);
      for (ends &= ~(ends << 1); ends != 0; ends &= ends - 1) {
        scratch->runs[scratch->run_count++] = (uint16_t)(start + (uint32_t)__builtin_ctzll(ends));
      }
    }
    run = block.run;
    capitals = block.capitals;
    uint64_t pairs = block.digits & (block.digits << 1 | digits >> 63);
    if (__builtin_expect(pairs != 0, 0) && pass->tables->seeks_digits) vigie_take_digits(pass, pairs, start);
    digits = block.digits;
    scratch->starts[number] = (uint16_t)symbol_count;
    symbol_count += pack(block.slots, scratch->symbols + SYMBOLS + symbol_count);
  }
  scratch->starts[block_count] = (uint16_t)symbol_count;
  memset(scratch->codes + CODES + block_count * BLOCK, 0, BLOCK);
  memset(scratch->symbols + SYMBOLS + symbol_count, 0, BLOCK);
  if (scratch->run_count != 0) scratch->met |= VIGIE_MET_RUN;
  if (signs & VIGIE_SYMBOL_MARKUP) scratch->met |= VIGIE_MET_MARKUP;
  if (signs & VIGIE_SYMBOL_PERCENT) scratch->met |= VIGIE_MET_PERCENT;
  if (signs & VIGIE_SYMBOL_LEET) scratch->met |= VIGIE_MET_LEET;
  if (signs & VIGIE_CODE_BACKSLASH << 8) scratch->met |= VIGIE_MET_BACKSLASH;
  scratch->symbol_count = symbol_count;

  // After the text one more code: strings at its end may be met there.
  if (!find(pass, 1, CODES, CODES + pass->length + (uint32_t)pass->is_last)) return 2;
  scratch->anchor_count = scratch->event_count;
  if (!find(pass, 0, SYMBOLS, SYMBOLS + symbol_count)) return 2;

  if (pass->is_last) return 1;
  // What the next segment looks back at.
  memcpy(scratch->codes + CODES - 16, scratch->codes + CODES + VIGIE_SEGMENT - 16, 16);
  memmove(scratch->symbols, scratch->symbols + symbol_count, VIGIE_HISTORY);
  scratch->parity = (scratch->parity + symbol_count) & 1;
  memcpy(scratch->pending, block.slots + BLOCK, 4);
  scratch->run = run;
  scratch->capitals = capitals;
  scratch->digits = digits;
  return 1;
}

#endif
