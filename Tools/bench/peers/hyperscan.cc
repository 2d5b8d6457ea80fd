// Hyperscan, or Vectorscan, which has the same interface: one database for all expressions.
// `peer-hyperscan each RULES` prints what each costs alone instead: milliseconds, outcome, text.
#include "peer.h"
#include <algorithm>
#include <hs.h>

using Texts = std::vector<std::string>;

// Compiles all, without flags: bytes, not UTF-8, and every match. Where that fails, `culprit` is the
// expression at fault, or negative.
static hs_database_t *compile(const Texts &texts, std::string &message, int &culprit) {
  std::vector<const char *> expressions;
  std::vector<unsigned> ids;
  for (auto &text : texts) {
    expressions.push_back(text.c_str());
    ids.push_back(ids.size());
  }
  hs_database_t *database = nullptr;
  hs_compile_error_t *error = nullptr;
  if (hs_compile_multi(expressions.data(), nullptr, ids.data(), ids.size(), HS_MODE_BLOCK, nullptr,
          &database, &error)) {
    message = error->message;
    culprit = error->expression;
    hs_free_compile_error(error);
  }
  return database;
}

static bool parses(const std::string &text) {
  hs_expr_info_t *info = nullptr;
  hs_compile_error_t *error = nullptr;
  bool accepted = hs_expression_info(text.c_str(), 0, &info, &error) == HS_SUCCESS;
  if (!accepted) hs_free_compile_error(error);
  free(info);
  return accepted;
}

// All that can be compiled; what cannot is taken out of `texts`. To parse costs next to nothing,
// so that nearly all of it goes at once; what turns out too large only later costs a whole compile.
static hs_database_t *compileAccepted(Texts &texts) {
  texts.erase(std::remove_if(texts.begin(), texts.end(),
      [](auto &text) { return !parses(text); }), texts.end());
  std::string message;
  for (int culprit = 0; !texts.empty(); texts.erase(texts.begin() + culprit)) {
    if (auto *database = compile(texts, message, culprit)) return database;
    if (culprit < 0) break;
  }
  std::cerr << message << "\n";
  exit(2);
}

static int printEach(const char *rulesPath) {
  for (auto &rule : readRules(rulesPath)) {
    std::string message = "accepted";
    int culprit = 0;
    uint64_t start = threadTime();
    auto *database = compile({rule.text}, message, culprit);
    std::cout << (threadTime() - start) / 1000000 << '\t' << message << '\t' << rule.text
              << std::endl;
    hs_free_database(database);
  }
  return 0;
}

static int count(unsigned, unsigned long long, unsigned long long, unsigned, void *hits) {
  ++*static_cast<uint64_t *>(hits);
  return 0;
}

int main(int, char **arguments) {
  if (std::string(arguments[1]) == "each") return printEach(arguments[2]);
  Texts texts;
  for (auto &rule : readRules(arguments[2])) texts.push_back(rule.text);
  size_t all = texts.size();
  hs_database_t *database = compileAccepted(texts);
  hs_scratch_t *scratch = nullptr;
  hs_alloc_scratch(database, &scratch);
  std::cout << "rules " << texts.size() << ' ' << all - texts.size() << std::endl;
  return serve(arguments[1], [&](Text text) {
    uint64_t hits = 0;
    hs_scan(database, text.start, text.count, 0, scratch, count, &hits);
    return hits;
  });
}
