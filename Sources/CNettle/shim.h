// Nettle names its functions nettle_… by macros; these three headers are all that Vigie needs.
#include <nettle/eddsa.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>
