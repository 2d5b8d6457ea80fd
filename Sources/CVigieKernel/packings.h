// How eight slots are packed, for variants that permute eight bytes at once; each has its own copy.
#ifndef C_VIGIE_KERNEL_PACKINGS_H
#define C_VIGIE_KERNEL_PACKINGS_H

#include <stdint.h>

// For each set of eight slots that are taken the order that packs them: a permutation gives 0 for a number of 0x80.
static uint8_t packings[256][8];

static __attribute__((constructor)) void make_packings(void) {
  for (uint32_t set = 0; set < 256; set++) {
    uint32_t count = 0;
    for (uint8_t slot = 0; slot < 8; slot++) {
      if (set >> slot & 1) packings[set][count++] = slot;
    }
    for (; count < 8; count++) packings[set][count] = 0x80;
  }
}

#endif
