import VigieCore
import VigieDocuments

/// The header of a mail or of a part of one.
///
/// *Source:* RFC 5322 §2.2 (fields, folding); RFC 2047 (encoded words); RFC 2231 (parameters).
struct MailHeaders {
  /// A field.
  struct Field {
    /// The name as it is written.
    var name: String
    /// The name in lower case.
    var key: String
    /// The value as it is written, on one line.
    var raw: [UInt8]
  }

  /// The fields, in their order.
  private(set) var fields: [Field] = []
  /// Where the body starts in the bytes that were read.
  private(set) var end: Int
  /// Lines that are no field; some programs show them, as the start of the body.
  private(set) var oddLines: [UInt8] = []
  /// How many they are, without the first line and quoted ones: a mail has few.
  private(set) var oddLineCount = 0

  /// Fields read of a header, at most.
  private static let maxFieldCount = 5_000

  /// The header at the start of some bytes; it ends at an empty line.
  init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  /// The header at the start of some bytes; it ends at an empty line.
  init(_ bytes: ArraySlice<UInt8>) {
    var index = bytes.startIndex
    end = bytes.endIndex
    var isFirst = true
    while index < bytes.endIndex, fields.count < MailHeaders.maxFieldCount {
      let line = MailLines.line(of: bytes, at: index)
      if line.content.isEmpty {
        end = line.next
        return
      }
      index = line.next
      let content = bytes[line.content]
      if let first = content.first, first == 0x20 || first == 0x09 {
        guard !fields.isEmpty else {
          oddLines += content + [0x0A]
          continue
        }
        // A folded line of white space alone is none: it ends the header for some programs.
        fields[fields.count - 1].raw += content.map { $0 == 0x09 ? 0x20 : $0 }
      } else if let colon = MailHeaders.colon(of: content) {
        var name = content[content.startIndex..<colon]
        while let last = name.last, last <= 0x20 { name.removeLast() }
        let text = Array(name).string
        let value = content[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
        fields.append(Field(name: text, key: text.lowercased(), raw: Array(value)))
      } else if content.starts(with: Array("From ".utf8))
        || content.starts(with: Array(">From ".utf8))
      {
        // The line before each message of a mailbox.
      } else if isFirst || content.first == 0x3E {
        oddLines += content + [0x0A]
      } else if fields.isEmpty || oddLineCount > 20 {
        end = line.content.lowerBound
        return
      } else {
        oddLineCount += 1
        oddLines += content + [0x0A]
      }
      isFirst = false
    }
  }

  /// The colon after the name of a field, or `nil` where the line is none.
  private static func colon(of line: ArraySlice<UInt8>) -> Int? {
    for index in line.indices {
      let byte = line[index]
      if byte == 0x3A { return index > line.startIndex ? index : nil }
      if byte <= 0x20 {
        // White space may stand before the colon, as old programs wrote it.
        let rest = line[index...].drop { $0 == 0x20 || $0 == 0x09 }
        return rest.first == 0x3A && index > line.startIndex ? rest.startIndex : nil
      }
      if byte >= 0x7F { return nil }
    }
    return nil
  }

  /// The value of the first field of a name in lower case, decoded.
  func value(_ key: String) -> [UInt8]? {
    fields.first { $0.key == key }.map { EncodedWords.decode($0.raw) }
  }

  /// The value and the parameters of the first field of a name in lower case.
  func parameters(_ key: String) -> MailParameters {
    MailParameters(fields.first { $0.key == key }?.raw ?? [])
  }

  /// Adds each field as a text, and the lines that are none.
  func add(at place: Place, prefix: String = "", to extraction: inout Extraction) {
    let odd = oddLines.trimmed
    extraction.add(odd, at: place, role: .bodyText, location: "\(prefix)lines in the header")
    for field in fields {
      guard extraction.hasRoom else { return }
      let value = EncodedWords.decode(field.raw)
      let location = "\(prefix)header \(field.name)"
      if LabelName.isLabel(field.key) {
        extraction.addProperty(field.name, value, at: place, location: location)
      } else {
        extraction.add(value.trimmed, at: place, role: .metadata, location: location)
      }
    }
  }
}

/// Lines of a mail, whatever ends them.
enum MailLines {
  /// The line at an index: its content, and where the next one starts.
  static func line(
    of bytes: ArraySlice<UInt8>,
    at start: Int
  ) -> (content: Range<Int>, next: Int) {
    var index = start
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == 0x0A { return (start..<index, index + 1) }
      if byte == 0x0D {
        let isPair = index + 1 < bytes.endIndex && bytes[index + 1] == 0x0A
        return (start..<index, index + (isPair ? 2 : 1))
      }
      index += 1
    }
    return (start..<index, index)
  }
}

/// Words of a header in another alphabet than ASCII.
enum EncodedWords {
  /// Decodes a value: words that follow one another are one text, and a character may be cut in
  /// two between them.
  ///
  /// *Source:* RFC 2047 §2, §6.2; RFC 2231 §5 (language).
  static func decode(_ raw: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var pending: (charset: String, bytes: [UInt8])?
    var plain: [UInt8] = []
    var index = 0
    func flush() {
      if let (charset, bytes) = pending {
        result += Charset.named(charset).flatMap { Charset.decode(bytes, $0) } ?? repaired(bytes)
      }
      pending = nil
    }
    while index < raw.count {
      if raw[index] == 0x3D, index + 1 < raw.count, raw[index + 1] == 0x3F,
        let word = word(raw, at: index)
      {
        if pending != nil, plain.allSatisfy({ $0 <= 0x20 }) {
          plain = []
        } else if !plain.isEmpty {
          flush()
          result += repaired(plain)
          plain = []
        }
        if pending?.charset == word.charset {
          pending?.bytes += word.bytes
        } else {
          flush()
          pending = (word.charset, word.bytes)
        }
        index = word.end
      } else {
        plain.append(raw[index])
        index += 1
      }
    }
    flush()
    return result + repaired(plain)
  }

