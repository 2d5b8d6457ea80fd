#include "state.h"

#include <stdio.h>
#include <stdlib.h>

// Looks at the scalars of a block that are not folded by their bytes alone.
//
// Returns as vigie_pass does.
int vigie_take_wide(const pass *pass, block *block, uint32_t start) {
  vigie_scratch *scratch = pass->scratch;
  uint64_t left = block->wide;
  while (left != 0) {
    uint32_t slot = (uint32_t)__builtin_ctzll(left);
    left &= left - 1;
    size_t index = pass->from + start + slot;
    if (index < scratch->done) continue;
    unit scalar = unit_at(pass->text, pass->count, index);
    scratch->done = index + scalar.length;
    int64_t found = description(scratch, scalar.value);
    if (found < 0) {
      scratch->missing_row = scalar.value / VIGIE_ROW;
      return 0;
    }
    uint32_t word = (uint32_t)found;
    if (scalar.value == 0xFFFD && scalar.length == 1) scratch->met |= VIGIE_MET_MALFORMED;
    scratch->met |= word >> VIGIE_SCALAR_SIGNS;
    if (word & VIGIE_SCALAR_TOLD) block->signs |= (uint64_t)1 << slot;
    if ((word & VIGIE_SCALAR_SCRIPT) && scratch->script_count <= VIGIE_MAX_SIGNS) {
      scratch->scripts[scratch->script_count++] = (uint16_t)(start + slot);
    }
    if (word & VIGIE_SCALAR_LOOK) scratch->looks[scratch->look_count++] = (uint16_t)(start + slot);
    uint32_t count = word & VIGIE_SCALAR_COUNT;
    // The table that is built today gives no scalar more symbols than bytes, so none comes here; but the table is
    // the caller's, and one that did would have us write before the block.
    if (count > scalar.length) {
      scratch->met |= VIGIE_MET_WIDE;
      return 2;
    }
    // The symbols stand where the scalar ends, be it in the next block.
    uint32_t place = slot + scalar.length - count;
    for (uint32_t number = 0; number < count; number++) {
      block->slots[place + number] = word >> (VIGIE_SCALAR_SYMBOLS + 5 * number) & 31;
    }
  }
  return 1;
}

// Tells of each run of digits where it is met: with five digits in a row, or two on either side of a separator, which is
// a blank, a sign of the hyphen's code or a scalar beyond ASCII of up to three bytes.
//
// `pairs` are the bytes of a block that are digits after another; its codes, and those before it, are in their buffer.
void vigie_take_digits(const pass *pass, uint64_t pairs, uint32_t start) {
  vigie_scratch *scratch = pass->scratch;
  const uint8_t *known = pass->tables->codes;
  const uint8_t digit = known['0'] & 31;
  uint32_t last = BLOCK;
  for (; pairs != 0; pairs &= pairs - 1) {
    uint32_t slot = (uint32_t)__builtin_ctzll(pairs);
    const uint8_t *codes = scratch->codes + CODES + start + slot;
#define IS_DIGIT(back) ((codes[-(back)] & 31) == digit)
    uint32_t gap = 0;
    if (!IS_DIGIT(2)) {
      uint8_t code = codes[-2] & 31;
      if (code == (known[' '] & 31) || code == (known['-'] & 31)) {
        gap = 1;
      } else {
        while (gap < 3 && (codes[-2 - (int)gap] & 31) == WIDE_CODE) gap++;
      }
      if (gap == 0) continue;
    }
    // Of a separator, or of two digits of a row, two more stand before.
    uint32_t before = gap == 0 ? 3 : 2 + gap;
    if (!IS_DIGIT((int)before) || !IS_DIGIT((int)before + 1)) continue;
#undef IS_DIGIT
    // Of a row of digits the first place says all.
    if (slot != last + 1) scratch->digit_ends[scratch->digit_count++] = (uint16_t)(start + slot + 1);
    last = slot;
  }
}

