package import VigieCore
import VigieCrypto
import VigieJSON

/// A text whose markings a person labelled: one line of `Corpus/messages/*.jsonl`.
package struct LabelledMessage: Sendable {
  /// What must be found at one span.
  package struct Expectation: Sendable, Equatable {
    package var scheme: String
    package var level: Level
    package var usage: Usage
    /// UTF-8 bytes of the text.
    package var span: Range<Int>
  }

  package var id: String
  package var language: String
  package var role: Role
  package var text: [UInt8]
  package var expected: [Expectation]
  package var disguises: [String]
  /// The file, as it was named or found.
  package var file: String
  /// 1-based.
  package var line: Int

  /// Why labelled messages cannot be read.
  package struct Failure: Error, Sendable, Equatable {
    /// The file, with the line where one is to blame.
    package var place: String
    package var reason: String
    /// What can be done about it, where the reason does not say it.
    package var mend: String?
  }

  /// What every line says, with how to write it.
  private static let requiredKeys: [(name: String, isList: Bool, meaning: String)] = [
    ("id", false, "a name of its own in the Corpus, such as \"id\":\"acme-0001\""),
    ("lang", false, "the language of the text, such as \"lang\":\"fr\""),
    ("text", false, "the text, with ⟦…⟧ around each marking in it"),
    (
      "expect", true, "a label for each ⟦…⟧ in text order; \"expect\":[] where nothing may be found"
    ),
  ]

  /// Reads a line.
  package init(_ bytes: [UInt8], file: String, line: Int) throws(Failure) {
    func failure(_ reason: String, mend: String? = nil) -> Failure {
      Failure(place: "\(file):\(line)", reason: reason, mend: mend)
    }
    let value: JSONValue
    do { value = try JSONValue(bytes) } catch { throw failure(error.description) }
    guard let id = value["id"]?.string, let language = value["lang"]?.string,
      let marked = value["text"]?.string, let labels = value["expect"]?.elements
    else {
      let missing = LabelledMessage.requiredKeys.filter { key in
        key.isList ? value[key.name]?.elements == nil : value[key.name]?.string == nil
      }
      let names = missing.map { key in
        let kind = key.isList ? "list" : "text"
        return value[key.name] == nil ? "\(key.name) is missing" : "\(key.name) is no \(kind)"
      }
      throw failure(
        names.joined(separator: ", "),
        mend: missing.map { "\($0.name): \($0.meaning)" }.joined(separator: "; ")
      )
    }
    guard let text = MarkedText(marked) else { throw failure("⟦ and ⟧ do not match") }
    guard let role = Role(rawValue: value["role"]?.string ?? "body") else {
      throw failure("the role is unknown")
    }
    guard labels.count == text.spans.count else {
      throw failure(
        "has \(text.spans.count) spans and \(labels.count) labels",
        mend: "write in expect one label for each ⟦…⟧, in text order"
      )
    }
    var expected: [Expectation] = []
    for (label, span) in zip(labels, text.spans) {
      guard let scheme = label["scheme"]?.string else { throw failure("a label has no scheme") }
      guard let level = label["level"]?.string.flatMap(Level.init(name:)) else {
        let levels = Level.allCases.map(\.name).joined(separator: ", ")
        throw failure("the level of a label is none of \(levels)")
      }
      guard let usage = label["usage"]?.string.flatMap(Usage.init(rawValue:)) else {
        throw failure("the usage of a label is neither applied nor mentioned")
      }
      expected.append(Expectation(scheme: scheme, level: level, usage: usage, span: span))
    }
    self.id = id
    self.language = language
    self.role = role
    self.text = text.text
    self.expected = expected
    disguises = value["disguise"]?.elements?.compactMap(\.string) ?? []
    self.file = file
    self.line = line
  }

  /// Reads a `.jsonl` file, or every one in a directory or in its `messages/`, in name order.
  package static func read(_ path: String) throws(Failure) -> [LabelledMessage] {
    var files = [path]
    if let names = jsonLines(in: path + "/messages") {
      files = names
    } else if let names = jsonLines(in: path) {
      files = names
    }
    var messages: [LabelledMessage] = []
    for file in files {
      let bytes = try contents(of: file)
      let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() where line.contains(where: { $0 > 0x20 }) {
        messages.append(try LabelledMessage(Array(line), file: file, line: index + 1))
      }
    }
    guard !messages.isEmpty else {
      throw Failure(place: path, reason: "holds no labelled message (messages/*.jsonl)")
    }
    return messages
  }

  /// The `.jsonl` files in a directory, or `nil` where there is no such directory.
  private static func jsonLines(in directory: String) -> [String]? {
    directoryNames(directory)?.filter { $0.hasSuffix(".jsonl") }.map { directory + "/" + $0 }
  }

  private static func contents(of file: String) throws(Failure) -> [UInt8] {
    do { return try readFile(file) } catch {
      throw Failure(place: file, reason: error.reason)
    }
  }
}
