import TestSupport
import VigieCore
import VigieRuleFiles
import VigieRulebook
import VigieScanning

/// Whether a long text is found the same in, decoded block by block, as decoded in one piece.
struct Blocks {
  private let whole: Scanner
  private let parted: Scanner
  /// How much was found in one piece.
  private(set) var foundCount = 0

  /// Scanners for some rules.
  init(_ rules: CompiledRules) {
    whole = Scanner(rules, window: (count: 1 << 23, overlap: Scanner.window.overlap))
    parted = Scanner(rules)
  }

  /// What is found in one way alone, of a text in which much stands where one block ends and the next begins.
  mutating func difference(_ words: [String], _ like: TextSoup, seed: UInt64, _ role: Role)
    -> String?
  {
    let text = Blocks.text(words, like, seed)
    let (one, other) = (Blocks.found(whole, text, role), Blocks.found(parted, text, role))
    foundCount += one.count
    if one == other { return nil }
    let (lost, added) = (Set(one).subtracting(other), Set(other).subtracting(one))
    // A tag of HTML that is never closed hides what follows in one piece, and up to the end of its block in blocks.
    if role == .html, lost.isEmpty { return nil }
    return "in blocks, as \(role.rawValue), \(lost.sorted()) are lost, \(added.sorted()) added"
  }

  private static func found(_ scanner: Scanner, _ text: [UInt8], _ role: Role) -> [String] {
    scanner.scan(text.span, role: role)
    return scanner.judgements.filter { $0.isLikely && $0.coveredBy == nil }.map {
      "\($0.rule) \($0.range) \($0.disguise.names)"
    }
  }

  private static func text(_ words: [String], _ like: TextSoup, _ seed: UInt64) -> [UInt8] {
    let words = words.filter { !$0.isEmpty } + ["mot"]
    var soup = TextSoup(words, seed: seed, like: like)
    var generator = SeededGenerator(seed: seed)
    let filler = Array(
      "les équipes du soir préparent la relève <b>et</b> rangent &amp; ferment.\n".utf8
    )
    let (count, overlap) = Scanner.window
    var text: [UInt8] = []
    while text.count < count - overlap - 8_192 { text += filler }
    while text.count < count + 8_192 {
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: text += soup.next()
      case 1: text += Array("<i>%44%52</i> \(generator.pick(words)) &#68;R ".utf8)
      default: text += filler
      }
    }
    for _ in 0..<600 { text += filler }
    return text
  }
}
