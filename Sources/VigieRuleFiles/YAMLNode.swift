import VigieRulebook
import Yams

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
    do {
      // The basic resolver leaves every scalar a text and spares Yams its regular expressions.
      guard let root = try Yams.compose(yaml: text, .basic, .default, .utf8) else {
        throw RuleFault(
          at: SourcePosition(file: file, line: 1, column: 1),
          "the file is empty",
          mend: "write the file's keys, or remove the file"
        )
      }
      var room = maxNodeCount
      return try YAMLNode(
        root,
        file: file,
        fallback: SourcePosition(file: file, line: 1, column: 1),
        &room
      )
    } catch let fault as RuleFault {
      throw fault
    } catch let error as YamlError {
      throw RuleFault(error, file: file, text: text)
    } catch {
      throw RuleFault(
        at: SourcePosition(file: file, line: 1, column: 1),
        "the file is not YAML",
        mend: "check the indentation and the quotes"
      )
    }
  }

  /// The greatest number of values of a file; aliases count each time, lest they multiply.
  private static let maxNodeCount = 1_000_000

  private init(
    _ node: Node,
    file: String,
    fallback: SourcePosition,
    _ room: inout Int
  ) throws(RuleFault) {
    let position =
      node.mark.map { SourcePosition(file: file, line: $0.line, column: $0.column) } ?? fallback
    self.position = position
    room -= 1
    if room < 0 {
      throw RuleFault(
        at: position,
        "the file holds more than \(YAMLNode.maxNodeCount) values",
        mend: "write out the aliases, or split the file"
      )
    }
    switch node {
    case .scalar(let scalar):
      content = .scalar(scalar.string, isBare: scalar.style == .plain)
    case .sequence(let sequence):
      var items: [YAMLNode] = []
      for item in sequence {
        items.append(try YAMLNode(item, file: file, fallback: position, &room))
      }
      content = .list(items)
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (key, value) in mapping {
        let keyNode = try YAMLNode(key, file: file, fallback: position, &room)
        let valueNode = try YAMLNode(value, file: file, fallback: keyNode.position, &room)
        entries.append(
          Entry(key: keyNode.text ?? "", keyPosition: keyNode.position, value: valueNode)
        )
      }
      content = .map(entries)
    case .alias:
      // Yams puts the aliased value itself in the tree; an alias never arrives here.
      content = .scalar("", isBare: true)
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

extension RuleFault {
  /// The fault that a YAML error reports.
  fileprivate init(_ error: YamlError, file: String, text: String) {
    func at(_ mark: Mark) -> SourcePosition {
      SourcePosition(file: file, line: mark.line, column: mark.column)
    }
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let around = context.map { " (\($0.text), line \($0.mark.line))" } ?? ""
      self.init(
        at: at(mark),
        "not YAML: \(problem)\(around)",
        mend: "check the indentation, quote texts that hold ': ' or ' #', close every bracket"
      )
    case .duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.sorted().map { "'\($0)'" }.joined(separator: ", ")
      self.init(
        at: at(context.mark),
        "the key \(names) is written twice",
        mend: "keep one of the two and move what the other says into it"
      )
    case .reader(let problem, let offset, _, _):
      let before = text.prefix(offset ?? 0).unicodeScalars
      let line = before.count { $0 == "\n" } + 1
      let column = before.reversed().prefix { $0 != "\n" }.count + 1
      self.init(
        at: SourcePosition(file: file, line: line, column: column),
        "not YAML: \(problem)",
        mend: "remove the character, or write it as an escape in double quotes"
      )
    default:
      self.init(
        at: SourcePosition(file: file, line: 1, column: 1),
        "the file is not YAML",
        mend: "check the indentation and the quotes"
      )
    }
  }
}
