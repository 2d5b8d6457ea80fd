// YARA's library in fast mode, one rule for each phrase or expression.
#include "peer.h"
#include <yara.h>

static int count(YR_SCAN_CONTEXT *, int message, void *, void *hits) {
  if (message == CALLBACK_MSG_RULE_MATCHING) ++*static_cast<uint64_t *>(hits);
  return CALLBACK_CONTINUE;
}

static bool accepts(const std::string &source) {
  YR_COMPILER *compiler = nullptr;
  yr_compiler_create(&compiler);
  bool accepted = yr_compiler_add_string(compiler, source.c_str(), nullptr) == 0;
  yr_compiler_destroy(compiler);
  return accepted;
}

int main(int, char **arguments) {
  yr_initialize();
  YR_COMPILER *compiler = nullptr;
  yr_compiler_create(&compiler);
  size_t taken = 0, refused = 0;
  for (auto &rule : readRules(arguments[2])) {
    std::string source = "rule r" + std::to_string(taken + refused) + " { strings: $a = "
        + rule.text + " condition: $a }";
    if (!accepts(source)) { refused++; continue; }
    yr_compiler_add_string(compiler, source.c_str(), nullptr);
    taken++;
  }
  YR_RULES *rules = nullptr;
  if (yr_compiler_get_rules(compiler, &rules) != ERROR_SUCCESS) return 2;
  YR_SCANNER *scanner = nullptr;
  yr_scanner_create(rules, &scanner);
  std::cout << "rules " << taken << ' ' << refused << std::endl;
  return serve(arguments[1], [&](Text text) {
    uint64_t hits = 0;
    yr_scanner_set_callback(scanner, count, &hits);
    yr_scanner_set_flags(scanner, SCAN_FLAGS_FAST_MODE | SCAN_FLAGS_REPORT_RULES_MATCHING);
    yr_scanner_scan_mem(scanner, reinterpret_cast<const uint8_t *>(text.start), text.count);
    return hits;
  });
}
