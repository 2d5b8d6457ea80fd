// Holds the library to what vigie.h promises: every status, every NULL, every bad size.
//
//   contract RULES DIRECTORY    the shipped rules, and an empty directory to write to
#include <pthread.h>
#include <sys/stat.h>

#include "check.h"

static const char *const line_in =
    "{\"id\":\"1\",\"body\":\"DIFFUSION RESTREINTE\",\"channel\":null}";
static const char *const private_room =
    "{\"id\":\"r\",\"visibility\":\"private\",\"encrypted\":true}";

static void write_file(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  REQUIRE(file && fputs(text, file) >= 0 && fclose(file) == 0, "cannot write a file");
}

static char *checked(vigie_t *vigie, vigie_status wanted, const char *json) {
  char *out = NULL;
  size_t size = 0;
  vigie_status status = vigie_check(vigie, json, strlen(json), &out, &size);
  REQUIRE(status == wanted && is_sound(status, out, size), "%s: %s", vigie_status_text(status),
          out ? out : "nothing");
  return out;
}

static void expect(vigie_t *vigie, vigie_status wanted, const char *json, const char *part) {
  char *out = checked(vigie, wanted, json);
  REQUIRE(strstr(out, part), "%s is not in %s", part, out);
  vigie_free(out);
}

static void arguments(vigie_t *vigie) {
  char *out = (char *)1;
  size_t size = 1;
  REQUIRE(vigie_open(NULL, NULL, NULL) == VIGIE_BAD_ARGUMENT, "out is NULL");
  REQUIRE(vigie_check(vigie, NULL, 0, &out, &size) == VIGIE_BAD_ARGUMENT && !out && !size, "NULL");
  REQUIRE(vigie_check(vigie, line_in, 5, NULL, &size) == VIGIE_BAD_ARGUMENT && !size, "no out");
  REQUIRE(vigie_check_text(vigie, NULL, 9, NULL, &out, NULL) == VIGIE_BAD_ARGUMENT, "NULL");
  REQUIRE(vigie_check_file(vigie, NULL, "a", NULL, &out, NULL) == VIGIE_BAD_ARGUMENT, "NULL");
  REQUIRE(vigie_ruleset(vigie, NULL) == VIGIE_BAD_ARGUMENT, "NULL");
  vigie_free(NULL);
  vigie_close(NULL);

  // Sizes beyond the greatest are answered before a byte is read.
  const size_t sizes[] = {(size_t)VIGIE_MAX_LINE_SIZE + 1, SIZE_MAX / 2, SIZE_MAX / 2 + 1, SIZE_MAX};
  for (size_t index = 0; index < sizeof sizes / sizeof *sizes; index++) {
    REQUIRE(vigie_check(vigie, "{", sizes[index], &out, &size) == VIGIE_BAD_LINE, "huge");
    REQUIRE(is_sound(VIGIE_BAD_LINE, out, size) && strstr(out, "too-long"), "%s", out);
    vigie_free(out);
    REQUIRE(vigie_check_text(vigie, "{", sizes[index], NULL, &out, NULL) == VIGIE_BAD_LINE, "huge");
    vigie_free(out);
  }
  REQUIRE(vigie_check(vigie, "", 0, &out, NULL) == VIGIE_BAD_LINE, "empty");
  vigie_free(out);

  vigie_t *const strangers[] = {NULL, (vigie_t *)1, (vigie_t *)&out, (vigie_t *)UINTPTR_MAX};
  for (size_t index = 0; index < sizeof strangers / sizeof *strangers; index++) {
    vigie_t *stranger = strangers[index];
    REQUIRE(vigie_check(stranger, line_in, 1, &out, &size) == VIGIE_NOT_OPEN && !out, "stranger");
    REQUIRE(vigie_check_text(stranger, "a", 1, NULL, &out, NULL) == VIGIE_NOT_OPEN, "stranger");
    REQUIRE(vigie_check_file(stranger, "a", NULL, NULL, &out, NULL) == VIGIE_NOT_OPEN, "stranger");
    REQUIRE(vigie_reload(stranger, NULL) == VIGIE_NOT_OPEN, "stranger");
    REQUIRE(vigie_ruleset(stranger, &out) == VIGIE_NOT_OPEN && !out, "stranger");
    vigie_close(stranger);
  }
}