// The end of the scalar that the symbol of a number belongs to, and how many more symbols it has.
static void locate(const pass *pass, uint32_t number, uint32_t *end, uint32_t *ahead) {
  const vigie_scratch *scratch = pass->scratch;
  uint32_t low = 0;
  uint32_t high = (pass->length + BLOCK - 1) / BLOCK;
  // The last block that starts with this symbol or an earlier one.
  while (high - low > 1) {
    uint32_t middle = (low + high) / 2;
    if (scratch->starts[middle] <= number) {
      low = middle;
    } else {
      high = middle;
    }
  }
  uint32_t left = number - scratch->starts[low];
  size_t start = pass->from + low * BLOCK;
  size_t index = start;
  // A scalar that ends in this block may start in the one before.
  for (size_t back = 1; back <= 3 && back <= start; back++) {
    if ((pass->text[start - back] & 0xC0) == 0x80) continue;
    if (pass->text[start - back] >= 0x80 &&
        start - back + unit_at(pass->text, pass->count, start - back).length > start) {
      index = start - back;
    }
    break;
  }
  const uint8_t *symbols = pass->tables->symbols;
  while (index < pass->count) {
    uint8_t byte = pass->text[index];
    if (byte < 0x80) {
      // Nearly all are of ASCII, with one symbol or none.
      index++;
      if ((symbols[byte] & 31) == 0) continue;
      if (left == 0) {
        *end = (uint32_t)(index - pass->from);
        *ahead = 0;
        return;
      }
      left--;
      continue;
    }
    unit scalar = unit_at(pass->text, pass->count, index);
    int64_t word = description(scratch, scalar.value);
    uint32_t length = scalar.length;
    uint32_t count;
    if (word >= 0) {
      count = (uint32_t)word & VIGIE_SCALAR_COUNT;
    } else {
      // Folded by its bytes alone.
      count = (pass->tables->latin[scalar.value & 0x3F] & 31) != 0;
    }
    for (uint32_t symbol = 0; symbol < count; symbol++) {
      if (index + length - count + symbol < start) continue;
      if (left == 0) {
        *end = (uint32_t)(index + length - pass->from);
        *ahead = count - symbol - 1;
        return;
      }
      left--;
    }
    index += length;
  }
  // Every symbol of the segment has its scalar.
  __builtin_trap();
}

// The end of the scalar of a symbol, and how many more it has; `end` is 0 before anybody asked.
typedef struct {
  uint32_t end;
  uint32_t ahead;
} located;

// Whether some bytes are not those of a string. Nearly always the first eight tell; to call what compares any number of
// bytes takes longer than that.
INLINE int differ(const uint8_t *bytes, const uint8_t *string, size_t count) {
  while (count >= 8) {
    uint64_t left, right;
    memcpy(&left, bytes, 8);
    memcpy(&right, string, 8);
    if (left != right) return 1;
    bytes += 8;
    string += 8;
    count -= 8;
  }
  while (count-- > 0) {
    if (*bytes++ != *string++) return 1;
  }
  return 0;
}

// Takes a phrase that may stand where a window ends with the symbol at a place of the buffer, whose scalar is found once
// for all phrases there.
static int take_phrase(const pass *pass, const vigie_candidate *candidate, size_t place, located *scalar) {
  vigie_scratch *scratch = pass->scratch;
  vigie_string string = pass->tables->phrases.strings[candidate->string];
  const uint8_t *symbols = scratch->symbols;
  if (string.count <= MAX_COMPARED) {
    size_t start = place + 1 - candidate->before;
    size_t end = start + string.count;
    size_t known = SYMBOLS + scratch->symbol_count;
    if (end > known) {
      if (pass->is_last) return 1;
      end = known;
    }
    if (differ(symbols + start, pass->tables->phrases.pool + string.offset, end - start)) return 1;
  }
  vigie_event *event = next_event(scratch);
  if (event == 0) return 0;
  if (scalar->end == 0) locate(pass, (uint32_t)(place - SYMBOLS), &scalar->end, &scalar->ahead);
  event->end = scalar->end;
  event->string = candidate->string;
  event->letters = candidate->before + scalar->ahead;
  return 1;
}

