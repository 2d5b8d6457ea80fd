// What no scanner can beat: reading every byte, looking for one, seeing whether all are UTF-8.
// `peer-read sum|memchr|utf8 RECORDS` answers as every peer; `peer-read memory` reads 256 MiB that no cache holds.
#include "peer.h"
#include <cstring>
#include <simdjson.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static uint64_t sum(Text text) {
  uint64_t total = 0, word;
  size_t i = 0;
  for (; i + 8 <= text.count; i += 8) {
    memcpy(&word, text.start + i, 8);
    total += word;
  }
  for (; i < text.count; i++) total += uint8_t(text.start[i]);
  return total;
}

int main(int, char **arguments) {
  std::string kind = arguments[1];
  if (kind == "sum") return serve(arguments[2], [](Text text) { return sum(text) & 1; });
  // A byte that no text has, so that all of it is looked at.
  if (kind == "memchr")
    return serve(arguments[2], [](Text text) { return uint64_t(memchr(text.start, 0, text.count) != nullptr); });
  if (kind == "utf8")
    return serve(arguments[2], [](Text text) { return uint64_t(!simdjson::validate_utf8(text.start, text.count)); });
  std::vector<uint64_t> memory(size_t(32) << 20, 1);
  std::cout << "ready" << std::endl;
  std::string job;
  while (std::getline(std::cin, job)) {
    size_t count = memory.size() * 8;
    uint64_t start = threadTime();
    uint64_t total = sum({reinterpret_cast<const char *>(memory.data()), count});
    std::cout << job << ' ' << threadTime() - start << ' ' << count << " 1 " << total % 2
              << std::endl;
  }
}
