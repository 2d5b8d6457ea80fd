// Checks each line of standard input (JSON, one message a line) and prints a line for each.
//
//   cc -o example example.c -I ../include -L ../lib -lvigie -Wl,-rpath,'$ORIGIN/../lib'
//   echo '{"id":"1","body":"TLP:RED"}' | SWIFT_BACKTRACE=enable=no ./example [RULES]
//
// Ends with 0 if all lines could be read, with 3 if not, with 2 if there are no rules.
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

#include "vigie.h"

int main(int count, char **arguments) {
  vigie_options options = VIGIE_OPTIONS_INIT;
  if (count > 1) options.rules = arguments[1];

  vigie_t *vigie = NULL;
  char *error = NULL;
  vigie_status status = vigie_open(&options, &vigie, &error);
  if (status != VIGIE_OK) {
    fprintf(stderr, "%s: %s\n", vigie_status_text(status), error ? error : "");
    vigie_free(error);
    return 2;
  }

  int code = 0;
  char *line = NULL;
  size_t room = 0;
  ssize_t size;
  while ((size = getline(&line, &room, stdin)) >= 0) {
    char *out = NULL;
    status = vigie_check(vigie, line, (size_t)size, &out, NULL);
    if (status == VIGIE_BAD_LINE) code = 3;
    // A line that is not valid has a line out, too: it says why.
    if (out) puts(out);
    vigie_free(out);
  }
  free(line);
  vigie_close(vigie);
  return code;
}
