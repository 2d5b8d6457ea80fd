// Hyperscan, or Vectorscan, which has the same interface: one database for all expressions.
#include "peer.h"
#include <hs.h>

static int count(unsigned, unsigned long long, unsigned long long, unsigned, void *hits) {
  ++*static_cast<uint64_t *>(hits);
  return 0;
}

int main(int, char **arguments) {
  std::vector<std::string> texts;
  size_t refused = 0;
  const unsigned flags = HS_FLAG_UTF8;
  for (auto &rule : readRules(arguments[2])) {
    hs_database_t *alone = nullptr;
    hs_compile_error_t *error = nullptr;
    if (hs_compile(rule.text.c_str(), flags, HS_MODE_BLOCK, nullptr, &alone, &error)) {
      hs_free_compile_error(error);
      refused++;
      continue;
    }
    hs_free_database(alone);
    texts.push_back(rule.text);
  }
  std::vector<const char *> expressions;
  std::vector<unsigned> allFlags, ids;
  for (auto &text : texts) {
    expressions.push_back(text.c_str());
    allFlags.push_back(flags);
    ids.push_back(ids.size());
  }
  hs_database_t *database = nullptr;
  hs_compile_error_t *error = nullptr;
  if (hs_compile_multi(expressions.data(), allFlags.data(), ids.data(), ids.size(),
          HS_MODE_BLOCK, nullptr, &database, &error)) {
    std::cerr << error->message << "\n";
    return 2;
  }
  hs_scratch_t *scratch = nullptr;
  hs_alloc_scratch(database, &scratch);
  std::cout << "rules " << ids.size() << ' ' << refused << std::endl;
  return serve(arguments[1], [&](Text text) {
    uint64_t hits = 0;
    hs_scan(database, text.start, text.count, 0, scratch, count, &hits);
    return hits;
  });
}
