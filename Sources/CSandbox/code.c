#define _GNU_SOURCE
#include "CSandbox.h"

#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { large_page = 2 << 20 };

static uintptr_t up(uintptr_t address) { return (address + large_page - 1) & ~(uintptr_t)(large_page - 1); }

static uintptr_t down(uintptr_t address) { return address & ~(uintptr_t)(large_page - 1); }

// Code in whole large pages in which nothing else lies.
struct code {
  uintptr_t start;
  size_t size;         // of what there is
  size_t mapped_size;  // with what is empty after it
};

// More than a process has libraries with so much code.
enum { most = 16 };

struct codes {
  struct code list[most];
  int count;
  int is_first;
};

// All of the program's code, as it is linked for that.
static struct code of_program(const struct dl_phdr_info *info) {
  struct code code = {0};
  uintptr_t next = UINTPTR_MAX;
  for (int index = 0; index < info->dlpi_phnum; index++) {
    const ElfW(Phdr) *segment = &info->dlpi_phdr[index];
    if (segment->p_type != PT_LOAD) continue;
    uintptr_t start = info->dlpi_addr + segment->p_vaddr;
    if ((segment->p_flags & PF_X) != 0 && code.size == 0) {
      code.start = start;
      code.size = segment->p_memsz;
    } else if (start > code.start && start < next) {
      next = start;
    }
  }
  code.mapped_size = up(code.size);
  if (code.start % large_page != 0 || next < code.start + code.mapped_size) code.size = 0;
  return code;
}

// What of a library's code fills large pages: the middle of it, as where it lies is left to chance.
static struct code of_library(const struct dl_phdr_info *info) {
  struct code code = {0};
  for (int index = 0; index < info->dlpi_phnum; index++) {
    const ElfW(Phdr) *segment = &info->dlpi_phdr[index];
    if (segment->p_type != PT_LOAD || (segment->p_flags & PF_X) == 0) continue;
    uintptr_t start = up(info->dlpi_addr + segment->p_vaddr);
    uintptr_t end = down(info->dlpi_addr + segment->p_vaddr + segment->p_memsz);
    if (end > start && end - start > code.size) code = (struct code){start, end - start, end - start};
  }
  return code;
}

// The first object of the list is the program.
static int find(struct dl_phdr_info *info, size_t size, void *result) {
  (void)size;
  struct codes *codes = result;
  struct code code = codes->is_first ? of_program(info) : of_library(info);
  codes->is_first = 0;
  if (code.size > 0 && codes->count < most) codes->list[codes->count++] = code;
  return 0;
}

// Whether every large page of some untouched memory is one to the kernel too: then touching its first small page has
// brought the second one along, without another fault.
static int is_large(char *memory, size_t size) {
  size_t small_page = (size_t)sysconf(_SC_PAGESIZE);
  struct rusage before, after;
  for (size_t at = 0; at < size; at += large_page) memory[at] = 0;
  if (getrusage(RUSAGE_SELF, &before) < 0) return 0;
  for (size_t at = 0; at < size; at += large_page) memory[at + small_page] = 0;
  return getrusage(RUSAGE_SELF, &after) == 0 && after.ru_minflt == before.ru_minflt;
}

static int settle(struct code code) {
  size_t room = code.mapped_size + large_page;
  char *memory = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 0;
  char *copy = (char *)up((uintptr_t)memory);
  madvise(copy, code.mapped_size, MADV_HUGEPAGE);
  // A table of small pages would be copied entry by entry: that is dearer than what it saves.
  int is_settled = is_large(copy, code.mapped_size);
  if (is_settled) {
    memcpy(copy, (const void *)code.start, code.size);
    is_settled = mprotect(copy, code.mapped_size, PROT_READ | PROT_EXEC) == 0 &&
                 mremap(copy, code.mapped_size, code.mapped_size, MREMAP_MAYMOVE | MREMAP_FIXED,
                        (void *)code.start) != MAP_FAILED;
  }
  if (!is_settled) {
    munmap(memory, room);
    return 0;
  }
  // What is left of the room before and after the copy.
  munmap(memory, (size_t)(copy - memory));
  munmap(copy + code.mapped_size, (size_t)(memory + room - copy) - code.mapped_size);
  return 1;
}

int sandbox_settle_code(void) {
  struct codes codes = {.is_first = 1};
  dl_iterate_phdr(find, &codes);
  int settled = 0;
  for (int index = 0; index < codes.count; index++) settled += settle(codes.list[index]);
  return settled;
}
