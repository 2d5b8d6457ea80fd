// The walk over a record, written once for vectors of any length.
//
// Who includes this has defined TARGET (what the processor must have), WIDTH (the bytes of a vector, a multiple of eight),
// `marks_at` and `is_utf8`. Every step looks whether what it reads lies before the end, by the same rules as the walk in Swift:
// of eight bytes at a time. A vector is read only where all of it lies before the end, so that it changes nothing of that.

#include <string.h>

#define INLINE static inline __attribute__((always_inline)) TARGET

// What is fixed for a record.
typedef struct {
  const uint8_t *end;
  vigie_json_record *record;
} walk;

// Eight bytes, the first lowest.
INLINE uint64_t word_at(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

// The number of zeros below the lowest one.
INLINE uint32_t zeros(uint64_t bits) { return (uint32_t)__builtin_ctzll(bits); }

static const uint64_t ONES = 0x0101010101010101, HIGHS = 0x8080808080808080;

// The highest bit of the first of eight bytes that ends a run of a string, maybe with bits of bytes after it.
//
// Source: the zero-byte test of H. S. Warren, "Hacker's Delight", 6-1.
INLINE uint64_t marks_in(uint64_t word) {
  // With one bit turned a quote comes right after the controls, which change places.
  uint64_t low = word ^ ONES * 0x02, backslashes = word ^ ONES * 0x5C;
  return (((low - ONES * 0x21) & ~low) | ((backslashes - ONES) & ~backslashes)) & HIGHS;
}

// Passes white space. The byte that is next is 0 at the end.
INLINE const uint8_t *pass_blanks(const walk *walk, const uint8_t *at, uint8_t *byte) {
  for (; at < walk->end; at++) {
    *byte = *at;
    if (*byte > 0x20) return at;
    if (*byte != 0x20 && *byte != 0x0A && *byte != 0x0D && *byte != 0x09) return at;
  }
  *byte = 0;
  return at;
}

INLINE int is_hex(uint8_t byte) {
  uint8_t letter = byte | 0x20;
  return (uint8_t)(byte - '0') < 10 || (uint8_t)(letter - 'a') < 6;
}

// Passes a backslash and what belongs to it.
static TARGET const uint8_t *pass_escape(const walk *walk, const uint8_t *at) {
  if (walk->end - at < 6) return 0;
  switch (at[1]) {
  case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't': return at + 2;
  case 'u': return is_hex(at[2]) && is_hex(at[3]) && is_hex(at[4]) && is_hex(at[5]) ? at + 6 : 0;
  default: return 0;
  }
}

// Passes a string whose opening quote was passed, and its closing one.
INLINE const uint8_t *pass_string(const walk *walk, const uint8_t *at, vigie_json_piece *piece) {
  const uint8_t *first = at;
  uint64_t wide = 0;
  uint8_t is_escaped = 0;
  for (;;) {
    uint64_t marks, highs;
    uint32_t run;
    if (walk->end - at >= WIDTH) {
      marks = marks_at(at, &highs);
      if (marks == 0) {
        wide |= highs;
        at += WIDTH;
        continue;
      }
      run = zeros(marks);
      wide |= highs & (((uint64_t)1 << run) - 1);
    } else {
      if (walk->end - at < 8) return 0;
      uint64_t word = word_at(at);
      marks = marks_in(word);
      if (marks == 0) {
        wide |= word & HIGHS;
        at += 8;
        continue;
      }
      run = zeros(marks) >> 3;
      wide |= word & HIGHS & (((uint64_t)1 << 8 * run) - 1);
    }
    at += run;
    if (*at == '"') {
      // Who compares a name reads sixteen bytes from its start on.
      if (walk->end - first < 16) return 0;
      piece->first = (int32_t)(first - walk->record->bytes);
      piece->count = (int32_t)(at - first);
      piece->is_string = 1;
      piece->is_escaped = is_escaped;
      piece->is_ascii = wide == 0;
      return at + 1;
    }
    if (*at != '\\') return 0;
    at = pass_escape(walk, at);
    if (at == 0) return 0;
    is_escaped = 1;
  }
}

INLINE const uint8_t *pass_digits(const walk *walk, const uint8_t *at) {
  while (walk->end - at >= 8) {
    // Which bytes are no digits: what is beyond nine reaches the highest bit.
    uint64_t word = word_at(at) ^ ONES * 0x30;
    uint64_t others = (((word & ~HIGHS) + ONES * 0x76) | word) & HIGHS;
    if (others != 0) return at + (zeros(others) >> 3);
    at += 8;
  }
  while (at < walk->end && (uint8_t)(*at - '0') < 10) at++;
  return at;
}

// Passes a number.
//
// Source: RFC 8259, section 6.
INLINE const uint8_t *pass_number(const walk *walk, const uint8_t *at) {
  if (at < walk->end && *at == '-') at++;
  const uint8_t *first = at;
  at = pass_digits(walk, at);
  if (at == first || (at - first > 1 && *first == '0')) return 0;
  if (at < walk->end && *at == '.') {
    const uint8_t *point = ++at;
    at = pass_digits(walk, at);
    if (at == point) return 0;
  }
  if (at < walk->end && (*at | 0x20) == 'e') {
    at++;
    if (at < walk->end && (*at == '+' || *at == '-')) at++;
    const uint8_t *exponent = at;
    at = pass_digits(walk, at);
    if (at == exponent) return 0;
  }
  return at;
}

INLINE const uint8_t *pass_word(const walk *walk, const uint8_t *at, const char *word, size_t count) {
  return (size_t)(walk->end - at) >= count && memcmp(at, word, count) == 0 ? at + count : 0;
}

static TARGET const uint8_t *skip_members(const walk *walk, const uint8_t *at, uint32_t depth, uint8_t close,
                                          int refuses_text);

// Passes a value of any type; one that is or holds a string with letters may be refused.
INLINE const uint8_t *skip_value(const walk *walk, const uint8_t *at, uint32_t depth, int refuses_text) {
  uint8_t byte;
  at = pass_blanks(walk, at, &byte);
  switch (byte) {
  case '"': {
    vigie_json_piece piece;
    at = pass_string(walk, at + 1, &piece);
    return at != 0 && refuses_text && piece.count > 0 ? 0 : at;
  }
  case '{': return skip_members(walk, at, depth, '}', refuses_text);
  case '[': return skip_members(walk, at, depth, ']', refuses_text);
  case 't': return pass_word(walk, at, "true", 4);
  case 'f': return pass_word(walk, at, "false", 5);
  case 'n': return pass_word(walk, at, "null", 4);
  default: return pass_number(walk, at);
  }
}

// Passes an object or array whose first byte is next.
static TARGET const uint8_t *skip_members(const walk *walk, const uint8_t *at, uint32_t depth, uint8_t close,
                                          int refuses_text) {
  if (depth >= VIGIE_JSON_MAX_DEPTH) return 0;
  uint8_t byte;
  at = pass_blanks(walk, at + 1, &byte);
  if (byte == close) return at + 1;
  for (;;) {
    if (close == '}') {
      vigie_json_piece name;
      at = pass_blanks(walk, at, &byte);
      if (byte != '"') return 0;
      at = pass_string(walk, at + 1, &name);
      if (at == 0) return 0;
      at = pass_blanks(walk, at, &byte);
      if (byte != ':') return 0;
      at++;
    }
    at = skip_value(walk, at, depth + 1, refuses_text);
    if (at == 0) return 0;
    at = pass_blanks(walk, at, &byte);
    if (byte == close) return at + 1;
    if (byte != ',') return 0;
    at++;
  }
}

// The entry of a name; -1 where the table lacks it.
INLINE int32_t entry_of(const vigie_json_record *record, const vigie_json_piece *name, const vigie_json_table *table) {
  // A string ends sixteen bytes before the end at least, or it would not have been passed.
  const uint8_t *start = record->bytes + name->first;
  uint64_t head = word_at(start), tail = 0;
  int32_t count = name->count;
  if (count < 8) {
    head &= ((uint64_t)1 << 8 * count) - 1;
  } else if (count > 8) {
    tail = word_at(start + 8);
    if (count < 16) tail &= ((uint64_t)1 << 8 * (count - 8)) - 1;
  }
  // As JSONShape.hash says.
  uint64_t hash = (((head ^ tail) + (uint64_t)count) * 0x9E3779B97F4A7C15) >> 40;
  int32_t slot = (int32_t)hash & table->mask;
  for (;;) {
    const vigie_json_entry *entry = &record->entries[table->first + slot];
    if (entry->count < 0) return -1;
    if (entry->head == head && entry->tail == tail && entry->count == count) return table->first + slot;
    slot = (slot + 1) & table->mask;
  }
}

// Keeps a string or a number.
INLINE const uint8_t *take(const walk *walk, const uint8_t *at, int32_t number) {
  vigie_json_record *record = walk->record;
  uint32_t bit = (uint32_t)1 << number;
  if (record->taken & bit) return 0;
  record->taken |= bit;
  vigie_json_piece *piece = &record->pieces[number];
  uint8_t byte;
  at = pass_blanks(walk, at, &byte);
  if (byte == '"') {
    at = pass_string(walk, at + 1, piece);
    if (at == 0) return 0;
    if (!piece->is_ascii && !piece->is_escaped && !is_utf8(record->bytes + piece->first, (size_t)piece->count)) return 0;
    return at;
  }
  const uint8_t *first = at;
  at = pass_number(walk, at);
  if (at == 0) return 0;
  *piece = (vigie_json_piece){(int32_t)(first - record->bytes), (int32_t)(at - first), 0, 0, 1};
  return at;
}

// Passes the members of an object whose brace was passed, and its end.
static TARGET const uint8_t *pass_object(const walk *walk, const uint8_t *at, size_t number, uint32_t depth) {
  vigie_json_record *record = walk->record;
  const vigie_json_table *table = &record->tables[number];
  uint8_t byte;
  at = pass_blanks(walk, at, &byte);
  if (byte == '}') return at + 1;
  size_t last = record->entry_count + number;
  for (;;) {
    if (byte != '"') return 0;
    at++;
    int32_t code = table->others;
    // Records of one origin have their members in one order.
    int32_t next = record->followers[last];
    const vigie_json_entry *entry = &record->entries[next < 0 ? 0 : next];
    if (next >= table->first && next <= table->first + table->mask && walk->end - at >= VIGIE_JSON_MAX_NAME &&
        (word_at(at) & entry->head_mask) == entry->head && (word_at(at + 8) & entry->tail_mask) == entry->tail &&
        at[entry->count] == '"') {
      last = (size_t)next;
      code = entry->code;
      at += entry->count + 1;
    } else {
      vigie_json_piece name;
      at = pass_string(walk, at, &name);
      if (at == 0 || name.is_escaped) return 0;
      int32_t found = entry_of(record, &name, table);
      if (found >= 0) {
        code = record->entries[found].code;
        if (name.count <= 16) {
          record->followers[last] = found;
          last = (size_t)found;
        }
      }
    }
    at = pass_blanks(walk, at, &byte);
    if (byte != ':') return 0;
    at++;
    if (code >= VIGIE_JSON_OBJECT) {
      at = pass_blanks(walk, at, &byte);
      uint64_t bit = (uint64_t)1 << (code - VIGIE_JSON_OBJECT);
      // An object of the shape may stand once.
      if (byte != '{' || depth >= VIGIE_JSON_MAX_DEPTH || (record->entered & bit)) return 0;
      record->entered |= bit;
      at = pass_object(walk, at + 1, (size_t)(code - VIGIE_JSON_OBJECT), depth + 1);
    } else if (code >= 0) {
      at = take(walk, at, code);
    } else if (code != VIGIE_JSON_REFUSE) {
      at = skip_value(walk, at, depth, code == VIGIE_JSON_SKIP_UNLESS_TEXT);
    } else {
      return 0;
    }
    if (at == 0) return 0;
    at = pass_blanks(walk, at, &byte);
    if (byte == '}') return at + 1;
    if (byte != ',') return 0;
    at = pass_blanks(walk, at + 1, &byte);
  }
}

INLINE int pick(vigie_json_record *record) {
  walk walk = {record->bytes + record->end, record};
  const uint8_t *at = pass_object(&walk, record->bytes + record->index, 0, 1);
  if (at == 0) return 0;
  record->index = (size_t)(at - record->bytes);
  return 1;
}