  /// Bytes of no known charset: UTF-8 where they are that, else Windows-1252.
  static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    if !bytes.contains(where: { $0 >= 0x80 }) { return bytes }
    if String(validating: bytes, as: UTF8.self) != nil { return bytes }
    return Charset.decode(bytes, Charset.western) ?? bytes
  }

  /// The encoded word at an index, or `nil`.
  private static func word(
    _ raw: [UInt8],
    at start: Int
  ) -> (charset: String, bytes: [UInt8], end: Int)? {
    func next(_ from: Int) -> Int? {
      var index = from
      while index < raw.count, raw[index] != 0x3F {
        if raw[index] <= 0x20 && from == start + 2 { return nil }
        index += 1
      }
      return index < raw.count ? index : nil
    }
    guard let charsetEnd = next(start + 2), charsetEnd + 2 < raw.count,
      raw[charsetEnd + 2] == 0x3F, let end = next(charsetEnd + 3), end + 1 < raw.count,
      raw[end + 1] == 0x3D
    else { return nil }
    let charset = Array(raw[start + 2..<charsetEnd]).string.split(separator: "*").first ?? ""
    let text = raw[(charsetEnd + 3)..<end]
    switch raw[charsetEnd + 1].lowercased {
    case UInt8(ascii: "b"): return (charset.lowercased(), Base64Text.decode(text), end + 2)
    case UInt8(ascii: "q"):
      return (charset.lowercased(), QuotedPrintable.decode(text, isHeader: true), end + 2)
    default: return nil
    }
  }
}

/// A value with parameters, such as that of Content-Type.
struct MailParameters {
  /// What stands before the first semicolon, in lower case.
  private(set) var value = ""
  private var parameters: [String: [UInt8]] = [:]

  /// Parses a value.
  init(_ raw: [UInt8]) {
    var parts = MailParameters.split(raw)[...]
    value = (parts.popFirst() ?? []).trimmed.string.lowercased()
    // Comments in parentheses stand where nobody looks for them.
    if let open = value.firstIndex(of: "(") {
      value = Array(value[..<open].utf8).trimmed.string
    }
    var pieces: [String: [Int: (isEncoded: Bool, text: [UInt8])]] = [:]
    for part in parts {
      guard let equals = part.firstIndex(of: 0x3D) else { continue }
      let name = Array(part[..<equals]).trimmed.string.lowercased()
      let text = MailParameters.unquoted(Array(part[(equals + 1)...]).trimmed)
      let sections = name.split(separator: "*", omittingEmptySubsequences: false)
      let base = sections.first.map(String.init) ?? ""
      if sections.count == 1 {
        if parameters[name] == nil { parameters[name] = EncodedWords.decode(text) }
      } else {
        let number = sections.count > 1 ? Int(sections[1]) ?? 0 : 0
        pieces[base, default: [:]][number] = (name.hasSuffix("*"), text)
      }
    }
    for (base, numbered) in pieces {
      parameters[base] = MailParameters.joined(numbered)
    }
  }

  /// A parameter by its name in lower case.
  subscript(_ name: String) -> [UInt8]? { parameters[name] }

  /// A parameter as a string; empty where there is none.
  func text(_ name: String) -> String { parameters[name]?.string ?? "" }

  /// Joins the pieces of a parameter.
  ///
  /// *Source:* RFC 2231 §3, §4.
  private static func joined(_ pieces: [Int: (isEncoded: Bool, text: [UInt8])]) -> [UInt8] {
    var bytes: [UInt8] = []
    var charset = ""
    for (number, piece) in pieces.sorted(by: { $0.key < $1.key }) {
      guard piece.isEncoded else {
        bytes += piece.text
        continue
      }
      var text = piece.text[...]
      if number == 0 {
        let marks = text.indices.filter { text[$0] == 0x27 }
        if marks.count >= 2 {
          charset = Array(text[..<marks[0]]).string
          text = text[(marks[1] + 1)...]
        }
      }
      bytes += percentDecoded(text)
    }
    return Charset.named(charset).flatMap { Charset.decode(bytes, $0) }
      ?? EncodedWords.repaired(bytes)
  }

  private static func percentDecoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == 0x25, index + 2 < text.endIndex, let high = text[index + 1].hexValue,
        let low = text[index + 2].hexValue
      {
        result.append(high << 4 | low)
        index += 3
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }

  /// Parts between semicolons that stand outside quotes.
  private static func split(_ raw: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = [[]]
    var isQuoted = false
    var isEscaped = false
    for byte in raw {
      if byte == 0x3B, !isQuoted {
        parts.append([])
        continue
      }
      if byte == 0x22, !isEscaped { isQuoted.toggle() }
      isEscaped = byte == 0x5C && !isEscaped
      parts[parts.count - 1].append(byte)
    }
    return parts
  }

  private static func unquoted(_ text: [UInt8]) -> [UInt8] {
    guard text.first == 0x22 else { return text }
    var result: [UInt8] = []
    var isEscaped = false
    for byte in text.dropFirst() {
      if isEscaped || byte != 0x5C && byte != 0x22 {
        result.append(byte)
      } else if byte == 0x22 {
        break
      }
      isEscaped = byte == 0x5C && !isEscaped
    }
    return result
  }
}
