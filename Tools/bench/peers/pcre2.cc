// PCRE2 with JIT, one expression after another over each text, as most home-made filters do.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "peer.h"
#include <pcre2.h>

int main(int, char **arguments) {
  std::vector<pcre2_code *> codes;
  size_t refused = 0;
  for (auto &rule : readRules(arguments[2])) {
    int error;
    size_t offset;
    auto *code = pcre2_compile((PCRE2_SPTR)rule.text.data(), rule.text.size(),
        PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF, &error, &offset, nullptr);
    if (!code) { refused++; continue; }
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    codes.push_back(code);
  }
  std::cout << "rules " << codes.size() << ' ' << refused << std::endl;
  auto *data = pcre2_match_data_create(8, nullptr);
  return serve(arguments[1], [&](Text text) {
    uint64_t hits = 0;
    for (auto *code : codes) {
      size_t from = 0;
      while (from <= text.count) {
        int found = pcre2_match(
            code, (PCRE2_SPTR)text.start, text.count, from, 0, data, nullptr);
        if (found < 0) break;
        hits++;
        size_t end = pcre2_get_ovector_pointer(data)[1];
        from = end > from ? end : from + 1;
      }
    }
    return hits;
  });
}
