/// How far before an anchor a match of an expression can start.
///
/// A pattern is run around each of its anchors. What it may read before them decides what a run costs,
/// and the `reach` of a pattern is only its author's guess.
enum AnchorLead {
  /// Where the anchors of an expression are, as far as it spells them.
  private enum Places: Equatable {
    case none
    /// None is further from the start than so many bytes.
    case within(Int)
    case withoutEnd

    func joined(_ other: Places) -> Places {
      switch (self, other) {
      case (.none, let places), (let places, .none): places
      case (.within(let one), .within(let two)): .within(max(one, two))
      default: .withoutEnd
      }
    }
  }

  /// Returns the most bytes of a match that come before any of its anchors.
  ///
  /// The last counts, not the first: an anchor that must be a word is not met inside of one, and then
  /// a later one leads to the match.
  ///
  /// - Parameters:
  ///   - regex: The expression.
  ///   - anchors: Its anchors.
  /// - Returns: `nil` where a path holds no anchor as such, or something without end before it.
  static func of(_ regex: String, anchors: [String]) -> Int? {
    let read = ReadExpression(regex)
    return of(read, anchors, spelling(read, anchors))
  }

  /// The same of an expression that was read, of which it is known where every match spells an anchor.
  static func of(
    _ read: ReadExpression,
    _ anchors: [String],
    _ spelling: RegexGraph.Spelling
  ) -> Int? {
    // A group that stands again has a width that the parser does not know.
    guard !read.repeatsGroup, spelling == .inMatch, let root = read.root else { return nil }
    let anchors = anchors.map { Array($0.lowercased().unicodeScalars) }
    guard case .within(let lead) = places(root, anchors) else { return nil }
    return lead
  }

  /// How far after one anchor another may start that reaches into it: as its window may end first, it
  /// may be met first.
  static func overlap(of anchors: [String]) -> Int {
    let anchors = anchors.map { Array($0.lowercased().utf8) }
    var most = 0
    for first in anchors {
      for second in anchors {
        for start in stride(from: first.count - 1, to: 0, by: -1)
        where zip(first[start...], second).allSatisfy({ $0 == $1 }) {
          most = max(most, start)
          break
        }
      }
    }
    return most
  }

  /// Whether the expression may use a group again: `\1`, `\g{1}`, `\k<name>`, `(?P=name)`, `(?R)`.
  static func repeatsGroup(_ regex: [UInt8]) -> Bool {
    regex.indices.dropLast(2).contains { index in
      switch regex[index] {
      case UInt8(ascii: "\\"):
        return "123456789gk".utf8.contains(regex[index + 1])
      case UInt8(ascii: "("):
        guard regex[index + 1] == UInt8(ascii: "?") else { return false }
        // A class may hold these characters too, but hardly with a name behind them.
        if regex[index + 2] == UInt8(ascii: "&") {
          return index + 3 < regex.count && AnchorLead.startsName(regex[index + 3])
        }
        return "PR0123456789+".utf8.contains(regex[index + 2])
      default: return false
      }
    }
  }