INLINE int is_letter(uint8_t byte) { return (uint8_t)((byte | 0x20) - 'a') < 26; }

// Takes an anchor that may stand where a window ends with the code at a place of the buffer.
static int take_anchor(const pass *pass, const vigie_candidate *candidate, size_t place) {
  vigie_scratch *scratch = pass->scratch;
  vigie_string string = pass->tables->anchors.strings[candidate->string];
  const uint8_t *pool = pass->tables->anchors.pool + string.offset;
  size_t end_of_window = pass->from + (place - CODES) + 1;
  size_t end = candidate->after < 0 ? end_of_window - 1 : end_of_window + (size_t)candidate->after;
  if (end < string.count || end > pass->count) return 1;
  size_t start = end - string.count;
  for (size_t index = 0; index < string.count; index++) {
    uint8_t byte = pass->text[start + index];
    if (!string.is_exact && (uint8_t)(byte - 'A') < 26) byte |= 0x20;
    if (byte != pool[index]) return 1;
  }
  if (string.is_word && ((start > 0 && is_letter(pass->text[start - 1])) ||
                         (end < pass->count && is_letter(pass->text[end])))) {
    return 1;
  }
  if (end_of_window > pass->count) end_of_window = pass->count;
  vigie_event *event = next_event(scratch);
  if (event == 0) return 0;
  event->end = (uint32_t)(end_of_window - pass->from);
  event->string = candidate->string | (uint32_t)VIGIE_EVENT_ANCHOR;
  event->letters = (uint32_t)(end_of_window - start);
  return 1;
}

// Takes the phrases of a window that is met where the symbol at a place of the buffer ends it; returns 0 where
// there is no room for an event.
int vigie_take_phrases(const pass *pass, const vigie_candidate *candidates, vigie_span span, uint32_t place) {
  located scalar = {0, 0};
  for (uint32_t index = 0; index < span.count; index++) {
    if (!take_phrase(pass, &candidates[span.first + index], place, &scalar)) return 0;
  }
  return 1;
}

// The same for anchors, where the code at a place of the buffer ends the window.
int vigie_take_anchors(const pass *pass, const vigie_candidate *candidates, vigie_span span, uint32_t place) {
  for (uint32_t index = 0; index < span.count; index++) {
    if (!take_anchor(pass, &candidates[span.first + index], place)) return 0;
  }
  return 1;
}

int vigie_has_variant(vigie_variant variant) {
  switch (variant) {
  case VIGIE_PORTABLE:
  case VIGIE_SCALAR: return 1;
#if defined(__x86_64__)
  case VIGIE_AVX2:
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt");
  case VIGIE_AVX512:
    return vigie_has_variant(VIGIE_AVX2) && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
#endif
#if defined(__aarch64__)
  // No such processor is without it.
  case VIGIE_NEON: return 1;
#endif
  default: return 0;
  }
}

static const char *const names[] = {"swift", "scalar", "avx2", "avx512", "neon"};

int vigie_find_variant(const char *name, vigie_variant *variant) {
  for (vigie_variant each = VIGIE_PORTABLE; each <= VIGIE_NEON; each++) {
    if (strcmp(name, names[each]) == 0 && vigie_has_variant(each)) {
      *variant = each;
      return 1;
    }
  }
  return 0;
}

vigie_variant vigie_chosen_variant(void) {
  const char *name = getenv("VIGIE_KERNEL");
  vigie_variant variant = vigie_has_variant(VIGIE_NEON)     ? VIGIE_NEON
                          : vigie_has_variant(VIGIE_AVX512) ? VIGIE_AVX512
                                                            : VIGIE_PORTABLE;
  if (name == 0 || *name == 0 || vigie_find_variant(name, &variant)) return variant;
  fputs("vigie: VIGIE_KERNEL names nothing that this machine has, and is not heeded; it has", stderr);
  for (vigie_variant each = VIGIE_PORTABLE; each <= VIGIE_NEON; each++) {
    if (vigie_has_variant(each)) fprintf(stderr, " %s", names[each]);
  }
  fputs("\n", stderr);
  return variant;
}

