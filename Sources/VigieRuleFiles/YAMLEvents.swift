import CYAML
import VigieRulebook

/// What stands in a YAML file, one event after the other, as libyaml reads it.
@safe
final class YAMLEvents {
  /// One event with the place at which it starts.
  struct Event {
    /// What it is.
    enum Kind: Equatable {
      case scalar(String, isBare: Bool, anchor: String?)
      case alias(String)
      case listStart(anchor: String?)
      case mapStart(anchor: String?)
      case end
      /// A stream or a document that starts or ends.
      case documentStart, documentEnd, streamStart, streamEnd
    }

    var kind: Kind
    var position: SourcePosition
  }

  private let file: String
  private let text: [UInt8]
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let parser: UnsafeMutablePointer<yaml_parser_t>

  /// The events of a text.
  init(_ text: String, file: String) {
    self.file = file
    self.text = Array(text.utf8)
    // libyaml keeps the place of its input, which must not move.
    unsafe input = .allocate(capacity: max(1, self.text.count))
    _ = unsafe input.initialize(from: self.text)
    unsafe parser = .allocate(capacity: 1)
    unsafe parser.initialize(to: yaml_parser_t())
    // It fails without memory alone, and then so does every event.
    _ = unsafe yaml_parser_initialize(parser)
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, input.baseAddress, self.text.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe input.deallocate()
  }

  /// The next event; nothing is asked for after the end of the stream.
  ///
  /// - Throws: What makes the file no YAML.
  func next() throws(RuleFault) -> Event {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw fault }
    defer { unsafe yaml_event_delete(&event) }
    let data = unsafe event.data
    let kind: Event.Kind =
      switch unsafe event.type {
      case YAML_SCALAR_EVENT:
        unsafe .scalar(
          String(
            decoding: UnsafeBufferPointer(start: data.scalar.value, count: data.scalar.length),
            as: UTF8.self
          ),
          isBare: data.scalar.style == YAML_PLAIN_SCALAR_STYLE,
          anchor: name(data.scalar.anchor)
        )
      case YAML_ALIAS_EVENT: unsafe .alias(name(data.alias.anchor) ?? "")
      case YAML_SEQUENCE_START_EVENT: unsafe .listStart(anchor: name(data.sequence_start.anchor))
      case YAML_MAPPING_START_EVENT: unsafe .mapStart(anchor: name(data.mapping_start.anchor))
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: .end
      case YAML_DOCUMENT_START_EVENT: .documentStart
      case YAML_DOCUMENT_END_EVENT: .documentEnd
      case YAML_STREAM_START_EVENT: .streamStart
      default: .streamEnd
      }
    return unsafe Event(kind: kind, position: position(event.start_mark))
  }

  private func name(_ anchor: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    unsafe anchor.map { unsafe String(cString: $0) }
  }

  private func position(_ mark: yaml_mark_t) -> SourcePosition {
    SourcePosition(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }

  /// What libyaml says is wrong.
  private var fault: RuleFault {
    let parser = unsafe self.parser.pointee
    let problem = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "it cannot be read"
    guard unsafe parser.error == YAML_SCANNER_ERROR || parser.error == YAML_PARSER_ERROR else {
      return RuleFault(
        at: unsafe position(ofByte: parser.problem_offset),
        "not YAML: \(problem)",
        mend: "remove the character, or write it as an escape in double quotes"
      )
    }
    let around = unsafe parser.context.map { context in
      unsafe " (\(String(cString: context)), line \(parser.context_mark.line + 1))"
    }
    let position = unsafe position(parser.problem_mark)
    let index = unsafe parser.problem_mark.index
    return .notYAML(problem + (around ?? ""), at: position, mend: mend(problem, position, index))
  }

  /// What an author can do about what libyaml says at a place, which is so many scalars into the text; `nil` where no more
  /// can be said than in general.
  private func mend(_ problem: String, _ position: SourcePosition, _ index: Int) -> String? {
    let text = String(decoding: text, as: UTF8.self)
    let scalar = text.unicodeScalars.dropFirst(index).first
    let lines = text.yamlLines
    let line = lines.indices.contains(position.line - 1) ? lines[position.line - 1] : ""
    // *Source:* YAML 1.2.2, 6.1: "tab characters must not be used in indentation".
    if scalar == "\t" || line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
      return "a tab stands here: indent with spaces, which is all that YAML takes"
    }
    // *Source:* libyaml, scanner.c, yaml_parser_scan_flow_scalar.
    if problem.hasSuffix("unknown escape character") || problem.hasSuffix("hexdecimal number") {
      return "write the text in single quotes: in double quotes a \\ begins an escape of YAML"
    }
    if problem.hasSuffix("cannot start any token"), let scalar {
      return "quote the text: without quotes none begins with '\(scalar)'"
    }
    return nil
  }

  /// The place of a byte of the text.
  private func position(ofByte offset: Int) -> SourcePosition {
    let before = text.prefix(offset)
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let last =
      before.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).last ?? []
    let column = String(decoding: last, as: UTF8.self).unicodeScalars.count + 1
    return SourcePosition(file: file, line: line, column: column)
  }
}

extension RuleFault {
  /// A file that is no YAML.
  static func notYAML(
    _ problem: String,
    at position: SourcePosition,
    mend: String? = nil
  ) -> RuleFault {
    RuleFault(
      at: position,
      "not YAML: \(problem)",
      mend: mend
        ?? "check the indentation, quote texts that hold ': ' or ' #', close every bracket"
    )
  }
}