static void bad_options(const char *rules) {
  const char *hole[] = {rules, NULL};
  const char *const latin1 = "caf\xE9";
  struct {
    vigie_options options;
    uint64_t more[2];
  } longer;
  for (int round = 0; round < 10; round++) {
    memset(&longer, 0, sizeof longer);
    vigie_options *options = &longer.options;
    options->size = sizeof *options;
    options->rules = rules;
    switch (round) {
      case 0: options->size = 0; break;
      case 1: options->size = 7; break;
      case 2: options->size = sizeof *options - 1; break;
      case 3: options->size = SIZE_MAX; break;
      case 4: options->flags = 6; break;
      case 5: options->site_count = 1; break;
      case 6: options->site_count = SIZE_MAX; options->sites = hole; break;
      case 7: options->site_count = 2; options->sites = hole; break;
      case 8: options->rules = latin1; break;
      case 9: options->size = sizeof longer; longer.more[1] = 1; break;
    }
    vigie_t *vigie = (vigie_t *)1;
    char *error = NULL;
    REQUIRE(vigie_open(options, &vigie, &error) == VIGIE_BAD_ARGUMENT && !vigie && error,
            "round %d", round);
    vigie_free(error);
  }

  // A program built against a later header, which asks for nothing new.
  memset(&longer, 0, sizeof longer);
  longer.options.size = sizeof longer;
  longer.options.rules = rules;
  vigie_t *vigie = NULL;
  REQUIRE(vigie_open(&longer.options, &vigie, NULL) == VIGIE_OK, "longer");
  vigie_close(vigie);
  // One built against an earlier header: the end is missing, and whatever lies there is not read.
  longer.options.size = offsetof(vigie_options, policy);
  longer.options.policy = longer.options.key_file = longer.options.trusted_keys = (const char *)1;
  REQUIRE(vigie_open(&longer.options, &vigie, NULL) == VIGIE_OK, "shorter");
  vigie_close(vigie);
}

static void bad_files(const char *rules) {
  for (int round = 0; round < 4; round++) {
    vigie_options options = VIGIE_OPTIONS_INIT;
    options.rules = rules;
    switch (round) {
      case 0: options.rules = "/nonexistent/rules"; break;
      case 1: options.policy = "/nonexistent/policy.yaml"; break;
      case 2: options.key_file = "/nonexistent/key"; break;
      case 3: options.trusted_keys = "/nonexistent/key"; break;
    }
    vigie_t *vigie = NULL;
    char *error = NULL;
    vigie_status status = vigie_open(&options, &vigie, &error);
    REQUIRE(status == (round < 2 ? VIGIE_BAD_RULES : VIGIE_BAD_KEY) && !vigie, "round %d", round);
    REQUIRE(error && strstr(error, "/nonexistent/") && strstr(error, "mend:"), "%s", error);
    vigie_free(error);
  }
}

static void lines(vigie_t *vigie) {
  expect(vigie, VIGIE_OK, line_in, "\"verdict\":\"block\"");
  expect(vigie, VIGIE_OK, "{\"id\":\"1\",\"body\":\"bonjour\"}", "\"verdict\":\"allow\"");
  expect(vigie, VIGIE_BAD_LINE, "{\"id\":\"7\",\"boddy\":\"\"}", "\"id\":\"7\"");
  expect(vigie, VIGIE_BAD_LINE, "{\"id\":\"7\",\"boddy\":\"\"}", "unknown-key");
  expect(vigie, VIGIE_BAD_LINE, "{\"id", "invalid-json");
  expect(vigie, VIGIE_BAD_LINE,
         "{\"id\":\"7\",\"attachments\":[{\"name\":\"a\",\"path\":\"/etc/passwd\"}]}", "not-allowed");

  char *out = NULL;
  const char text[] = "\xFF DIFFUSION RESTREINTE\0 \xC3";
  REQUIRE(vigie_check_text(vigie, text, sizeof text - 1, NULL, &out, NULL) == VIGIE_OK, "text");
  REQUIRE(strstr(out, "\"id\":\"text\"") && strstr(out, "\"range\":[2,22]"), "%s", out);
  vigie_free(out);
  REQUIRE(vigie_check_text(vigie, text, sizeof text - 1, private_room, &out, NULL) == VIGIE_OK,
          "in a room");
  REQUIRE(strstr(out, "\"verdict\":\"log\""), "%s", out);
  vigie_free(out);
  const char *const rooms[] = {"", "{", "7", "{}", "{\"id\":\"r\"},\"body\":\"x\"", "\xFF",
                               "{\"id\":\"r\",\"visibility\":\"secret\"}"};
  for (size_t index = 0; index < sizeof rooms / sizeof *rooms; index++) {
    vigie_status status = vigie_check_text(vigie, "a", 1, rooms[index], &out, NULL);
    REQUIRE(status == VIGIE_BAD_LINE && strstr(out, "\"id\":\"text\""), "%s", rooms[index]);
    vigie_free(out);
  }
}

