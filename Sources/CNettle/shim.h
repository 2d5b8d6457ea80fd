// Nettle names its functions nettle_… by macros; these headers are all that Vigie needs.
#include <nettle/aes.h>
#include <nettle/arcfour.h>
#include <nettle/eddsa.h>
#include <nettle/hmac.h>
#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
