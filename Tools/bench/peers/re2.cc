// RE2::Set: one automaton for all expressions, over bytes; it says which match, not where.
#include "peer.h"
#include <re2/re2.h>
#include <re2/set.h>

int main(int, char **arguments) {
  RE2::Options options(RE2::Latin1);
  options.set_log_errors(false);
  options.set_max_mem(int64_t(1) << 30);
  RE2::Set set(options, RE2::UNANCHORED);
  size_t taken = 0, refused = 0;
  for (auto &rule : readRules(arguments[2])) {
    std::string error;
    if (set.Add(rule.text, &error) < 0) refused++;
    else taken++;
  }
  if (!set.Compile()) {
    std::cerr << "the set is too large\n";
    return 2;
  }
  std::cout << "rules " << taken << ' ' << refused << std::endl;
  std::vector<int> found;
  return serve(arguments[1], [&](Text text) {
    RE2::Set::ErrorInfo error{};
    set.Match(re2::StringPiece(text.start, text.count), &found, &error);
    if (error.kind != RE2::Set::kNoError) {
      std::cerr << "an automaton without memory\n";
      exit(2);
    }
    return found.size();
  });
}
