// What Vigie calls of libunarr (LGPL-3), which is loaded when the program runs, where it is installed. The prototypes are
// our own; the facts are those of its public interface (unarr.h of 1.0 and 1.1).
//
// It complains on standard error, which in a worker leads nowhere.

#ifndef VIGIE_CUNARR_H
#define VIGIE_CUNARR_H

#include <stddef.h>
#include <stdint.h>

typedef struct vigie_unarr_archive_t *vigie_unarr_archive;

// Loads the library; before files cannot be opened any more. Returns whether it can be used; later calls cost nothing.
int vigie_unarr_load(void);

// Opens a RAR in memory, which must stay there; NULL where it is none. To be closed.
vigie_unarr_archive vigie_unarr_open(const void *bytes, size_t count);

// Goes to the next file; 0 where there is none.
int vigie_unarr_next(vigie_unarr_archive archive);

// Where the block of the file begins in the archive.
int64_t vigie_unarr_offset(vigie_unarr_archive archive);

// The bytes of the file, as its block says.
size_t vigie_unarr_size(vigie_unarr_archive archive);

// Unpacks the next bytes of the file, no more than it has; 0 where they are damaged, or packed in an unknown way.
int vigie_unarr_read(vigie_unarr_archive archive, void *buffer, size_t count);

void vigie_unarr_close(vigie_unarr_archive archive);

#endif