  private static func startsName(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  /// Where every match spells one of some anchors, letter by letter.
  static func spelling(_ read: ReadExpression, _ anchors: [String]) -> RegexGraph.Spelling {
    guard let root = read.root else { return .anywhere }
    let anchors = anchors.map { Array($0.lowercased().unicodeScalars) }
    if isSure(root, anchors) { return .inMatch }
    return isSure(root, anchors, looksAround: true) ? .around : .anywhere
  }

  /// Whether every path holds an anchor.
  ///
  /// - Parameters:
  ///   - node: The expression, or a part.
  ///   - anchors: Its anchors.
  ///   - looksAround: Whether one counts that must stand around a match.
  /// - Returns: Whether it does, for certain.
  private static func isSure(
    _ node: RegexNode,
    _ anchors: [[Unicode.Scalar]],
    looksAround: Bool = false
  ) -> Bool {
    switch node {
    case .empty, .lineEdge, .set: false
    case .look(let inner, _): looksAround && isSure(inner, anchors, looksAround: true)
    case .repeated(let inner, let min, _, _):
      min > 0 && isSure(inner, anchors, looksAround: looksAround)
    case .choice(let branches):
      branches.allSatisfy { isSure($0, anchors, looksAround: looksAround) }
    case .sequence(let items):
      items.indices.contains { place in
        heads(items[place...], anchors)?.allSatisfy { $0.lead != nil } ?? false
          || isSure(items[place], anchors, looksAround: looksAround)
      }
    }
  }

  /// Where anchors may be, on any path.
  private static func places(_ node: RegexNode, _ anchors: [[Unicode.Scalar]]) -> Places {
    switch node {
    case .empty, .look, .lineEdge, .set: return .none
    case .choice(let branches):
      return branches.reduce(.none) { $0.joined(places($1, anchors)) }
    case .repeated(let inner, _, let count, _):
      guard case .within(let lead) = places(inner, anchors) else { return places(inner, anchors) }
      guard let count, let before = times(max(0, count - 1), width(inner)) else {
        return .withoutEnd
      }
      return .within(before + lead)
    case .sequence(let items):
      var before: Int? = 0
      var found = Places.none
      for place in items.indices {
        guard let heads = heads(items[place...], anchors) else { return .withoutEnd }
        let spelt = heads.compactMap(\.lead).max().map { Places.within($0) } ?? .none
        let here = spelt.joined(places(items[place], anchors))
        switch (here, before) {
        case (.none, _): break
        case (.within(let lead), let before?): found = found.joined(.within(before + lead))
        default: return .withoutEnd
        }
        before = before.flatMap { before in width(items[place]).map { before + $0 } }
      }
      return found
    }
  }

  /// A product, or `nil` where a factor is unknown or it is beyond all texts.
  private static func times(_ count: Int, _ width: Int?) -> Int? {
    guard let width else { return count == 0 ? 0 : nil }
    let (product, isTooMuch) = count.multipliedReportingOverflow(by: width)
    return isTooMuch || product > 1 << 32 ? nil : product
  }

  /// The letters with which a path through some items begins, as far as they are settled.
  private struct Head {
    var letters: [Unicode.Scalar] = []
    /// Whether what follows is settled too.
    var isOpen = true
    /// The bytes before an anchor with which the letters end; `nil` where they do not.
    var lead: Int?
  }

  /// The most paths that are followed.
  private static let maxHeadCount = 128

  /// How all paths through some items begin, up to an anchor that starts in the first, or to where none can any more;
  /// `nil` where there are too many.
  ///
  /// An anchor that starts in a later item is found from there.
  private static func heads(
    _ items: ArraySlice<RegexNode>,
    _ anchors: [[Unicode.Scalar]]
  ) -> [Head]? {
    // Most items are a letter with which no anchor begins, or a class of many.
    if case .set(let set)? = items.first, !beginsAnchor(set, anchors) {
      return [Head(isOpen: false)]
    }
    var heads = [Head()]
    for item in items where heads.contains(where: \.isOpen) {
      guard let next = self.heads([item], anchors, after: heads) else { return nil }
      heads = next.filter { !$0.isOpen || isBegun($0, anchors) }
      // What all others come to is the same: no anchor that starts here.
      if heads.count < next.count { heads.append(Head(isOpen: false)) }
    }
    return heads
  }

  /// Whether an anchor begins with one of the letters of a set.
  private static func beginsAnchor(_ set: ScalarSet, _ anchors: [[Unicode.Scalar]]) -> Bool {
    letters(of: set).contains { letter in anchors.contains { $0.first == letter } }
  }

  /// Whether the last letters are the first of an anchor.
  private static func isBegun(_ head: Head, _ anchors: [[Unicode.Scalar]]) -> Bool {
    head.letters.isEmpty
      || anchors.contains { anchor in
        (1..<max(anchor.count, 2)).contains { count in
          count <= head.letters.count
            && head.letters.suffix(count).elementsEqual(anchor.prefix(count))
        }
      }
  }

  /// How paths go on through some items.
  private static func heads(
    _ items: ArraySlice<RegexNode>,
    _ anchors: [[Unicode.Scalar]],
    after start: [Head]
  ) -> [Head]? {
    var heads = start
    for item in items where heads.contains(where: \.isOpen) {
      let done = heads.filter { !$0.isOpen }
      guard let next = extended(heads.filter(\.isOpen), by: item, anchors),
        done.count + next.count <= maxHeadCount
      else { return nil }
      heads = done + next
    }
    return heads
  }

  private static func extended(
    _ heads: [Head],
    by item: RegexNode,
    _ anchors: [[Unicode.Scalar]]
  ) -> [Head]? {
    switch item {
    case .empty, .look, .lineEdge: return heads
    case .set(let set):
      let letters = letters(of: set)
      guard !letters.isEmpty, heads.count * letters.count <= maxHeadCount else {
        return closed(heads)
      }
      return heads.flatMap { head in
        letters.map { letter in
          let letters = head.letters + [letter]
          let anchor = anchors.first { letters.ends(with: $0) }
          let lead = anchor.map { anchor in
            letters.dropLast(anchor.count).reduce(0) { $0 + UTF8.width($1) }
          }
          return Head(letters: letters, isOpen: anchor == nil, lead: lead)
        }
      }
    case .sequence(let items): return AnchorLead.heads(items[...], anchors, after: heads)
    case .choice(let branches):
      var all: [Head] = []
      for branch in branches {
        guard let next = extended(heads, by: branch, anchors) else { return nil }
        all += next
        if all.count > maxHeadCount { return nil }
      }
      return all
    case .repeated(let inner, let min, let max, _):
      guard let once = extended(heads, by: inner, anchors) else { return nil }
      return (min == 0 ? heads : []) + (max == 1 ? once : closed(once))
    }
  }

  private static func closed(_ heads: [Head]) -> [Head] {
    heads.map { Head(letters: $0.letters, isOpen: false, lead: $0.lead) }
  }

  /// The letters of a set, in lower case, where they are few.
  private static func letters(of set: ScalarSet) -> [Unicode.Scalar] {
    RequiredLiterals.letters(of: set).map { letter in
      letter.isASCII ? Unicode.Scalar(Prefilter.lowercased(UInt8(ascii: letter))) : letter
    }
  }

  /// The most bytes a node takes, or `nil` where there is no end to it.
  private static func width(_ node: RegexNode) -> Int? {
    switch node {
    case .empty, .look, .lineEdge: return 0
    case .set(let set):
      // The classes of the parser are only near enough: beyond ASCII anything may be four bytes.
      return set.ranges.allSatisfy { $0.upperBound < 0x80 } ? 1 : 4
    case .sequence(let items):
      var sum = 0
      for item in items {
        guard let width = width(item) else { return nil }
        sum += width
      }
      return sum
    case .choice(let branches):
      var most = 0
      for branch in branches {
        guard let width = width(branch) else { return nil }
        most = max(most, width)
      }
      return most
    case .repeated(let inner, _, let count, _):
      return count.flatMap { times($0, width(inner)) }
    }
  }
}

extension Array where Element: Equatable {
  /// Whether the last elements are those of another array.
  fileprivate func ends(with other: [Element]) -> Bool {
    count >= other.count && self[(count - other.count)...].elementsEqual(other)
  }
}
