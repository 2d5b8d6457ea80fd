// How vectors tell UTF-8: what each byte and the one before it say of each other is three look-ups of four bits each, the set of
// faults of which they may be part; a fault is what all three agree on. Of the third and fourth byte of a scalar only that they
// continue it is asked, which shows two bytes before and three.
//
// Source: J. Keiser, D. Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte", Software: Practice and Experience 51
// (5), 2021, section 6; The Unicode Standard 16.0, table 3-7.
#ifndef C_VIGIE_JSON_UTF8_H
#define C_VIGIE_JSON_UTF8_H

#include <stddef.h>
#include <stdint.h>

enum {
  TOO_SHORT = 1 << 0,    // a lead, and no trailing byte after it
  TOO_LONG = 1 << 1,     // a trailing byte after ASCII
  LONG_3 = 1 << 2,       // three bytes for what two can say
  TOO_LARGE = 1 << 3,    // beyond U+10FFFF: F4 and 90…, F5…
  SURROGATE = 1 << 4,    // U+D800…U+DFFF
  LONG_2 = 1 << 5,       // two bytes for ASCII
  LONG_4 = 1 << 6,       // four bytes for what three can say; and F5…, of which the second byte is 80…8F
  TWO_TRAILING = 1 << 7, // a trailing byte after one: the third byte of a scalar, or a fault
  CARRY = TOO_SHORT | TOO_LONG | TWO_TRAILING,
};

// By the high half of the byte before, by its low half, and by the high half of the byte.
static const uint8_t utf8_first_high[16] = {
    TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
    TWO_TRAILING, TWO_TRAILING, TWO_TRAILING, TWO_TRAILING,
    TOO_SHORT | LONG_2, TOO_SHORT, TOO_SHORT | LONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | LONG_4,
};
static const uint8_t utf8_first_low[16] = {
    CARRY | LONG_3 | LONG_2 | LONG_4, CARRY | LONG_2, CARRY, CARRY, CARRY | TOO_LARGE,
    CARRY | TOO_LARGE | LONG_4, CARRY | TOO_LARGE | LONG_4, CARRY | TOO_LARGE | LONG_4, CARRY | TOO_LARGE | LONG_4,
    CARRY | TOO_LARGE | LONG_4, CARRY | TOO_LARGE | LONG_4, CARRY | TOO_LARGE | LONG_4, CARRY | TOO_LARGE | LONG_4,
    CARRY | TOO_LARGE | LONG_4 | SURROGATE, CARRY | TOO_LARGE | LONG_4, CARRY | TOO_LARGE | LONG_4,
};
static const uint8_t utf8_second_high[16] = {
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
    TOO_LONG | LONG_2 | TWO_TRAILING | LONG_3 | LONG_4,
    TOO_LONG | LONG_2 | TWO_TRAILING | LONG_3 | TOO_LARGE,
    TOO_LONG | LONG_2 | TWO_TRAILING | SURROGATE | TOO_LARGE,
    TOO_LONG | LONG_2 | TWO_TRAILING | SURROGATE | TOO_LARGE,
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
};

// Whether bytes end within a scalar: what follows them would have to show it.
static inline __attribute__((always_inline)) int is_cut(const uint8_t *bytes, size_t count) {
  return (count > 0 && bytes[count - 1] >= 0xC0) || (count > 1 && bytes[count - 2] >= 0xE0) ||
         (count > 2 && bytes[count - 3] >= 0xF0);
}

#endif