// Checks a file and demands that the line out holds a part.
static void expect_file(vigie_t *vigie, const char *path, const char *name, const char *part) {
  char *out = NULL;
  size_t size = 0;
  vigie_status status = vigie_check_file(vigie, path, name, NULL, &out, &size);
  REQUIRE(status == VIGIE_OK && is_sound(status, out, size), "%s", vigie_status_text(status));
  REQUIRE(strstr(out, part), "%s is not in %s", part, out);
  REQUIRE(!strstr(out, "quiet"), "the name of a file stands in %s", out);
  vigie_free(out);
}

static void files(vigie_t *vigie) {
  write_file("quiet.txt", "Bonjour\nDIFFUSION RESTREINTE\n");
  expect_file(vigie, "quiet.txt", NULL, "\"part\":\"attachments/0\"");
  expect_file(vigie, "quiet.txt", "\xFF", "\"verdict\":\"block\"");
  write_file("quiet\xE9.txt", "DIFFUSION RESTREINTE");
  expect_file(vigie, "quiet\xE9.txt", NULL, "\"verdict\":\"block\"");
  expect_file(vigie, "quiet-missing.txt", NULL, "\"reason\":\"missing\"");
  expect_file(vigie, "quiet-missing.txt", "DIFFUSION RESTREINTE.txt", "\"role\":\"filename\"");
  expect_file(vigie, "", NULL, "\"reason\":\"missing\"");
  expect_file(vigie, ".", NULL, "\"reason\":\"unsupported\"");
  REQUIRE(mkfifo("quiet-fifo", 0600) == 0, "mkfifo");
  expect_file(vigie, "quiet-fifo", NULL, "\"reason\":\"unsupported\"");
  expect_file(vigie, "/dev/zero", NULL, "\"reason\":\"unsupported\"");

  // More than is kept in memory: through an unlinked file.
  FILE *file = fopen("quiet-long.txt", "w");
  REQUIRE(file, "cannot write a file");
  for (int index = 0; index < 400000; index++) fputs("Tout va bien dans le service.\n", file);
  fputs("DIFFUSION RESTREINTE\n", file);
  REQUIRE(fclose(file) == 0, "cannot write a file");
  expect_file(vigie, "quiet-long.txt", NULL, "\"line\":400001");
}

static void allowed_paths(const char *rules) {
  vigie_options options = VIGIE_OPTIONS_INIT;
  options.rules = rules;
  options.flags = VIGIE_ALLOW_PATHS;
  vigie_t *vigie = NULL;
  REQUIRE(vigie_open(&options, &vigie, NULL) == VIGIE_OK, "with paths");
  expect(vigie, VIGIE_OK,
         "{\"id\":\"7\",\"attachments\":[{\"name\":\"a\",\"path\":\"quiet.txt\"}]}",
         "\"verdict\":\"block\"");
  vigie_close(vigie);
}

static const char *const family =
    "family: xx\ntitle: Test\nscheme: xx\nsources: { S: s }\nrules:\n"
    "  - { id: xx.hush, title: Hush, level: secret, cites: [S], prior: distinctive, usage: 2,\n"
    "      %s,\n"
    "      examples: { applied: [\"⟦%s⟧\"], silent: [\"rien\"] } }\n";

static char *ruleset(vigie_t *vigie) {
  char *out = NULL;
  REQUIRE(vigie_ruleset(vigie, &out) == VIGIE_OK && strncmp(out, "sha256:", 7) == 0, "ruleset");
  return out;
}

