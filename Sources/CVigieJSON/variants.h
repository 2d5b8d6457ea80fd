// The variants.
#ifndef C_VIGIE_JSON_VARIANTS_H
#define C_VIGIE_JSON_VARIANTS_H

#include "include/CVigieJSON.h"

#pragma GCC visibility push(hidden)

int vigie_json_pick_avx2(vigie_json_record *record);
int vigie_json_pick_avx512(vigie_json_record *record);
int vigie_json_is_utf8_avx2(const uint8_t *bytes, size_t count);
int vigie_json_is_utf8_avx512(const uint8_t *bytes, size_t count);

#pragma GCC visibility pop

#endif
