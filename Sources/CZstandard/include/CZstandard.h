// What Vigie calls of libzstd, which libarchive brings along, without headers. The prototypes are our own; the facts
// are those of its stable public interface (zstd.h, "Simple API").

#ifndef VIGIE_CZSTANDARD_H
#define VIGIE_CZSTANDARD_H

#include <stddef.h>
#include <sys/types.h>

// Unpacks all frames of some bytes at once, without a window of its own. Returns the number of bytes made, or -1 where
// they are damaged, more than there is room for, or no libzstd is there.
ssize_t vigie_zstandard_unpack(void *target, size_t room, const void *packed, size_t count);

#endif
