// What every peer shares: reading records, cutting blocks, answering jobs over lines.
//
// Records are a length (32 bits, little-endian) and as many bytes; a block is records joined by
// line feeds up to 64 KiB or a little more. `JOB` is answered by `JOB nanoseconds bytes units hits`.
#pragma once
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

struct Text {
  const char *start;
  size_t count;
};

inline uint64_t threadTime() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return uint64_t(time.tv_sec) * 1000000000 + uint64_t(time.tv_nsec);
}

inline std::string readFile(const char *path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::cerr << "cannot read " << path << "\n";
    exit(2);
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The rules in a file of lines `kind TAB text`, escapes undone.
struct Rule {
  std::string kind, text;
};

inline std::vector<Rule> readRules(const char *path) {
  std::vector<Rule> rules;
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    size_t tab = line.find('\t');
    if (tab == std::string::npos) continue;
    std::string text;
    for (size_t i = tab + 1; i < line.size(); i++) {
      if (line[i] != '\\' || i + 1 == line.size()) text += line[i];
      else if (line[++i] == 'n') text += '\n';
      else if (line[i] == 't') text += '\t';
      else text += line[i];
    }
    rules.push_back({line.substr(0, tab), text});
  }
  return rules;
}

// Answers `messages` and `blocks` until the input ends; `scan` returns its hits.
inline int serve(const char *recordsPath, const std::function<uint64_t(Text)> &scan) {
  std::string bytes = readFile(recordsPath), joined;
  std::vector<Text> messages, blocks;
  std::vector<size_t> cuts{0};
  for (size_t at = 0; at + 4 <= bytes.size();) {
    auto *head = reinterpret_cast<const unsigned char *>(&bytes[at]);
    size_t count = head[0] | head[1] << 8 | head[2] << 16 | size_t(head[3]) << 24;
    messages.push_back({&bytes[at + 4], count});
    joined.append(bytes, at + 4, count);
    joined += '\n';
    if (joined.size() - cuts.back() >= 65536) cuts.push_back(joined.size());
    at += 4 + count;
  }
  if (cuts.back() < joined.size()) cuts.push_back(joined.size());
  for (size_t i = 1; i < cuts.size(); i++)
    blocks.push_back({&joined[cuts[i - 1]], cuts[i] - cuts[i - 1]});
  std::cout << "ready" << std::endl;
  std::string job;
  while (std::getline(std::cin, job)) {
    auto &texts = job == "blocks" ? blocks : messages;
    uint64_t hits = 0, total = 0, start = threadTime();
    for (auto &text : texts) {
      hits += scan(text);
      total += text.count;
    }
    uint64_t time = threadTime() - start;
    std::cout << job << ' ' << time << ' ' << total << ' ' << texts.size() << ' ' << hits
              << std::endl;
  }
  return 0;
}
