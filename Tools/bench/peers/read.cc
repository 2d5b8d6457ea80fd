// Reads every byte, eight at a time, and adds them up: what no scanner can beat.
// A third job, `memory`, reads 256 MiB that no cache holds.
#include "peer.h"
#include <cstring>
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
  if (std::string(arguments[1]) != "memory")
    return serve(arguments[1], [](Text text) { return sum(text) & 1; });
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
