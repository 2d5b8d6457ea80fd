/*
 * vigie.h - finds restricted-distribution markings in chat messages; says what must happen to them.
 *
 *   vigie_t *vigie = NULL;
 *   char *error = NULL, *line = NULL;
 *   if (vigie_open(NULL, &vigie, &error) != VIGIE_OK) { fputs(error, stderr); exit(2); }
 *   const char *in = "{\"id\":\"1\",\"body\":\"TLP:RED\"}";
 *   if (vigie_check(vigie, in, strlen(in), &line, NULL) == VIGIE_OK) puts(line);
 *   vigie_free(line);
 *   vigie_close(vigie);
 *
 * THREADS   Every function may be called from any number of threads at once, with the same vigie
 *           too. Checks do not wait for a reload, nor for each other. The library starts a thread
 *           to load rules alone, which has ended when vigie_open or vigie_reload returns.
 *           A thread that calls it needs 512 KiB of stack.
 *
 * OWNERSHIP What a function hands out through `out` and `error` belongs to the caller, who gives it
 *           to vigie_free, once, on any thread. What is passed in is read during the call only and
 *           is never kept. vigie_version and vigie_status_text give strings that are never freed.
 *
 * ERRORS    No function ends the process because of its arguments: a status says what is wrong.
 *           NULL, sizes out of bounds, text that is not UTF-8 and a vigie that is closed or never
 *           was open are all answered. A pointer that is not NULL must point to what it says.
 *           `out` and `error` are NULL unless the function says otherwise. Errors name files of
 *           rules; they never hold text of a message or the name of a file that was checked.
 *
 * TRAPS     The library is written in Swift. Should it hold an error all the same, a check of the
 *           Swift run-time ends the process with SIGILL or SIGTRAP, rather than read wrong memory;
 *           so does memory that runs out while a message is judged.
 *           The run-time may then print the stack and memory, text of messages perhaps, to standard
 *           error: set SWIFT_BACKTRACE=enable=no in the environment of the process, before the
 *           library is loaded. Where the host must survive anything, keep
 *           `vigie check --jsonl` open on a pipe instead: it speaks the same lines.
 *
 * FORK      A child may use what its parent opened if no other thread of the parent was in a
 *           function of this library at the fork; otherwise it opens its own after the fork.
 *
 * ABI       A structure begins with its size and grows at its end only; numbers never change their
 *           meaning. A program built against an older header runs with a newer library.
 *
 * LINES     The JSON that goes in and comes out is that of `vigie check --jsonl`; its schemas are
 *           printed by `vigie rules schema check-line`, `review-line` and `error-line`.
 */
#ifndef VIGIE_H
#define VIGIE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What was opened. It is a name, not an address: never look behind it. It is not given out again. */
typedef struct vigie vigie_t;

/* What became of a call. */
typedef enum vigie_status {
  VIGIE_OK = 0,
  /* An argument is NULL that must not be, or out of bounds, or an unknown flag is set. */
  VIGIE_BAD_ARGUMENT = 1,
  /* This vigie is closed or was never opened. */
  VIGIE_NOT_OPEN = 2,
  /* The line in is not valid; `out` holds an error line that says why. */
  VIGIE_BAD_LINE = 3,
  /* The rules cannot be used; `error` says where and why, and how to mend it. */
  VIGIE_BAD_RULES = 4,
  /* A key file cannot be used; `error` says why. */
  VIGIE_BAD_KEY = 5,
  /* There is no memory for the answer, or to load with. */
  VIGIE_NO_MEMORY = 6
} vigie_status;

/* Flags of vigie_options. */
enum {
  /* The attachments of a line in may name files of this machine (`path`), which are opened with the
     rights of this process. Without it such a line is refused: leave it out where lines come from
     somebody else. */
  VIGIE_ALLOW_PATHS = 1
};

/* The most bytes of a line or text; a longer one is answered by an error line (`too-long`). */
#define VIGIE_MAX_LINE_SIZE 268435456