static void reloads(const char *rules) {
  char text[2000];
  REQUIRE(mkdir("site", 0700) == 0 && mkdir("site/markings", 0700) == 0, "mkdir");
  snprintf(text, sizeof text, family, "phrases: [hush hush]", "hush hush");
  write_file("site/markings/xx.yaml", text);
  vigie_t *vigie = open_rules(rules, "site");
  const char *const hush = "{\"id\":\"1\",\"body\":\"hush hush\"}";
  const char *const mum = "{\"id\":\"1\",\"body\":\"mum mum mum\"}";
  expect(vigie, VIGIE_OK, hush, "xx.hush");
  expect(vigie, VIGIE_OK, mum, "\"findings\":[]");
  char *first = ruleset(vigie);

  // Rules that cannot be used change nothing, whatever is wrong with them.
  const char *const bad[] = {"family: [", "family: xx\ntitle: Test\n", "\xFF", ""};
  for (size_t index = 0; index < sizeof bad / sizeof *bad; index++) {
    write_file("site/markings/xx.yaml", bad[index]);
    char *error = NULL;
    REQUIRE(vigie_reload(vigie, &error) == VIGIE_BAD_RULES, "bad rules %zu", index);
    REQUIRE(error && strstr(error, "site/markings/xx.yaml") && strstr(error, "mend:"), "%s", error);
    vigie_free(error);
    REQUIRE(vigie_reload(vigie, NULL) == VIGIE_BAD_RULES, "without an error text");
    char *kept = ruleset(vigie);
    REQUIRE(strcmp(first, kept) == 0, "the rules in use changed");
    vigie_free(kept);
    expect(vigie, VIGIE_OK, hush, "xx.hush");
  }
  // Nesting as deep as the reader of YAML allows.
  for (int index = 0; index < 2; index++) {
    FILE *file = fopen("site/markings/xx.yaml", "w");
    REQUIRE(file, "cannot write a file");
    fputs("family: xx\nx:\n ", file);
    for (int depth = 0; depth < 990; depth++) fputs(index ? "- " : "[", file);
    for (int depth = 0; depth < 990 && !index; depth++) fputs("]", file);
    REQUIRE(fclose(file) == 0, "cannot write a file");
    char *error = NULL;
    REQUIRE(vigie_reload(vigie, &error) == VIGIE_BAD_RULES, "deep rules");
    REQUIRE(error && strstr(error, "site/markings/xx.yaml"), "%s", error);
    vigie_free(error);
  }
  // A pattern that can take all the time there is would hold up the host.
  snprintf(text, sizeof text, family, "patterns: [{ regex: 'hush(u+)+x', anchors: [hush] }]", "hush");
  write_file("site/markings/xx.yaml", text);
  char *error = NULL;
  REQUIRE(vigie_reload(vigie, &error) == VIGIE_BAD_RULES, "a pattern that blows up");
  REQUIRE(error && strstr(error, "exponential"), "%s", error);
  vigie_free(error);

  snprintf(text, sizeof text, family, "phrases: [mum mum mum]", "mum mum mum");
  write_file("site/markings/xx.yaml", text);
  REQUIRE(vigie_reload(vigie, &error) == VIGIE_OK && !error, "good rules");
  expect(vigie, VIGIE_OK, mum, "xx.hush");
  expect(vigie, VIGIE_OK, hush, "\"findings\":[]");
  char *second = ruleset(vigie);
  REQUIRE(strcmp(first, second) != 0, "the rules in use did not change");
  vigie_free(second);
  vigie_free(first);

  vigie_close(vigie);
  char *out = NULL;
  REQUIRE(vigie_check(vigie, hush, strlen(hush), &out, NULL) == VIGIE_NOT_OPEN && !out, "closed");
  REQUIRE(vigie_reload(vigie, &error) == VIGIE_NOT_OPEN && !error, "closed");
  vigie_close(vigie);
  vigie_t *next = open_rules(rules, NULL);
  REQUIRE(next != vigie, "the name of what was closed is given out again");
  vigie_close(next);
}

static void *everything(void *argument) {
  const char *rules = argument;
  REQUIRE(vigie_version()[0], "no version");
  REQUIRE(strcmp(vigie_status_text(VIGIE_BAD_LINE), "bad-line") == 0, "status");
  REQUIRE(strcmp(vigie_status_text((vigie_status)99), "unknown") == 0, "status");

  // Beside the library lies share/vigie/Rules.
  vigie_t *vigie = NULL;
  REQUIRE(vigie_open(NULL, &vigie, NULL) == VIGIE_OK, "no rules beside the library");
  expect(vigie, VIGIE_OK, line_in, "fr.diffusion-restreinte");
  arguments(vigie);
  lines(vigie);
  files(vigie);
  vigie_close(vigie);
  bad_options(rules);
  bad_files(rules);
  allowed_paths(rules);
  reloads(rules);
  return NULL;
}

int main(int count, char **words) {
  REQUIRE(count == 3 && chdir(words[2]) == 0, "usage: contract RULES DIRECTORY");
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  // What vigie.h asks for.
  pthread_attr_setstacksize(&attributes, 512 * 1024);
  REQUIRE(pthread_create(&thread, &attributes, everything, words[1]) == 0, "thread");
  pthread_join(thread, NULL);
  puts("contract holds");
  return 0;
}