void vigie_begin(vigie_scratch *scratch) {
  memset(scratch->codes, 0, CODES);
  memset(scratch->symbols, 0, VIGIE_HISTORY);
  memset(scratch->pending, 0, sizeof scratch->pending);
  scratch->parity = 0;
  scratch->done = 0;
  scratch->run = 0;
  scratch->capitals = 0;
  scratch->digits = 0;
}

vigie_scratch *vigie_make_scratch(void) {
  // Vectors are stored where a line of the cache starts.
  size_t size = (sizeof(vigie_scratch) + 63) / 64 * 64;
  vigie_scratch *scratch = aligned_alloc(64, size);
  if (scratch != 0) memset(scratch, 0, size);
  return scratch;
}

void vigie_free_scratch(vigie_scratch *scratch) {
  if (scratch == 0) return;
  free(scratch->scalars);
  free(scratch);
}

int vigie_describe(vigie_scratch *scratch, uint32_t row, const uint32_t *scalars) {
  if (row >= VIGIE_ROW_COUNT || scratch->described[row] != 0) return 1;
  if (scratch->row_count == scratch->row_capacity) {
    uint32_t capacity = scratch->row_capacity == 0 ? 16 : 2 * scratch->row_capacity;
    uint32_t *grown = realloc(scratch->scalars, (size_t)capacity * VIGIE_ROW * sizeof *grown);
    if (grown == 0) return 0;
    scratch->scalars = grown;
    scratch->row_capacity = capacity;
  }
  memcpy(scratch->scalars + (size_t)scratch->row_count * VIGIE_ROW, scalars, VIGIE_ROW * sizeof *scalars);
  scratch->described[row] = (uint16_t)++scratch->row_count;
  return 1;
}

// So many bytes of a segment are fetched before any is read; those of longer texts are seen coming.
enum { MAX_FETCHED = 512 };

vigie_outcome vigie_pass(const vigie_tables *tables, vigie_scratch *scratch, vigie_variant variant,
                         const uint8_t *text, size_t count, size_t from, vigie_result *result) {
  size_t left = count - from;
  pass pass = {tables, scratch, text, count, from, left < VIGIE_SEGMENT ? (uint32_t)left : VIGIE_SEGMENT,
               left <= VIGIE_SEGMENT};
  // A message is mostly not in the nearest cache, and lies beside none that was: its lines come all at once, not each when
  // it is read.
  for (uint32_t at = 0; at < pass.length && at < MAX_FETCHED; at += 64) __builtin_prefetch(text + from + at);
  scratch->event_count = 0;
  scratch->anchor_count = 0;
  scratch->look_count = 0;
  scratch->sign_count = 0;
  scratch->run_count = 0;
  scratch->script_count = 0;
  scratch->digit_count = 0;
  scratch->met = 0;
  scratch->missing_row = 0;
  scratch->compared_count = 0;
  uint64_t done = scratch->done;
  int outcome;
  switch (variant) {
#if defined(__x86_64__)
  case VIGIE_AVX2: outcome = vigie_pass_avx2(&pass); break;
  case VIGIE_AVX512: outcome = vigie_pass_avx512(&pass); break;
#endif
#if defined(__aarch64__)
  case VIGIE_NEON: outcome = vigie_pass_neon(&pass); break;
#endif
  default: outcome = vigie_pass_scalar(&pass);
  }
  // The same segment is passed over again: its scalars too.
  if (outcome == VIGIE_MISSING) scratch->done = done;
  *result = (vigie_result){scratch->events, scratch->anchor_count, scratch->event_count, scratch->looks,
                           scratch->look_count, scratch->signs, scratch->sign_count, scratch->scripts,
                           scratch->script_count, scratch->runs, scratch->run_count,
                           scratch->digit_ends, scratch->digit_count, scratch->met, scratch->missing_row,
                           scratch->compared_count};
  return (vigie_outcome)outcome;
}
