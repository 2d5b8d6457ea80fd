// The vector kernel of the pass over a text: where the strings of rules stand, as exactly as the bytes say.
//
// What it does, in the order in which it does it:
//
// 1. Fold. Every byte of a segment becomes a code (5 bits, one for each letter without regard to case and one
//    for each kind of what is no letter) and, where the scalar that ends with it means letters, a symbol of the
//    skeleton (5 bits). The symbols are packed without gaps: what parts letters is not in their way.
// 2. Windows, but for AVX-512. At every second place of both streams the last four values, all five bits of three and
//    three bits of the oldest, are a number of 18 bits: a bit of a map of 32 KiB says whether a string may stand
//    there. Every string has two windows a step apart, so that none is passed over.
// 2. Sieve, with AVX-512. Every string has one window of six places, which may end anywhere in it; windows are shared out
//    among buckets. For 64 places of a stream at once a permutation of bytes looks up which buckets take what stands there:
//    what all look-ups leave may stand. Windows that say at each place which code it is are looked up by sums of three
//    codes, eight of them: that one letter stands in one window of a bucket, and its neighbour in another, is met by hardly
//    a text. The others, which have edges of words or end before six places, are looked up by four places and by three sums
//    of these, for which all that parts words is one.
//    A string that stands has each of the values of its window, so that none is lost.
// 3. Runs of digits. Where two digits are neighbours, a run is met with five in a row, or with two on either side of a
//    separator: of a block's digits, as bits, few are.
// 4. Strings. Where a bit is set, or a bucket is left, the last eight symbols, or bytes of the text, are compared with
//    what all strings of the window agree on, and then each string as a whole. What stands is an event.
//
// Nothing is stored of where the letters of the skeleton stand: only for an event its block of 64 bytes is
// folded again, one scalar after the other, up to the letter.
//
// The tables are made in Swift, from the same functions that the portable pass uses; every variant meets the same
// strings at the same places of every text, whether well-formed or not. Where an event of a string ends, up to which
// letter, hangs on its window; of phrases that go on in the next segment more may be told.
#ifndef C_VIGIE_KERNEL_H
#define C_VIGIE_KERNEL_H

#include <stddef.h>
#include <stdint.h>

// No part of the C library's interface, whose names begin like these.
#pragma GCC visibility push(hidden)

// The most bytes of a text that are folded at once: both streams stay in the nearest cache.
enum { VIGIE_SEGMENT = 4096 };
// How many symbols before a segment are kept: longer strings are not compared as a whole.
enum { VIGIE_HISTORY = 256 };
// How many events one segment may have, and how many signs are told one by one.
enum { VIGIE_MAX_EVENTS = 4096, VIGIE_MAX_SIGNS = 256 };
// A scalar that must be looked at may start at every byte: there is room for all, since texts of Greek or Cyrillic are full
// of them.
enum { VIGIE_MAX_LOOKS = VIGIE_SEGMENT };
// A block of 64 bytes has no more than four ends of sixteen letters.
enum { VIGIE_MAX_RUNS = VIGIE_SEGMENT / 16 };
// Of digits that follow each other one place is told.
enum { VIGIE_MAX_DIGITS = VIGIE_SEGMENT / 2 };
// A text's scalars are described in rows of so many.
enum { VIGIE_ROW = 128, VIGIE_ROW_COUNT = 0x110000 / 128 };

// The description of a scalar beyond ASCII.
enum {
  VIGIE_SCALAR_COUNT = 7,         // bits 0…2: how many symbols, 0…4
  VIGIE_SCALAR_SYMBOLS = 3,       // bits 3…22: the symbols, the first lowest
  VIGIE_SCALAR_LOOK = 1 << 23,    // it may be a look-alike, or nobody sees it: for the caller to look at
  VIGIE_SCALAR_SIGNS = 24,        // bits 24…31: signs to add where it stands
  VIGIE_SCALAR_TOLD = 1 << 26,    // of these two whose places are told: a scalar that is leet,
  VIGIE_SCALAR_SCRIPT = 1 << 29,  // and a letter of Greek or Cyrillic
};

// What was met in a segment, besides the signs of scalars (bits 0…7).
enum {
  VIGIE_MET_MARKUP = 1 << 8,      // < &
  VIGIE_MET_PERCENT = 1 << 9,     // %
  VIGIE_MET_LEET = 1 << 10,       // ! + |
  VIGIE_MET_BACKSLASH = 1 << 11,  // backslash
  VIGIE_MET_RUN = 1 << 12,        // sixteen letters of base64 in a row, not all of them small ones
  VIGIE_MET_MALFORMED = 1 << 13,  // a byte that is not UTF-8
  VIGIE_MET_WIDE = 1 << 14,       // a scalar with more symbols than bytes: the segment is not folded
};

