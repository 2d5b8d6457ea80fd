// Throws mutated lines, random bytes, wrong sizes and calls in any order at the library: nothing may
// end the process, and every answer must be what its status promises.
//
//   fuzz SEEDS RULES SMALL-RULES DIRECTORY [ROUNDS [SEED]]
//
// SEEDS holds one valid check line a line; SMALL-RULES load in no time; DIRECTORY is empty. Each input
// ends where a page begins that cannot be read: one byte too far ends the process.
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "check.h"

enum { thread_count = 4, slot_count = 16, room = 1 << 16, max_seed_count = 1 << 16 };

static char *seeds[max_seed_count];
static size_t seed_sizes[max_seed_count];
static size_t seed_count;
static const char *small_rules;
static unsigned long rounds = 60000, first_seed = 20260601;

static vigie_t *main_vigie;
// What is open, closed or never was, shared by all threads.
static _Atomic(vigie_t *) slots[slot_count];
static atomic_ulong counts[7];

typedef struct {
  uint64_t state;
  int number;
  // Where inputs end.
  char *end;
  // What it is doing, for the report of a crash.
  unsigned long round;
} Fuzzer;

static _Thread_local Fuzzer *current;

// SplitMix64.
static uint64_t next(Fuzzer *fuzzer) {
  uint64_t mixed = fuzzer->state += 0x9E3779B97F4A7C15;
  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
  return mixed ^ mixed >> 31;
}

static size_t below(Fuzzer *fuzzer, size_t count) { return count ? next(fuzzer) % count : 0; }

static void on_crash(int signal_number) {
  char text[120];
  int size = snprintf(text, sizeof text, "fuzz: signal %d in thread %d, round %lu, seed %lu\n",
                      signal_number, current ? current->number : -1, current ? current->round : 0,
                      first_seed);
  if (write(2, text, (size_t)size) < 0) _exit(2);
  _exit(1);
}

static const char *const pieces[] = {
    "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "\\ud800", "\\udfff\\ud800", "\\u0000", "null",
    "true", "-", "1e999", "-0.0e-0", "99999999999999999999", "\"id\":", "\"body\":", "\"html\":\"<b>",
    "\"channel\":{\"id\":\"r\",\"visibility\":\"private\"}", "\"attachments\":[{\"name\":\"DR.pdf\"}]",
    "\"timestamp\":\"2026-06-01T09:30:00Z\"", "&#x44;&#82;", "&amp;&", "<!--", "<td", "D I F F U S I O N",
    "DIFFUSION RESTREINTE", "NATO\u00A0RESTRICTED", "TLP:RED", "[DR]", "\xEF\xBB\xBF", "\xFF", "\xC0\x80",
    "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF0\x9F", "\xE2\x80\x8B", "e\xCC\x81", "\n", "\r\n",
    "%44%52", "RElGRlVTSU9OIFJFU1RSRUlOVEU=", "4111 1111 1111 1111", "FR7630006000011234567890189"};
enum { piece_count = sizeof pieces / sizeof *pieces };

// Makes an input that ends at `end` and gives its size.
static size_t make_input(Fuzzer *fuzzer, char **start) {
  static _Thread_local char text[room];
  size_t size = 0;
  switch (below(fuzzer, 8)) {
    case 0:  // noise
      size = below(fuzzer, 200);
      for (size_t at = 0; at < size; at++) text[at] = (char)next(fuzzer);
      break;
    case 1:  // pieces of JSON and of markings
      for (size_t left = below(fuzzer, 60); left > 0; left--) {
        const char *piece = pieces[below(fuzzer, piece_count)];
        memcpy(text + size, piece, strlen(piece));
        size += strlen(piece);
      }
      break;
    case 2: {  // depth, or length
      static const char openers[] = "[{\"\\<& 1D";
      size = 1 + below(fuzzer, below(fuzzer, 8) ? 400 : room - 1);
      memset(text, openers[below(fuzzer, sizeof openers - 1)], size);
      break;
    }
    default: {  // a valid line, or two, changed
      size_t seed = below(fuzzer, seed_count);
      size = seed_sizes[seed];
      memcpy(text, seeds[seed], size);
      if (below(fuzzer, 8) == 0) {
        size_t other = below(fuzzer, seed_count);
        size_t from = below(fuzzer, seed_sizes[other]), at = below(fuzzer, size);
        size = at + seed_sizes[other] - from;
        memcpy(text + at, seeds[other] + from, seed_sizes[other] - from);
      }
    }
  }
  for (size_t left = below(fuzzer, 6); left > 0 && size > 0; left--) {
    size_t at = below(fuzzer, size);
    switch (below(fuzzer, 6)) {
      case 0: text[at] = (char)next(fuzzer); break;
      case 1: text[at] = (char)(text[at] ^ 1 << below(fuzzer, 8)); break;
      case 2: size = at; break;
      case 3: text[at] = 0; break;
      case 4:
        memmove(text + at, text + at + 1, size - at - 1);
        size--;
        break;
      case 5: {
        const char *piece = pieces[below(fuzzer, piece_count)];
        size_t more = strlen(piece);
        if (size + more > room) break;
        memmove(text + at + more, text + at, size - at);
        memcpy(text + at, piece, more);
        size += more;
      }
    }
  }
  *start = fuzzer->end - size;
  memcpy(*start, text, size);
  return size;
}

