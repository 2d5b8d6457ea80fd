// Many threads check while the rules are exchanged, and memory does not grow.
//
//   stress RULES DIRECTORY    the shipped rules, and an empty directory to write to
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "check.h"

enum { thread_count = 8, reload_count = 12, call_count = 200000, growth_kib = 8192 };

typedef struct {
  const char *json;
  const char *part;
} Case;

// What each line must hold whatever rules of the site are in use.
static const Case cases[] = {
    {"{\"id\":\"a\",\"body\":\"Bonjour à tous, la réunion est à 14 h.\"}", "\"verdict\":\"allow\""},
    {"{\"id\":\"b\",\"body\":\"Ci-joint la note, DIFFUSION RESTREINTE\"}", "\"verdict\":\"block\""},
    {"{\"id\":\"c\",\"subject\":\"TLP:RED\",\"body\":\"x\",\"html\":\"<b>x</b>\"}", "tlp.red"},
    {"{\"id\":\"d\",\"body\":\"hush hush\"}", "\"id\":\"d\",\"verdict\":"},
    {"{\"id\":\"e\",\"body\":3}", "wrong-type"},
};
enum { case_count = sizeof cases / sizeof *cases };

static vigie_t *shared;
static atomic_int is_over;

static void check_case(vigie_t *vigie, const Case *one) {
  char *out = NULL;
  size_t size = 0;
  vigie_status status = vigie_check(vigie, one->json, strlen(one->json), &out, &size);
  REQUIRE(is_sound(status, out, size) && out && strstr(out, one->part), "%s: %s", one->json,
          out ? out : vigie_status_text(status));
  vigie_free(out);
}

static void *check_on(void *argument) {
  long *done = argument;
  while (!atomic_load(&is_over) || *done < case_count * 1000) {
    check_case(shared, &cases[*done % case_count]);
    ++*done;
  }
  return NULL;
}

static void write_site(int number) {
  static const char *const text =
      "family: xx\ntitle: Test\nscheme: xx\nsources: { S: s }\nrules:\n"
      "  - { id: xx.hush, title: Hush, level: secret, cites: [S], prior: distinctive, usage: 2,\n"
      "      phrases: [hush hush %d], examples: { applied: [\"⟦hush hush %d⟧\"], silent: [rien] } }\n";
  FILE *file = fopen("site/markings/xx.yaml", "w");
  REQUIRE(file, "cannot write a file");
  // Every third set cannot be used.
  if (number % 3 == 2) fputs("family: [", file);
  else fprintf(file, text, number, number);
  REQUIRE(fclose(file) == 0, "cannot write a file");
}

// Threads check with rules that are exchanged, well or badly, all the time.
static void threads(const char *rules) {
  REQUIRE(mkdir("site", 0700) == 0 && mkdir("site/markings", 0700) == 0, "mkdir");
  write_site(0);
  shared = open_rules(rules, "site");
  pthread_t threads[thread_count];
  long done[thread_count] = {0};
  pthread_attr_t attributes;
  // What vigie.h asks for.
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 512 * 1024);
  for (int index = 0; index < thread_count; index++) {
    REQUIRE(pthread_create(&threads[index], &attributes, check_on, &done[index]) == 0, "thread");
  }
  for (int number = 1; number <= reload_count; number++) {
    write_site(number);
    char *error = NULL, *before = NULL, *after = NULL;
    vigie_ruleset(shared, &before);
    vigie_status status = vigie_reload(shared, &error);
    vigie_ruleset(shared, &after);
    int is_bad = number % 3 == 2;
    REQUIRE(status == (is_bad ? VIGIE_BAD_RULES : VIGIE_OK), "%s", error ? error : "");
    REQUIRE((strcmp(before, after) == 0) == is_bad, "reload %d: %s, %s", number, before, after);
    vigie_free(error);
    vigie_free(before);
    vigie_free(after);
  }
  atomic_store(&is_over, 1);
  long total = 0;
  for (int index = 0; index < thread_count; index++) {
    pthread_join(threads[index], NULL);
    total += done[index];
  }
  vigie_close(shared);
  printf("%d threads: %ld checks during %d reloads\n", thread_count, total, reload_count);
}

// After a warm-up, calls leave nothing behind; nor do rules that were exchanged or closed.
static void growth(const char *rules) {
  vigie_t *vigie = open_rules(rules, NULL);
  for (int call = 0; call < call_count / 10; call++) check_case(vigie, &cases[call % case_count]);
  long before = resident_kib();
  for (int call = 0; call < call_count; call++) check_case(vigie, &cases[call % case_count]);
  long calls = resident_kib() - before;
  printf("%d checks: %+ld KiB\n", call_count, calls);
  REQUIRE(calls < growth_kib, "checks leave memory behind");

  for (int round = 0; round < 4; round++) REQUIRE(!vigie_reload(vigie, NULL), "reload");
  before = resident_kib();
  for (int round = 0; round < 10; round++) {
    REQUIRE(!vigie_reload(vigie, NULL), "reload");
    vigie_t *other = open_rules(rules, NULL);
    check_case(other, &cases[1]);
    vigie_close(other);
  }
  long loads = resident_kib() - before;
  printf("10 reloads, 10 times opened and closed: %+ld KiB\n", loads);
  // Each set is some 20 MiB; malloc keeps a little for each thread that loaded.
  REQUIRE(loads < 4 * growth_kib, "rules leave memory behind");
  vigie_close(vigie);
}

int main(int count, char **words) {
  REQUIRE(count == 3 && chdir(words[2]) == 0, "usage: stress RULES DIRECTORY");
  growth(words[1]);
  threads(words[1]);
  return 0;
}
