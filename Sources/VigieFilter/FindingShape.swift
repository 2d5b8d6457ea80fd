import Glibc
import VigieCore
import VigieRulebook
import VigieScanning
import VigieText
import VigieUnicode

/// How a judgement becomes a finding: offsets, names and codes, never the text.
enum FindingShape {
  /// The most letters of each side that a fingerprint covers.
  ///
  /// *Source:* design.md §8.
  private static let fingerprintLetterCount = 64
  /// How far those letters are sought, bytes.
  private static let fingerprintReach = 1_024

  static func finding(
    _ judgement: Judgement,
    _ text: Span<UInt8>,
    _ place: Place,
    _ rules: CompiledRules,
    _ authentication: (any MessageAuthentication)?,
    _ lines: inout LineCounter
  ) -> Finding {
    let rule = rules.rules[judgement.rule]
    let position = lines.position(of: judgement.range.lowerBound, in: text)
    var evidence: [Evidence] = []
    evidence.reserveCapacity(judgement.reasons.count + 1)
    evidence.append(Evidence(name: "prior", weight: rule.prior))
    for reason in judgement.reasons {
      let number = reason.evidence
      if reason.marking != 0 {
        evidence.append(Evidence(name: rules.evidence.names[number], weight: reason.marking))
      }
      if reason.usage != 0 {
        evidence.append(Evidence(name: rules.evidence.usageNames[number], weight: reason.usage))
      }
    }
    return Finding(
      rule: rule.id,
      scheme: rule.scheme,
      level: rule.level,
      usage: judgement.usage,
      confidence: 1 / (1 + exp(-judgement.markingLogit)),
      caveats: judgement.caveats.map { rule.caveats[$0].name },
      disguise: judgement.disguise,
      place: place,
      range: judgement.range,
      line: position.line,
      column: position.column,
      masked: masked(judgement.range, text, place.role, rule),
      fingerprint: authentication?.code(
        for: fingerprintBytes(judgement.range, text, rule)
      ),
      evidence: evidence
    )
  }

  /// The first letter of each word, the others as dots; for identifiers and credentials the type.
  ///
  /// A word of one letter after another of one letter is part of a spaced word: a dot as well.
  private static func masked(
    _ range: Range<Int>,
    _ text: Span<UInt8>,
    _ role: Role,
    _ rule: CompiledRule
  ) -> String {
    guard rule.kind == .marking else { return rule.id }
    guard role == .html else { return masked(text.extracting(range)) }
    // What a reader of the page sees: no tags, no character references.
    var decoder = Decoder()
    _ = decoder.decode(text.extracting(range), .markup, isMarkup: true)
    let bytes = decoder.text.bytes
    return masked(bytes.span)
  }

  private static func masked(_ text: Span<UInt8>) -> String {
    unsafe String(unsafeUninitializedCapacity: maskedCount + 4) { buffer in
      var count = 0
      // Four bytes at most behind what is below the limit.
      func append(_ scalar: UInt32) {
        if scalar < 0x80 {
          unsafe buffer[count] = UInt8(scalar)
          count += 1
        } else if scalar == 0xB7 {
          unsafe buffer[count] = 0xC2
          unsafe buffer[count + 1] = 0xB7
          count += 2
        } else if let scalar = Unicode.Scalar(scalar), let encoded = UTF8.encode(scalar) {
          for byte in encoded {
            unsafe buffer[count] = byte
            count += 1
          }
        }
      }
      var wordLength = 0
      var lastWordLength = 2
      var index = 0
      while index < text.count, count < maskedCount {
        let unit = text.scalar(at: index)
        index += unit.length
        // Most letters but the first of a word are of ASCII, and are not looked up to be hidden.
        if wordLength > 0, unit.value < 0x80, (unit.value | 0x20) &- 0x61 < 26 {
          wordLength += 1
          append(0xB7)
          continue
        }
        let entry = ScalarFold.entry(unit.value)
        if entry.kind.contains(.ignorable) || entry.kind.contains(.mark) { continue }
        if entry.isWord {
          wordLength += 1
          let isShown = wordLength == 1 && lastWordLength > 1
          append(isShown ? unit.value : 0xB7)
        } else {
          if wordLength > 0 { lastWordLength = wordLength }
          wordLength = 0
          let isPlain = unit.value >= 0x20 && unit.value != 0x7F && unit.value != 0x85
          append(entry.isWhiteSpace || !isPlain ? 0x20 : unit.value)
        }
      }
      return count
    }
  }

  /// The most bytes of a match that are shown, and one character more.
  private static let maskedCount = 96

  /// What a fingerprint is taken of: the rule and the skeleton of the match and its neighbourhood.
  private static func fingerprintBytes(
    _ range: Range<Int>,
    _ text: Span<UInt8>,
    _ rule: CompiledRule
  ) -> [UInt8] {
    var before: [UInt8] = []
    var index = range.lowerBound
    let floor = max(0, index - fingerprintReach)
    while index > floor, before.count < fingerprintLetterCount {
      let unit = text.scalar(before: index)
      index -= unit.length
      let symbols = FoldedView.skeleton.fold(unit.value)
      for offset in (0..<symbols.count).reversed() { before.append(symbols[offset]) }
    }
    var bytes = Array(rule.id.utf8) + [0] + before.prefix(fingerprintLetterCount).reversed() + [0]
    append(skeletonOf: range, text, limit: .max, to: &bytes)
    bytes.append(0)
    let end = min(text.count, range.upperBound + fingerprintReach)
    append(
      skeletonOf: range.upperBound..<end,
      text,
      limit: fingerprintLetterCount,
      to: &bytes
    )
    return bytes
  }

  private static func append(
    skeletonOf range: Range<Int>,
    _ text: Span<UInt8>,
    limit: Int,
    to bytes: inout [UInt8]
  ) {
    var index = range.lowerBound
    var count = 0
    while index < range.upperBound, count < limit {
      let unit = text.scalar(at: index)
      index += unit.length
      let symbols = FoldedView.skeleton.fold(unit.value)
      for offset in 0..<symbols.count where count < limit {
        bytes.append(symbols[offset])
        count += 1
      }
    }
  }
}