/* How to open. Set everything to zero but `size`: VIGIE_OPTIONS_INIT does. */
typedef struct vigie_options {
  /* sizeof(vigie_options). */
  size_t size;
  /* VIGIE_ALLOW_PATHS or 0. */
  uint64_t flags;
  /* The directory of rules. NULL: the one that came with the library, in ../share/vigie/Rules or
     share/vigie/Rules beside it. */
  const char *rules;
  /* Directories of the site, each laid over those before it, at most 64. NULL for none. */
  const char *const *sites;
  size_t site_count;
  /* A policy file to use instead of policies/default.yaml. NULL: that one. */
  const char *policy;
  /* The key of fingerprints, mode 0600. NULL: fingerprints are null. */
  const char *key_file;
  /* Public keys, one a line: rules that are not signed with one of them are refused. NULL: any. */
  const char *trusted_keys;
} vigie_options;

/* vigie_options options = VIGIE_OPTIONS_INIT; */
#define VIGIE_OPTIONS_INIT { sizeof(vigie_options), 0, 0, 0, 0, 0, 0, 0 }

/*
 * Loads rules and makes ready to check.
 *
 *   options  how; NULL for the defaults
 *   out      where the vigie goes, which vigie_close closes
 *   error    where a text goes that says why there is none; may be NULL
 *
 * VIGIE_OK, VIGIE_BAD_ARGUMENT, VIGIE_BAD_RULES, VIGIE_BAD_KEY, VIGIE_NO_MEMORY
 */
vigie_status vigie_open(const vigie_options *options, vigie_t **out, char **error);

/*
 * Checks one message: a check line in, a review line out.
 *
 *   json       the line: one JSON object in UTF-8, without a final NUL
 *   size       its bytes
 *   out        where the line out goes, without a line break and with a final NUL
 *   out_size   where its bytes without the NUL go; may be NULL
 *
 * A message without `channel` counts as sent to a public, unencrypted one.
 *
 * VIGIE_OK, VIGIE_BAD_LINE (with a line out), VIGIE_BAD_ARGUMENT, VIGIE_NOT_OPEN, VIGIE_NO_MEMORY
 */
vigie_status vigie_check(vigie_t *vigie, const char *json, size_t size, char **out,
                         size_t *out_size);

/*
 * Checks a text as the body of a message whose id is "text".
 *
 *   text       bytes of UTF-8; ranges of findings count these very bytes, valid or not
 *   size       how many
 *   channel    the `channel` of a check line as JSON, ended by NUL; NULL: public and unencrypted
 *
 * The rest as vigie_check.
 */
vigie_status vigie_check_text(vigie_t *vigie, const char *text, size_t size, const char *channel,
                              char **out, size_t *out_size);

/*
 * Checks a file, its name and what it holds, as attachment 0 of a message whose id is "file".
 *
 *   path       the file; links are followed. One that cannot be read is a gap of the review.
 *   name       what it is called for those who receive it; NULL: the last part of the path
 *   channel    as for vigie_check_text
 *
 * The file is copied first (beyond 8 MiB into an unlinked file in TMPDIR): whoever writes to it
 * meanwhile does not disturb. The rest as vigie_check.
 */
vigie_status vigie_check_file(vigie_t *vigie, const char *path, const char *name,
                              const char *channel, char **out, size_t *out_size);

/*
 * Reads the rules and keys again from where vigie_open had them and takes them into use in one step;
 * checks under way end by the rules they began with. What cannot be used changes nothing.
 *
 *   error    where a text goes that says why nothing changed; may be NULL
 *
 * VIGIE_OK, VIGIE_NOT_OPEN, VIGIE_BAD_RULES, VIGIE_BAD_KEY, VIGIE_NO_MEMORY
 */
vigie_status vigie_reload(vigie_t *vigie, char **error);

/*
 * Names the rules and policy in use, as `ruleset` of review lines does: "sha256:9f86d081884c7d65".
 *
 * VIGIE_OK, VIGIE_BAD_ARGUMENT, VIGIE_NOT_OPEN, VIGIE_NO_MEMORY
 */
vigie_status vigie_ruleset(vigie_t *vigie, char **out);

/*
 * Closes; checks under way end well. NULL and what is closed already are no error.
 */
void vigie_close(vigie_t *vigie);

/* Frees what a function handed out; NULL is no error. */
void vigie_free(void *memory);

/* The version of the library, such as "0.1.0". */
const char *vigie_version(void);

/* A status in words, such as "bad-line"; "unknown" for a number that is none. */
const char *vigie_status_text(vigie_status status);

#ifdef __cplusplus
}
#endif

#endif
