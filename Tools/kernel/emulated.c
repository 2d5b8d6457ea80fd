// Passes over texts on an ARM, emulated or not, and holds what it finds against what another machine found.
//
// emulated FILE     ends with 1 where a variant finds anything else in a text of FILE, which vigie-kernel-cases wrote
// emulated          prints which variant of the kernel is chosen, and which for reading JSON
#include "../../Sources/CVigieJSON/include/CVigieJSON.h"
#include "../../Sources/CVigieKernel/include/CVigieKernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static _Noreturn void fail(const char *words) {
  fprintf(stderr, "%s\n", words);
  exit(2);
}

// Some bytes of the file; `count` is SIZE_MAX at its end. Tables start where a line of the cache does.
typedef struct {
  uint8_t *bytes;
  size_t count;
} piece;

static piece next_piece(FILE *file) {
  uint64_t count;
  if (fread(&count, 1, sizeof count, file) != sizeof count) return (piece){0, SIZE_MAX};
  piece piece = {aligned_alloc(64, (count + 64) / 64 * 64), count};
  if (piece.bytes == 0) fail("no memory");
  if (fread(piece.bytes, 1, count, file) != count) fail("the file is cut off");
  return piece;
}

// The next table, which lives as long as the process.
static const void *table(FILE *file) {
  piece piece = next_piece(file);
  if (piece.count == SIZE_MAX) fail("the file has no tables");
  return piece.bytes;
}

static void take_stream(vigie_stream *stream, FILE *file) {
  stream->map = table(file);
  stream->rows = table(file);
  stream->windows = table(file);
  stream->candidates = table(file);
  stream->strings = table(file);
  stream->pool = table(file);
}

static void take_sieve(vigie_sieve *sieve, FILE *file) {
  sieve->triples = table(file);
  sieve->places = table(file);
  sieve->starts = table(file);
  sieve->masks = table(file);
  sieve->values = table(file);
  sieve->spans = table(file);
  sieve->candidates = table(file);
}

static vigie_tables take_tables(FILE *file) {
  vigie_tables tables;
  piece all = next_piece(file);
  if (all.count != sizeof tables) fail("the file is of another kernel");
  memcpy(&tables, all.bytes, sizeof tables);
  free(all.bytes);
  take_stream(&tables.phrases, file);
  take_stream(&tables.anchors, file);
  take_sieve(&tables.phrase_sieve, file);
  take_sieve(&tables.anchor_sieve, file);
  tables.symbols = table(file);
  tables.codes = table(file);
  tables.latin = table(file);
  return tables;
}

// What a variant found, as `PassScratch.bytes` has it.
typedef struct {
  uint8_t *bytes;
  size_t count;
  size_t capacity;
} found;

static void put(found *found, const void *bytes, size_t count) {
  if (found->count + count > found->capacity) {
    found->capacity = 2 * (found->count + count);
    found->bytes = realloc(found->bytes, found->capacity);
    if (found->bytes == 0) fail("no memory");
  }
  if (count != 0) memcpy(found->bytes + found->count, bytes, count);
  found->count += count;
}

static void put_result(found *found, vigie_outcome outcome, const vigie_result *result) {
  uint32_t counts[] = {1, result->met, result->compared_count, result->anchor_count, result->event_count,
                       result->look_count, result->sign_count, result->script_count, result->run_count,
                       result->digit_count};
  if (outcome != VIGIE_DONE) {
    put(found, (uint32_t[]){0}, sizeof(uint32_t));
    return;
  }
  put(found, counts, sizeof counts);
  put(found, result->events, result->event_count * sizeof *result->events);
  put(found, result->looks, result->look_count * sizeof *result->looks);
  put(found, result->signs, result->sign_count * sizeof *result->signs);
  put(found, result->scripts, result->script_count * sizeof *result->scripts);
  put(found, result->runs, result->run_count * sizeof *result->runs);
  put(found, result->digits, result->digit_count * sizeof *result->digits);
}

static const uint32_t *descriptions;

static void pass_over(const vigie_tables *tables, vigie_scratch *scratch, vigie_variant variant, const uint8_t *text,
                      size_t count, found *found) {
  found->count = 0;
  vigie_begin(scratch);
  size_t from = 0;
  do {
    vigie_result result;
    vigie_outcome outcome;
    while ((outcome = vigie_pass(tables, scratch, variant, text, count, from, &result)) == VIGIE_MISSING) {
      const uint32_t *row = descriptions + (size_t)result.missing_row * VIGIE_ROW;
      if (!vigie_describe(scratch, result.missing_row, row)) fail("no memory");
    }
    put_result(found, outcome, &result);
    if (outcome != VIGIE_DONE) return;
    from += VIGIE_SEGMENT;
  } while (from < count);
}

// Memory for texts between two pages that nobody may read: what is read beyond either end of a text ends the process.
enum { PAGE = 4096, MOST = 1 << 20 };

static uint8_t *make_fenced(void) {
  uint8_t *all = mmap(0, PAGE + MOST + PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED || mprotect(all + PAGE, MOST, PROT_READ | PROT_WRITE) != 0) fail("no memory");
  return all + PAGE;
}

static void compare(const char *name, const piece *family, uint64_t number, const found *found, const piece *expected) {
  if (found->count == expected->count && memcmp(found->bytes, expected->bytes, found->count) == 0) return;
  size_t at = 0;
  while (at < found->count && at < expected->count && found->bytes[at] == expected->bytes[at]) at++;
  printf("%s finds something else in text %llu of '%.*s', from byte %zu of the result\n", name,
         (unsigned long long)number, (int)family->count, (const char *)family->bytes, at);
  exit(1);
}

int main(int count, char **arguments) {
  static const char *const names[] = {"swift", "scalar", "avx2", "avx512", "neon"};
  if (count < 2) {
    printf("%s %s\n", names[vigie_chosen_variant()],
           vigie_json_chosen_variant() == VIGIE_JSON_PORTABLE ? "swift" : "vectors");
    return 0;
  }
  FILE *file = fopen(arguments[1], "rb");
  if (file == 0) fail("the file cannot be opened");
  vigie_tables tables = take_tables(file);
  descriptions = table(file);
  static const vigie_variant variants[] = {VIGIE_SCALAR, VIGIE_NEON};
  vigie_scratch *scratches[] = {vigie_make_scratch(), vigie_make_scratch()};
  uint8_t *fenced = make_fenced();
  found found = {0, 0, 0};
  uint64_t texts = 0, bytes = 0;
  for (;; texts++) {
    piece family = next_piece(file);
    if (family.count == SIZE_MAX) break;
    piece text = next_piece(file), expected = next_piece(file);
    if (text.count > MOST || expected.count == SIZE_MAX) fail("a text is too long, or the file is cut off");
    for (int number = 0; number < 2; number++) {
      if (!vigie_has_variant(variants[number])) fail("this machine is no ARM");
      uint8_t *places[] = {fenced, fenced + MOST - text.count};
      for (int place = 0; place < 2; place++) {
        memcpy(places[place], text.bytes, text.count);
        pass_over(&tables, scratches[number], variants[number], places[place], text.count, &found);
        compare(names[variants[number]], &family, texts, &found, &expected);
      }
    }
    bytes += text.count;
    free(family.bytes);
    free(text.bytes);
    free(expected.bytes);
  }
  if (texts == 0) fail("the file has no texts");
  printf("%llu texts of %llu bytes: scalar and neon find in each what is written down\n", (unsigned long long)texts,
         (unsigned long long)bytes);
  return 0;
}