static vigie_t *pick_vigie(Fuzzer *fuzzer) {
  switch (below(fuzzer, 16)) {
    case 0: return slots[below(fuzzer, slot_count)];
    case 1: return (vigie_t *)(uintptr_t)(next(fuzzer) >> below(fuzzer, 64));
    default: return main_vigie;
  }
}

// A string that ends with NUL where the input ends.
static const char *as_string(Fuzzer *fuzzer, char *start, size_t size) {
  if (size == 0) return below(fuzzer, 2) ? NULL : "";
  start[size - 1] = 0;
  return start;
}

static void count_status(vigie_status status) {
  REQUIRE(status >= VIGIE_OK && status < VIGIE_NO_MEMORY, "status %d", status);
  atomic_fetch_add(&counts[status], 1);
}

static void check_line(Fuzzer *fuzzer, char *start, size_t size) {
  static const size_t sizes[] = {SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 2 + 1, VIGIE_MAX_LINE_SIZE + 1};
  // A huge size over little memory: answered before a byte is read.
  if (below(fuzzer, 64) == 0) size = sizes[below(fuzzer, 4)];
  char *out = (char *)1;
  size_t out_size = 1;
  int is_sized = below(fuzzer, 4) != 0;
  vigie_t *vigie = pick_vigie(fuzzer);
  const char *input = below(fuzzer, 64) ? start : NULL;
  vigie_status status = vigie_check(vigie, input, size, &out, is_sized ? &out_size : NULL);
  if (!is_sized) out_size = out ? strlen(out) : 0;
  count_status(status);
  REQUIRE(is_sound(status, out, out_size), "%s: %s", vigie_status_text(status), out ? out : "");
  vigie_free(out);
}

static void check_text(Fuzzer *fuzzer, char *start, size_t size) {
  static const char *const channels[] = {NULL, "null", "{\"id\":\"r\",\"encrypted\":true}"};
  char *out = NULL;
  size_t out_size = 0;
  const char *channel = channels[below(fuzzer, 3)];
  // Sometimes the channel is what is wrong.
  if (below(fuzzer, 4) == 0) channel = as_string(fuzzer, start, size);
  vigie_status status =
      vigie_check_text(pick_vigie(fuzzer), start, size, channel, &out, &out_size);
  count_status(status);
  REQUIRE(is_sound(status, out, out_size), "%s: %s", vigie_status_text(status), out ? out : "");
  vigie_free(out);
}

static void check_file(Fuzzer *fuzzer, char *start, size_t size) {
  static const char *const paths[] = {"text", "/dev/null", "/dev/zero", ".", "", "missing", "fifo",
                                      "/proc/self/maps", "/proc/self/mem", "\xFF"};
  char *out = NULL;
  size_t out_size = 0;
  const char *given = as_string(fuzzer, start, size);
  const char *path = paths[below(fuzzer, sizeof paths / sizeof *paths)];
  if (below(fuzzer, 8) == 0) path = given;
  const char *name = below(fuzzer, 2) ? given : NULL;
  vigie_status status = vigie_check_file(pick_vigie(fuzzer), path, name, NULL, &out, &out_size);
  count_status(status);
  REQUIRE(is_sound(status, out, out_size), "%s: %s", vigie_status_text(status), out ? out : "");
  vigie_free(out);
}

static void open_another(Fuzzer *fuzzer, char *start, size_t size) {
  vigie_options options = VIGIE_OPTIONS_INIT;
  const char *given = as_string(fuzzer, start, size);
  const char *sites[] = {"missing", given, NULL};
  options.rules = small_rules;
  switch (below(fuzzer, 10)) {
    case 0: options.size = next(fuzzer) >> below(fuzzer, 64); break;
    case 1: options.flags = next(fuzzer); break;
    case 2: options.site_count = next(fuzzer) >> below(fuzzer, 64); break;
    case 3: options.sites = sites; options.site_count = below(fuzzer, 4); break;
    case 4: options.policy = given; break;
    case 5: options.key_file = given; break;
    case 6: options.trusted_keys = given; break;
    case 7: options.rules = given ? given : ""; break;
  }
  // What is read of a structure that says it is long must be there: a page of zeros.
  static _Thread_local union {
    vigie_options options;
    char bytes[4096];
  } padded;
  memset(&padded, 0, sizeof padded);
  padded.options = options;
  char *error = NULL;
  vigie_t *vigie = NULL;
  vigie_status status =
      vigie_open(&padded.options, below(fuzzer, 8) ? &vigie : NULL, below(fuzzer, 4) ? &error : NULL);
  count_status(status);
  REQUIRE((status == VIGIE_OK) == (vigie != NULL), "%s", vigie_status_text(status));
  vigie_free(error);
  if (vigie) vigie_close(atomic_exchange(&slots[below(fuzzer, slot_count)], vigie));
}

