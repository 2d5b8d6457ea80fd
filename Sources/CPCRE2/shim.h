// PCRE2 asks for the code unit width before its header; 8 = UTF-8 bytes.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