// The bits of a byte's fold beside its five bits of symbol or code.
enum {
  VIGIE_SYMBOL_MARKUP = 1 << 5,
  VIGIE_SYMBOL_PERCENT = 1 << 6,
  VIGIE_SYMBOL_LEET = 1 << 7,
  VIGIE_CODE_KIND = 1 << 5,  // with its code the class of a byte: capitals, and which signs of one code
  VIGIE_CODE_BACKSLASH = 1 << 6,
  VIGIE_CODE_RUN = 1 << 7,
};

// What all strings of a window agree on, over the last eight symbols, or of anchors the last eight bytes of the
// text, the newest in the highest byte.
typedef struct {
  uint64_t mask;
  uint64_t value;
  uint32_t first;  // its first candidate
  uint32_t count;  // how many it has
} vigie_window;

// A string that may stand where a window is met.
typedef struct {
  uint32_t string;
  uint16_t before;  // how many of its values come up to the end of the window
  int16_t after;    // how many come after; -1 where the window ends with what follows the string
} vigie_candidate;

// A string: symbols of a phrase, or bytes of an anchor.
typedef struct {
  uint32_t offset;  // in the pool
  uint16_t count;
  uint8_t is_exact;  // the bytes must stand in this very case; else the pool holds small letters
  uint8_t is_word;   // no letter of ASCII may touch it
} vigie_string;

// The tables of one stream.
typedef struct {
  const uint32_t *map;      // 8,192 words: for each row of windows its last values as bits
  const uint32_t *rows;     // for each row its first window
  const vigie_window *windows;
  const vigie_candidate *candidates;
  const vigie_string *strings;
  const uint8_t *pool;
} vigie_stream;

// How many places a window of a sieve has; three of these, told by a sum, are a triple.
enum { VIGIE_DEPTH = 6, VIGIE_TRIPLES = 8, VIGIE_TRIPLE_SUMS = 128 };
// Of windows that are looked up by triples so many places of the text say their class as well: the newest, and every second
// one before it.
enum { VIGIE_CLASSES = 3 };
// Of all other windows the newest places say their class, and so many triples of these four are looked up: letters that stand
// in one window of a bucket each are told apart by which neighbours they have.
enum { VIGIE_PLACES = 4, VIGIE_PLACE_TRIPLES = 3 };
// How many times eight buckets there are at most.
enum { VIGIE_MAX_GROUPS = 8 };
// So many windows of a bucket are compared at once.
enum { VIGIE_LANES = 8 };

// The places of each triple, from the newest on: neighbours, every second one, and two with the one beyond the next.
static inline int vigie_triple_place(int triple, int number) {
  static const uint8_t places[VIGIE_TRIPLES][3] = {{0, 1, 2}, {1, 2, 3}, {2, 3, 4}, {3, 4, 5},
                                                   {0, 2, 4}, {1, 3, 5}, {0, 1, 3}, {2, 4, 5}};
  return places[triple][number];
}

// Which of the triples are of the four newest places alone.
static inline int vigie_place_triple(int number) {
  static const uint8_t triples[VIGIE_PLACE_TRIPLES] = {0, 1, 6};
  return triples[number];
}

// A code of the text as sums take it: what parts words is one there, whatever it is, so that a word with an edge, at which a
// blank may stand or a sign or nothing, has one sum rather than one for each. The codes of all that is no letter are multiples
// of four; two letters are so too, and pass for edges.
static inline uint32_t vigie_sum_code(uint32_t code) { return code % 4 == 0 ? 0 : code; }

// Where of a triple's sets that of three codes is: a sum that vectors of bytes make of them in three steps.
static inline uint32_t vigie_triple_sum(uint32_t first, uint32_t second, uint32_t third) {
  return (first - 3 * second + 8 * third) % VIGIE_TRIPLE_SUMS;
}

// What the candidates of a window of a sieve are.
typedef struct {
  uint32_t first;
  uint32_t count;
} vigie_span;

// The tables of a sieve over one stream: windows that stand for all its strings, shared out among buckets.
typedef struct {
  // The windows that have one code at each place. For each eight buckets the sets, as bits: of each triple for each sum,
  // and then, over text, of VIGIE_CLASSES places for each class.
  const uint8_t *triples;
  uint32_t triple_groups;
  // All others, in the buckets that follow: for each eight, each of VIGIE_PLACES from the newest on and each class the set,
  // and then those of each sum of VIGIE_PLACE_TRIPLES.
  const uint8_t *places;
  uint32_t place_groups;
  const uint32_t *starts;  // for each bucket its first window, a multiple of VIGIE_LANES; and one more
  // For each window what all strings agree on, as in vigie_window, and its candidates.
  const uint64_t *masks;
  const uint64_t *values;
  const vigie_span *spans;
  const vigie_candidate *candidates;
} vigie_sieve;