static void *fuzz(void *argument) {
  Fuzzer *fuzzer = current = argument;
  for (fuzzer->round = 0; fuzzer->round < rounds; fuzzer->round++) {
    char *start = NULL;
    size_t size = make_input(fuzzer, &start);
    // Opening takes a thousand times longer than a check: it comes up in every four hundredth round.
    if (below(fuzzer, 400) == 0) {
      open_another(fuzzer, start, size);
      continue;
    }
    switch (below(fuzzer, 400)) {
      case 0: vigie_close(slots[below(fuzzer, slot_count)]); break;
      case 1: {
        char *error = NULL;
        // Not the main one: its rules take a while to load.
        count_status(vigie_reload(slots[below(fuzzer, slot_count)], &error));
        vigie_free(error);
        break;
      }
      case 2 ... 5: {
        char *out = NULL;
        vigie_status status = vigie_ruleset(pick_vigie(fuzzer), &out);
        count_status(status);
        REQUIRE((status == VIGIE_OK) == (out != NULL), "ruleset");
        vigie_free(out);
        break;
      }
      case 6 ... 20: check_file(fuzzer, start, size); break;
      case 21 ... 80: check_text(fuzzer, start, size); break;
      default: check_line(fuzzer, start, size);
    }
  }
  return NULL;
}

static void read_seeds(const char *path) {
  FILE *file = fopen(path, "r");
  REQUIRE(file, "no seeds");
  char *line = NULL;
  size_t space = 0;
  ssize_t size;
  while (seed_count < max_seed_count && (size = getline(&line, &space, file)) > 1) {
    if (size > room / 2) continue;
    seeds[seed_count] = strndup(line, (size_t)size - 1);
    seed_sizes[seed_count++] = (size_t)size - 1;
  }
  free(line);
  fclose(file);
  REQUIRE(seed_count > 100, "few seeds: %zu", seed_count);
}

int main(int count, char **words) {
  REQUIRE(count >= 5, "usage: fuzz SEEDS RULES SMALL-RULES DIRECTORY [ROUNDS [SEED]]");
  if (count > 5) rounds = strtoul(words[5], NULL, 10) / thread_count;
  if (count > 6) first_seed = strtoul(words[6], NULL, 10);
  read_seeds(words[1]);
  small_rules = words[3];
  REQUIRE(chdir(words[4]) == 0 && mkfifo("fifo", 0600) == 0, "directory");
  FILE *file = fopen("text", "w");
  REQUIRE(file && fputs("Note\nDIFFUSION RESTREINTE\n", file) > 0 && !fclose(file), "file");

  const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
  for (size_t index = 0; index < sizeof crashes / sizeof *crashes; index++) {
    signal(crashes[index], on_crash);
  }
  main_vigie = open_rules(words[2], NULL);
  static Fuzzer fuzzers[thread_count];
  pthread_t threads[thread_count];
  pthread_attr_t attributes;
  // What vigie.h asks for.
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 512 * 1024);
  long page = sysconf(_SC_PAGESIZE);
  for (int index = 0; index < thread_count; index++) {
    size_t length = (size_t)(2 * room + page);
    char *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED, "mmap");
    REQUIRE(mprotect(memory + 2 * room, (size_t)page, PROT_NONE) == 0, "mprotect");
    fuzzers[index].state = first_seed * 1000 + (unsigned long)index;
    fuzzers[index].number = index;
    fuzzers[index].end = memory + 2 * room;
    REQUIRE(pthread_create(&threads[index], &attributes, fuzz, &fuzzers[index]) == 0, "thread");
  }
  for (int index = 0; index < thread_count; index++) pthread_join(threads[index], NULL);

  unsigned long total = 0;
  for (int status = 0; status < 7; status++) total += counts[status];
  printf("%lu calls:", total);
  for (int status = 0; status < 7; status++) {
    printf(" %lu %s%s", counts[status], vigie_status_text((vigie_status)status),
           status < 6 ? "," : "\n");
  }
  // A fuzzer whose inputs all end at the first byte finds nothing.
  REQUIRE(counts[VIGIE_OK] > total / 10 && counts[VIGIE_BAD_LINE] > total / 10, "lopsided");
  REQUIRE(counts[VIGIE_NOT_OPEN] && counts[VIGIE_BAD_ARGUMENT] && counts[VIGIE_BAD_RULES] &&
              counts[VIGIE_BAD_KEY],
          "a status never came up");
  for (int index = 0; index < slot_count; index++) vigie_close(slots[index]);
  vigie_close(main_vigie);
  return 0;
}
