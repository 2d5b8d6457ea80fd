import VigieRulebook

/// A value of a YAML file with the place at which it was written.
///
/// Scalars are text whatever they look like: what `no`, `1e3` or `2024-01-01` means is decided by
/// the key that holds them, not by YAML.
struct YAMLNode: Sendable {
  /// What kind of value it is.
  enum Content: Sendable {
    /// A text; `isBare` where it was written without quotes.
    case scalar(String, isBare: Bool)
    case list([YAMLNode])
    case map([Entry])
  }

  /// One line of a map.
  struct Entry: Sendable {
    var key: String
    var keyPosition: SourcePosition
    var value: YAMLNode
  }

  var content: Content
  var position: SourcePosition

  /// Reads the one document of a file.
  ///
  /// - Throws: The first thing that makes the file no YAML, or two documents of it.
  static func parse(_ text: String, file: String) throws(RuleFault) -> YAMLNode {
    // A byte order mark, which editors on Windows write, is no part of the first line.
    var composer = Composer(events: YAMLEvents(text.withoutByteOrderMark, file: file))
    return try composer.document(file)
  }

  /// Puts values together from events.
  private struct Composer {
    /// The greatest number of values of a file; aliases count each time, lest they multiply.
    static let maxNodeCount = 1_000_000
    /// How deep values may lie in one another.
    static let maxDepth = 100

    let events: YAMLEvents
    var nodeCount = 0
    /// The values that aliases may stand for, each with how many values it holds.
    var anchors: [String: (node: YAMLNode, count: Int)] = [:]

    mutating func document(_ file: String) throws(RuleFault) -> YAMLNode {
      let start = SourcePosition(file: file, line: 1, column: 1)
      _ = try events.next()
      guard try events.next().kind == .documentStart else {
        throw RuleFault(
          at: start,
          "the file is empty",
          mend: "write the file's keys, or remove the file"
        )
      }
      let node = try value(events.next(), depth: 0)
      _ = try events.next()
      let last = try events.next()
      guard last.kind == .streamEnd else {
        throw .notYAML(
          "but found another document (expected a single document in the stream, line 1)",
          at: last.position
        )
      }
      return node
    }

    private mutating func value(_ event: YAMLEvents.Event, depth: Int) throws(RuleFault) -> YAMLNode
    {
      let before = nodeCount
      try count(1, at: event.position)
      guard depth < Composer.maxDepth else {
        throw .notYAML("more than \(Composer.maxDepth) values in one another", at: event.position)
      }
      let content: Content
      let named: String?
      switch event.kind {
      case .scalar(let text, let isBare, let anchor):
        (content, named) = (.scalar(text, isBare: isBare), anchor)
      case .listStart(let anchor): (content, named) = (.list(try items(depth)), anchor)
      case .mapStart(let anchor): (content, named) = (.map(try entries(depth)), anchor)
      case .alias(let name):
        guard let aliased = anchors[name] else {
          throw .notYAML("found undefined alias", at: event.position)
        }
        try count(aliased.count - 1, at: event.position)
        return aliased.node
      case .end, .documentStart, .documentEnd, .streamStart, .streamEnd:
        throw .notYAML("a value is missing", at: event.position)
      }
      let node = YAMLNode(content: content, position: event.position)
      if let named { anchors[named] = (node, nodeCount - before) }
      return node
    }

    private mutating func items(_ depth: Int) throws(RuleFault) -> [YAMLNode] {
      var items: [YAMLNode] = []
      while true {
        let event = try events.next()
        if event.kind == .end { return items }
        items.append(try value(event, depth: depth + 1))
      }
    }

    private mutating func entries(_ depth: Int) throws(RuleFault) -> [Entry] {
      var entries: [Entry] = []
      var firstPlaces: [String: SourcePosition] = [:]
      var duplicates: [String: SourcePosition] = [:]
      while true {
        let event = try events.next()
        if event.kind == .end { break }
        let key = try value(event, depth: depth + 1)
        let text = key.text ?? ""
        if let first = firstPlaces[text] { duplicates[text] = first }
        firstPlaces[text] = firstPlaces[text] ?? key.position
        entries.append(
          Entry(
            key: text,
            keyPosition: key.position,
            value: try value(events.next(), depth: depth + 1)
          )
        )
      }
      let names = duplicates.keys.sorted()
      if let first = names.first.flatMap({ duplicates[$0] }) {
        throw RuleFault(
          at: first,
          "the key \(names.map { "'\($0)'" }.joined(separator: ", ")) is written twice",
          mend: "keep one of the two and move what the other says into it"
        )
      }
      return entries
    }

    private mutating func count(_ more: Int, at position: SourcePosition) throws(RuleFault) {
      nodeCount += more
      if nodeCount > Composer.maxNodeCount {
        throw RuleFault(
          at: position,
          "the file holds more than \(Composer.maxNodeCount) values",
          mend: "write out the aliases, or split the file"
        )
      }
    }
  }
}

extension YAMLNode {
  /// The text of a scalar.
  var text: String? {
    guard case .scalar(let text, _) = content else { return nil }
    return text
  }

  /// Whether nothing was written: no text, `~` or `null`, without quotes.
  var isNothing: Bool {
    guard case .scalar(let text, true) = content else { return false }
    return text.isEmpty || text == "~" || text == "null"
  }

  /// The items of a list, or the value itself where it is no list.
  var items: [YAMLNode] {
    if case .list(let items) = content { return items }
    return [self]
  }

  /// The lines of a map, none where it is no map.
  var entries: [Entry] {
    guard case .map(let entries) = content else { return [] }
    return entries
  }

  /// The value of a key, or `nil` where it is not written.
  subscript(key: String) -> YAMLNode? { entries.first { $0.key == key }?.value }

  /// The text with its place; the empty text where it is no scalar.
  var located: Located<String> { Located(text ?? "", at: position) }

  /// The texts of a list or of one scalar, with their places.
  var texts: [Located<String>] {
    items.compactMap { item in item.text.map { Located($0, at: item.position) } }
  }

  /// The strings of a list or of one scalar.
  var strings: [String] { items.compactMap(\.text) }

  /// The finite number a scalar writes.
  var number: Double? {
    guard let text, let number = Double(text), number.isFinite else { return nil }
    return number
  }

  /// The truth value a scalar writes.
  var flag: Bool? {
    switch text {
    case "true", "yes": true
    case "false", "no": false
    default: nil
    }
  }
}
