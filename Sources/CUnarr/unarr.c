#include "CUnarr.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>

typedef struct vigie_unarr_stream_t *stream;
typedef struct vigie_unarr_reader_t *reader;

static struct {
  stream (*open_memory)(const void *, size_t);
  void (*close)(stream);
  reader (*open_rar)(stream);
  void (*close_archive)(reader);
  bool (*parse_entry)(reader);
  int64_t (*offset)(reader);
  size_t (*size)(reader);
  bool (*uncompress)(reader, void *, size_t);
} unarr;

struct vigie_unarr_archive_t {
  stream stream;
  reader reader;
};

static int is_loaded = -1;

int vigie_unarr_load(void) {
  if (is_loaded >= 0) return is_loaded;
  is_loaded = 0;
  void *library = dlopen("libunarr.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return 0;
  const struct { void **function; const char *name; } symbols[] = {
      {(void **)&unarr.open_memory, "ar_open_memory"},
      {(void **)&unarr.close, "ar_close"},
      {(void **)&unarr.open_rar, "ar_open_rar_archive"},
      {(void **)&unarr.close_archive, "ar_close_archive"},
      {(void **)&unarr.parse_entry, "ar_parse_entry"},
      {(void **)&unarr.offset, "ar_entry_get_offset"},
      {(void **)&unarr.size, "ar_entry_get_size"},
      {(void **)&unarr.uncompress, "ar_entry_uncompress"},
  };
  for (size_t index = 0; index < sizeof symbols / sizeof symbols[0]; index++) {
    *symbols[index].function = dlsym(library, symbols[index].name);
    if (*symbols[index].function == NULL) return 0;
  }
  return is_loaded = 1;
}

vigie_unarr_archive vigie_unarr_open(const void *bytes, size_t count) {
  if (is_loaded != 1) return NULL;
  vigie_unarr_archive archive = malloc(sizeof *archive);
  if (archive == NULL) return NULL;
  archive->stream = unarr.open_memory(bytes, count);
  archive->reader = archive->stream != NULL ? unarr.open_rar(archive->stream) : NULL;
  if (archive->reader != NULL) return archive;
  if (archive->stream != NULL) unarr.close(archive->stream);
  free(archive);
  return NULL;
}

int vigie_unarr_next(vigie_unarr_archive archive) { return unarr.parse_entry(archive->reader); }

int64_t vigie_unarr_offset(vigie_unarr_archive archive) { return unarr.offset(archive->reader); }

size_t vigie_unarr_size(vigie_unarr_archive archive) { return unarr.size(archive->reader); }

int vigie_unarr_read(vigie_unarr_archive archive, void *buffer, size_t count) {
  return unarr.uncompress(archive->reader, buffer, count);
}

void vigie_unarr_close(vigie_unarr_archive archive) {
  unarr.close_archive(archive->reader);
  unarr.close(archive->stream);
  free(archive);
}
