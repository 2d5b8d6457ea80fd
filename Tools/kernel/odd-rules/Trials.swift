import Foundation
import TestSupport
import VigieCore
import VigieRuleFiles
import VigieRulebook

/// Tries sets of odd rules at random: each is refused in words, or finds the same in every way a text is passed over.
///
/// `vigie-odd-rules COUNT [SEED]` tries those of so many seeds, and ends with 1 where one is wrong. It says each seed before
/// it is tried, for a set may end the process: `vigie-odd-rules 1 SEED` tries it again, and prints its rules where it is wrong.
@main
enum Trials {
  private static let textCount = 48
  /// One in so many sets is tried over texts of more than a block, which take as long as hundreds of others.
  private static let blockShare = 20

  static func main() throws {
    let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
    guard let count = numbers.first, (1...2).contains(CommandLine.arguments.count - 1),
      numbers.count == CommandLine.arguments.count - 1
    else {
      say("usage: vigie-odd-rules COUNT [SEED]", .standardError)
      exit(2)
    }
    let first = numbers.count > 1 ? numbers[1] : UInt64.random(in: 0..<1 << 32)
    let odd = try OddRules()
    var (refused, working, findings, inBlocks, wrong) = (0, 0, 0, 0, 0)
    for seed in first..<(first + count) {
      // Before it is tried: it may end the process.
      FileHandle.standardError.write(Data("\rset \(seed) ".utf8))
      switch try odd.outcome(ofSet: seed, textCount: textCount) {
      case .refused: refused += 1
      case .works(let found):
        working += 1
        findings += found
        guard working % blockShare == 1 else { continue }
        let tried = try blocks(ofSet: seed)
        inBlocks += tried.foundCount
        if let what = tried.difference {
          wrong += 1
          say("\rset \(seed): \(what)")
        }
      case .wrong(let what):
        wrong += 1
        say("\rset \(seed): \(what)")
        if count == 1 { say(OddRules.files(ofSet: seed)) }
      }
    }
    say(
      "\r\(count) sets from \(first) on: \(refused) refused, \(working) work, \(findings) findings, "
        + "\(inBlocks) in long texts, \(wrong) wrong"
    )
    if wrong > 0 { exit(1) }
  }

  /// How much is found in long texts by a set, and what otherwise than in one piece.
  private static func blocks(ofSet seed: UInt64) throws -> (foundCount: Int, difference: String?) {
    var maker = RuleSoup(seed: seed)
    let made = maker.make()
    let directory = try TemporaryDirectory()
    for (name, text) in made.files { _ = try directory.write(name, text) }
    let loaded = try RuleLoader.load(RuleSources(shipped: directory.path))
    var blocks = Blocks(try CompiledRules(loaded.rules))
    let differences = [Role.body, .html].map {
      blocks.difference(made.words, soup, seed: seed, $0)
    }
    return (blocks.foundCount, differences.compactMap(\.self).first)
  }

  private static let soup = TextSoup(["secret"], seed: 0)

  /// Writes a line at once, for a process that may end.
  private static func say(_ line: String, _ file: FileHandle = .standardOutput) {
    file.write(Data((line + "\n").utf8))
  }
}
