#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// The libraries of this process, found once; a process with more of them copies them all.
enum { most = 160 };

// One of them.
struct library {
  const struct link_map *map;
  const char *name;   // its file name
  const char *alias;  // the name by which others ask for it, or NULL
  uintptr_t start;
  uintptr_t end;
  int named;        // the level of its name, 0 where it has none
  int least;        // copies of this level and higher ones have it
  int seen;         // the search that met it last
  int is_left_out;  // copies go without it now
};

// More than the level of any name.
enum { never = 1000 };

static struct library libraries[most];
static int library_count;

static const char *file_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

// The entry of a dynamic section with a tag, or NULL.
static const ElfW(Dyn) *entry(const struct link_map *map, ElfW(Sxword) tag) {
  const ElfW(Dyn) *one = map->l_ld;
  while (one->d_tag != DT_NULL && one->d_tag != tag) one++;
  return one->d_tag == tag ? one : NULL;
}

// The strings of an object. The loader of glibc has added where it lies already.
static const char *strings(const struct link_map *map) {
  const ElfW(Dyn) *table = entry(map, DT_STRTAB);
  return table == NULL ? NULL : (const char *)table->d_un.d_ptr;
}

// Where an object of the loader's lies.
static int place(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  (void)data;
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (int index = 1; index < library_count; index++) {
    struct library *library = &libraries[index];
    if (library->map->l_addr != info->dlpi_addr || strcmp(library->map->l_name, info->dlpi_name) != 0) continue;
    uintptr_t start = UINTPTR_MAX, end = 0;
    for (int number = 0; number < info->dlpi_phnum; number++) {
      const ElfW(Phdr) *segment = &info->dlpi_phdr[number];
      if (segment->p_type != PT_LOAD) continue;
      uintptr_t from = info->dlpi_addr + segment->p_vaddr;
      if (from < start) start = from;
      if (from + segment->p_memsz > end) end = from + segment->p_memsz;
    }
    if (start >= end) continue;
    library->start = start & ~(page - 1);
    library->end = (end + page - 1) & ~(page - 1);
  }
  return 0;
}

static int is_needed(const struct library *library, const char *name) {
  return strcmp(library->name, name) == 0 || (library->alias != NULL && strcmp(library->alias, name) == 0);
}

// Gives a library and all that it needs to copies of a level, but for what has a name of a higher one.
static void keep(struct library *library, int level) {
  if (library->seen > level || library->named > level) return;
  library->seen = level + 1;
  if (level < library->least) library->least = level;
  const char *names = strings(library->map);
  if (names == NULL) return;
  for (const ElfW(Dyn) *one = library->map->l_ld; one->d_tag != DT_NULL; one++) {
    if (one->d_tag != DT_NEEDED) continue;
    for (int index = 1; index < library_count; index++) {
      if (is_needed(&libraries[index], names + one->d_un.d_val)) keep(&libraries[index], level);
    }
  }
}

// Whether some library needs this one.
static int is_needed_by_any(const struct library *library) {
  for (int index = 0; index < library_count; index++) {
    const char *names = strings(libraries[index].map);
    if (names == NULL) continue;
    for (const ElfW(Dyn) *one = libraries[index].map->l_ld; one->d_tag != DT_NULL; one++) {
      if (one->d_tag == DT_NEEDED && is_needed(library, names + one->d_un.d_val)) return 1;
    }
  }
  return 0;
}

int sandbox_find_seldom_used(char *const *names, const int *levels, size_t count) {
  library_count = 0;
  int highest = 0;
  for (size_t index = 0; index < count; index++) {
    if (levels[index] > highest) highest = levels[index];
  }
  if (highest >= never) return 0;
  for (const struct link_map *map = _r_debug.r_map; map != NULL; map = map->l_next) {
    // The first is the program; what has no file is the kernel's.
    if (library_count > 0 && strchr(map->l_name, '/') == NULL) continue;
    if (library_count == most) return library_count = 0;
    struct library *library = &libraries[library_count];
    *library = (struct library){.map = map, .name = file_name(map->l_name), .least = never};
    const ElfW(Dyn) *alias = entry(map, DT_SONAME);
    if (alias != NULL && strings(map) != NULL) library->alias = strings(map) + alias->d_un.d_val;
    for (size_t index = 0; library_count > 0 && index < count; index++) {
      if (strncmp(library->name, names[index], strlen(names[index])) == 0) library->named = levels[index];
    }
    library_count++;
  }
  dl_iterate_phdr(place, NULL);
  // The program, and what was loaded without anybody's asking for it: the loader, what is preloaded.
  for (int level = 0; level <= highest; level++) {
    for (int index = 0; index < library_count; index++) {
      if (index == 0 || !is_needed_by_any(&libraries[index])) keep(&libraries[index], level);
    }
  }
  int found = 0;
  for (int index = 1; index < library_count; index++) {
    struct library *library = &libraries[index];
    // What nothing needs but a library that only the highest level has.
    if (library->least > highest) library->least = highest;
    found += library->least > 0 && library->start != 0;
  }
  return found;
}

int sandbox_copy_seldom_used(int level) {
  for (int index = 1; index < library_count; index++) {
    struct library *library = &libraries[index];
    int is_left_out = library->least > level;
    if (library->start == 0 || is_left_out == library->is_left_out) continue;
    int result = madvise((void *)library->start, library->end - library->start,
                         is_left_out ? MADV_DONTFORK : MADV_DOFORK);
    // Between its parts a library may have nothing: the parts are done all the same.
    if (result < 0 && errno != ENOMEM) return -1;
    library->is_left_out = is_left_out;
  }
  return 0;
}
