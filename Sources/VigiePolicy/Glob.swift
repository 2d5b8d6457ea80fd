/// A name pattern: `*` is any run of characters, `?` is one; letter case does not count.
public struct Glob: Sendable, Hashable {
  /// The pattern as its author wrote it, a leading `!` for "anything but" included.
  public let pattern: String
  private let scalars: [Unicode.Scalar]

  /// A pattern; one that starts with `!` is negative and matches nothing by itself.
  public init(_ pattern: String) {
    self.pattern = pattern
    let body = pattern.hasPrefix("!") ? pattern.dropFirst() : pattern[...]
    self.scalars = Array(body.lowercased().unicodeScalars)
  }

  /// Whether the pattern excludes what it describes.
  public var isNegative: Bool { pattern.hasPrefix("!") }

  /// Whether the pattern, its `!` aside, describes the whole name.
  ///
  /// - Complexity: O(pattern × name), without recursion.
  public func describes(_ name: String) -> Bool {
    let text = Array(name.lowercased().unicodeScalars)
    var at = 0
    var inPattern = 0
    var star: Int?
    var resume = 0
    while at < text.count {
      if inPattern < scalars.count, scalars[inPattern] == "*" {
        star = inPattern
        resume = at
        inPattern += 1
      } else if inPattern < scalars.count,
        scalars[inPattern] == "?" || scalars[inPattern] == text[at]
      {
        inPattern += 1
        at += 1
      } else if let star {
        resume += 1
        at = resume
        inPattern = star + 1
      } else {
        return false
      }
    }
    return scalars[inPattern...].allSatisfy { $0 == "*" }
  }
}

extension [Glob] {
  /// Whether a name is wanted: no negative pattern describes it, and a positive one does.
  ///
  /// Without any positive pattern everything not excluded is wanted, an unknown (`nil`) name too;
  /// an empty list wants everything.
  func wants(_ name: String?) -> Bool {
    guard let name else { return allSatisfy(\.isNegative) }
    var hasPositive = false
    var isWanted = false
    for glob in self {
      if glob.isNegative {
        if glob.describes(name) { return false }
      } else {
        hasPositive = true
        isWanted = isWanted || glob.describes(name)
      }
    }
    return isWanted || !hasPositive
  }
}
