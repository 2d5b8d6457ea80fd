/// What was found with the words around it: only where a person asked to see it and that is recorded.
package struct RevealedText: Sendable, Hashable {
  /// The characters on either side, at most.
  package static let reach = 64

  /// The end of what stands before, at most ``reach`` characters.
  package var before: String
  /// What was found, at most ``reach`` characters; of an identifier or a credential dots alone.
  package var match: String
  /// The start of what stands after, at most ``reach`` characters.
  package var after: String

  /// A value from its parts.
  package init(before: String, match: String, after: String) {
    self.before = before
    self.match = match
    self.after = after
  }

  /// What stands in a text around a finding.
  ///
  /// - Parameters:
  ///   - finding: A finding in that text.
  ///   - text: UTF-8, not necessarily valid.
  ///   - others: The findings of the message: identifiers and credentials in the same place stay dots.
  package init(of finding: Finding, in text: [UInt8], among others: [Finding]) {
    let range = finding.range.clamped(to: 0..<text.count)
    let hidden = others.filter { $0.place == finding.place && $0.holdsSecret }.map(\.range)
    // A character may be long (an emoji of a family has 25 bytes): what is cut is cut at characters.
    let byteCount = RevealedText.reach * 32
    let start = max(0, range.lowerBound - byteCount)
    let end = min(text.count, range.upperBound + byteCount)
    before = String(
      masked(text, start..<range.lowerBound, hiding: hidden).suffix(RevealedText.reach)
    )
    after = String(masked(text, range.upperBound..<end, hiding: hidden).prefix(RevealedText.reach))
    let match = masked(text, range, hiding: hidden)
    self.match =
      match.count > RevealedText.reach ? match.prefix(RevealedText.reach - 1) + "…" : match
  }
}

extension Finding {
  /// Whether what was found must never be shown: its type alone says enough.
  fileprivate var holdsSecret: Bool { scheme == "pii" || scheme == "credential" }
}

/// A part of a text with dots where some ranges of the text were.
///
/// - Parameters:
///   - text: UTF-8, not necessarily valid.
///   - part: The bytes to take.
///   - ranges: Ranges of the text, in any order, that may overlap.
/// - Returns: The part; bytes that are no UTF-8 become U+FFFD.
package func masked(_ text: [UInt8], _ part: Range<Int>, hiding ranges: [Range<Int>]) -> String {
  var bytes: [UInt8] = []
  var index = part.lowerBound
  for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.overlaps(part) {
    if range.lowerBound > index { bytes += text[index..<range.lowerBound] }
    if range.upperBound > index { bytes += Array("•••".utf8) }
    index = max(index, range.upperBound)
  }
  if index < part.upperBound { bytes += text[index..<part.upperBound] }
  return String(decoding: bytes, as: UTF8.self)
}
