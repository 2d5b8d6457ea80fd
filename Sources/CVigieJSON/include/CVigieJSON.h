// Passes over JSON with vectors: where some fields of a record stand, and whether bytes are UTF-8.
//
// Most of an archive is strings that nobody asks for. A string is passed by comparing 32 or 64 of its bytes at once with what
// may end it (a quote, a backslash, a control character), so that most are one step long; the name of a member is mostly the
// one that followed the last time, which is two comparisons of eight bytes. Nothing is decoded or copied.
//
// The oracle is the same pass in Swift (`JSONPick+Portable.swift`): both take the same records, up to the last byte, and say
// the same of them. It is also what machines have for which there is no variant here.
#ifndef C_VIGIE_JSON_H
#define C_VIGIE_JSON_H

#include <stddef.h>
#include <stdint.h>

// No part of the C library's interface, whose names begin like these.
#pragma GCC visibility push(hidden)

// A field as it stands: a string without its quotes, or a number. Bytes from the start of the buffer.
typedef struct {
  int32_t first;
  int32_t count;
  uint8_t is_string;
  uint8_t is_escaped;  // else the string is UTF-8
  uint8_t is_ascii;
} vigie_json_piece;

// A known member in a table by hash: its name as two words of eight bytes, which bits of these belong to it, how many bytes it
// has (-1 where the table has no member), and what to do with its value.
typedef struct {
  uint64_t head;
  uint64_t tail;
  uint64_t head_mask;
  uint64_t tail_mask;
  int32_t count;
  int32_t code;
} vigie_json_entry;

// The part of the entries that belongs to one object.
typedef struct {
  int32_t first;
  int32_t mask;    // the number of entries, a power of two, less one
  int32_t others;  // what to do with the values of members that are not known
} vigie_json_table;

// What to do with a value: keep it under this number, from VIGIE_JSON_OBJECT on enter the object with that table, or one of these.
enum { VIGIE_JSON_SKIP = -1, VIGIE_JSON_SKIP_UNLESS_TEXT = -2, VIGIE_JSON_REFUSE = -3, VIGIE_JSON_OBJECT = 32 };
// A name and its quote take so many bytes at most.
enum { VIGIE_JSON_MAX_NAME = 17 };
// How many objects and arrays may be nested.
enum { VIGIE_JSON_MAX_DEPTH = 512 };

// A record to pick from, and what was picked.
typedef struct {
  const uint8_t *bytes;
  size_t end;    // of the bytes that may be read
  size_t index;  // of the byte after the brace that opens the record; then of that after the record
  const vigie_json_entry *entries;
  const vigie_json_table *tables;
  size_t entry_count;
  int32_t *followers;        // for each entry, and then each table, the entry that came next the last time; -1 for none
  vigie_json_piece *pieces;  // VIGIE_JSON_OBJECT of them
  uint64_t entered;          // the objects that were entered, a bit each
  uint32_t taken;            // the pieces that are there, a bit each
} vigie_json_record;

// Which variant is used; VIGIE_JSON_PORTABLE is the pass that is not in C.
typedef enum { VIGIE_JSON_PORTABLE = 0, VIGIE_JSON_AVX2 = 1, VIGIE_JSON_AVX512 = 2 } vigie_json_variant;

// Whether this machine has a variant.
int vigie_json_has_variant(vigie_json_variant variant);
// The fastest variant that this machine has, or the one that the environment variable VIGIE_KERNEL names: `swift` and `scalar`
// both mean the pass that is not in C. What else it says is for the pass over texts to find fault with.
vigie_json_variant vigie_json_chosen_variant(void);

// Picks the fields of a record; returns 0 where it is left to the thorough way. The variant must be one of this file that the
// machine has.
int vigie_json_pick(vigie_json_record *record, vigie_json_variant variant);

// Whether bytes are UTF-8.
int vigie_json_is_utf8(const uint8_t *bytes, size_t count, vigie_json_variant variant);

#pragma GCC visibility pop

#endif