// All tables of a pass.
typedef struct {
  vigie_stream phrases;  // over symbols
  vigie_stream anchors;  // over codes
  vigie_sieve phrase_sieve;  // over symbols
  vigie_sieve anchor_sieve;  // over classes
  uint32_t seeks_digits;    // whether runs of digits are sought
  const uint8_t *symbols;  // for each of 256 bytes its symbol and its signs; 0 beyond ASCII
  const uint8_t *codes;    // for each of 256 bytes its code and its signs
  const uint8_t *latin;    // for U+00C0…U+00FF the symbol, or 0xFF where a scalar's description says more
} vigie_tables;

// An event: a string that stands in the text.
typedef struct {
  uint32_t end;      // bytes from the segment's start to the end of the window: that of its last scalar
  uint32_t string;   // its number; of an anchor with VIGIE_EVENT_ANCHOR
  uint32_t letters;  // of a phrase how many letters stand before `end`; of an anchor how far its window ended
                     // after the string's start
} vigie_event;

enum { VIGIE_EVENT_ANCHOR = 1 << 31 };

// The scratch memory of a pass.
typedef struct vigie_scratch vigie_scratch;

// What is known of a segment.
typedef struct {
  const vigie_event *events;  // those of anchors, then those of phrases, each by their ends
  uint32_t anchor_count;
  uint32_t event_count;
  const uint16_t *looks;  // bytes from the segment's start: scalars that the caller must look at
  uint32_t look_count;
  const uint16_t *signs;  // bytes from the segment's start: < & % ! + | \ and scalars that are leet
  uint32_t sign_count;    // VIGIE_MAX_SIGNS and one more where there are too many to tell
  const uint16_t *scripts;  // bytes from the segment's start: letters of Greek and Cyrillic
  uint32_t script_count;    // VIGIE_MAX_SIGNS and one more where there are too many to tell
  const uint16_t *runs;   // bytes from the segment's start: the sixteenth letter of each run with VIGIE_MET_RUN, or one
                          // that follows it in another block; and some that are no such runs
  uint32_t run_count;
  const uint16_t *digits;  // bytes from the segment's start: after a digit of each run of them, and of some more than once
  uint32_t digit_count;
  uint32_t met;
  uint32_t missing_row;  // what has to be described first
  uint32_t compared_count;  // at how many places windows were compared: those that the map or the sieves left
} vigie_result;

// What became of a pass.
typedef enum {
  VIGIE_MISSING = 0,   // again, once the row `missing_row` is described
  VIGIE_DONE = 1,
  VIGIE_TOO_MUCH = 2,  // more events than there is room for, or VIGIE_MET_WIDE: nothing is known
} vigie_outcome;

// Which variant is used; VIGIE_PORTABLE is the pass that is not in C.
typedef enum { VIGIE_PORTABLE = 0, VIGIE_SCALAR = 1, VIGIE_AVX2 = 2, VIGIE_AVX512 = 3, VIGIE_NEON = 4 } vigie_variant;

// The variant that the environment variable VIGIE_KERNEL names (swift, scalar, avx2, avx512, neon). Where it names none, or
// one that this machine does not have, which a line on the standard error says: NEON on ARM, AVX-512 where there is one, and
// else the pass that is not in C. AVX2 was never measured to be faster than that one on chat, neither on a Zen 1 nor on a
// Zen 5. NEON was never timed on a processor that has it: Tools/kernel/test holds it to the others under an emulator.
vigie_variant vigie_chosen_variant(void);
// The variant of a name; returns 0 where there is none, or this machine does not have it.
int vigie_find_variant(const char *name, vigie_variant *variant);
// Whether this machine has a variant.
int vigie_has_variant(vigie_variant variant);

// Makes scratch memory, or returns nothing where there is none; and gives it back.
vigie_scratch *vigie_make_scratch(void);
void vigie_free_scratch(vigie_scratch *scratch);

// Takes the descriptions of a row; returns 0 where there is no memory for them.
int vigie_describe(vigie_scratch *scratch, uint32_t row, const uint32_t *scalars);

// Prepares the scratch memory for the first segment of a text.
void vigie_begin(vigie_scratch *scratch);

// Passes over one segment.
//
// `text` is the whole text of `count` bytes, `from` where the segment starts: a multiple of VIGIE_SEGMENT; it
// ends after VIGIE_SEGMENT bytes or with the text. Segments are passed over in order.
vigie_outcome vigie_pass(const vigie_tables *tables, vigie_scratch *scratch, vigie_variant variant,
                         const uint8_t *text, size_t count, size_t from, vigie_result *result);

#pragma GCC visibility pop

#endif
