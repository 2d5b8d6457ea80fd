import VigieContainers
import VigieCore
import VigieDocuments

/// The bodies of a mail.
enum MailText {
  /// Adds a body of plain text, and opens the files that are written into it.
  ///
  /// - Parameters:
  ///   - text: UTF-8.
  ///   - place: The mail.
  ///   - location: The part of it; empty where it has no other.
  ///   - extraction: Where texts and gaps go.
  static func add(
    _ text: [UInt8],
    at place: Place,
    location: String,
    to extraction: inout Extraction
  ) {
    let pgp = Array("-----BEGIN PGP MESSAGE-----".utf8)
    if MailText.contains(text, pgp) {
      extraction.miss(.encrypted, "a part of the text is encrypted with PGP", at: place)
    }
    defer { addPasted(text, at: place, location: location, to: &extraction) }
    guard contains(text, Array("\nbegin ".utf8)) || text.starts(with: Array("begin ".utf8)) else {
      return extraction.add(text, at: place, role: .bodyText, location: location)
    }
    var rest: [UInt8] = []
    var file: (name: String, lines: [ArraySlice<UInt8>])?
    var index = 0
    while index < text.count {
      let line = MailLines.line(of: text[...], at: index)
      let content = text[line.content]
      index = line.next
      if let open = file {
        if content.elementsEqual(Array("end".utf8)) {
          extraction.openPart(UUEncoding.decode(open.lines), named: open.name, in: place)
          file = nil
        } else {
          file?.lines.append(content)
        }
      } else if let name = uuencodedName(content) {
        file = (name, [])
      } else {
        rest += content
        rest.append(0x0A)
      }
    }
    if let open = file {
      extraction.miss(.truncated, "a file inside the text does not end", at: place)
      extraction.openPart(UUEncoding.decode(open.lines), named: open.name, in: place)
    }
    extraction.add(rest, at: place, role: .bodyText, location: location)
  }

  /// Adds the lines that were pasted from the source of a mail, where bytes are written as `=C3=A9`.
  private static func addPasted(
    _ text: [UInt8],
    at place: Place,
    location: String,
    to extraction: inout Extraction
  ) {
    var pasted: [UInt8] = []
    var escapeCount = 0
    var index = 0
    var goesOn = false
    while index < text.count {
      let line = MailLines.line(of: text[...], at: index)
      index = line.next
      // Marks of a quotation are none of the line's.
      let content = text[line.content].drop { $0 == 0x3E || $0 == 0x20 }
      let count = escapes(in: content)
      guard count > 0 || goesOn else { continue }
      escapeCount += count
      pasted += content + [0x0A]
      goesOn = content.last == 0x3D
    }
    // One or two stand in addresses of the web and in formulas too.
    guard escapeCount > 2 else { return }
    let decoded = EncodedWords.repaired(QuotedPrintable.decode(pasted[...]))
    let name = location.isEmpty ? "pasted source" : "\(location) pasted source"
    extraction.add(decoded, at: place, role: .bodyText, location: name)
  }

  /// How many bytes of a line are written in hexadecimal digits.
  private static func escapes(in line: ArraySlice<UInt8>) -> Int {
    var count = 0
    var index = line.startIndex
    while index + 2 < line.endIndex {
      if line[index] == 0x3D, line[index + 1].hexValue != nil, line[index + 2].hexValue != nil {
        count += 1
        index += 2
      }
      index += 1
    }
    return count
  }

  /// The name in `begin 644 name`, or `nil` where the line is none.
  private static func uuencodedName(_ line: ArraySlice<UInt8>) -> String? {
    let words = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count == 3, words[0].elementsEqual(Array("begin".utf8)),
      words[1].count == 3 || words[1].count == 4, words[1].allSatisfy(\.isDigit)
    else { return nil }
    return Array(words[2]).trimmed.string
  }

  /// Whether some bytes stand in others.
  static func contains(_ text: [UInt8], _ needle: [UInt8]) -> Bool {
    unsafe text.span.bytes.firstOffset(of: needle, in: 0..<text.count) != nil
  }

  /// Hands a body of HTML to the format of HTML.
  ///
  /// - Parameters:
  ///   - html: The body.
  ///   - isUTF8: Whether it was decoded: then a byte order mark says so, which comes before any
  ///     charset that the HTML itself names.
  ///   - name: The file name of the part; empty for none.
  ///   - place: The mail.
  ///   - extraction: Where texts and gaps go.
  static func openHTML(
    _ html: [UInt8],
    isUTF8: Bool,
    named name: String,
    in place: Place,
    into extraction: inout Extraction
  ) {
    guard html.contains(where: { $0 > 0x20 }) else { return }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let isMarked = html.starts(with: mark)
    var bytes: [UInt8] = isUTF8 || isMarked ? mark : []
    // A body may start with any element; as a document it is known by its first tag.
    let head = html.prefix(64).drop { $0 <= 0x20 || $0 >= 0x80 }.prefix(9).map(\.lowercased)
    if !head.starts(with: Array("<!doctype".utf8)), !head.starts(with: Array("<html".utf8)),
      isUTF8 || !html.prefix(64).contains(0)
    {
      bytes += Array("<!DOCTYPE html>\n".utf8)
    }
    extraction.openPart(bytes + (isMarked ? html[3...] : html[...]), named: name, in: place)
  }

  /// Joins lines that were broken for display only.
  ///
  /// *Source:* RFC 3676 §4.2 (format=flowed).
  static func unflowed(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let line = MailLines.line(of: text[...], at: index)
      var content = text[line.content]
      if content.first == 0x20 { content.removeFirst() }
      result += content
      // The separator of a signature, two hyphens and a space, is no soft break.
      let isSoft = content.last == 0x20 && !content.elementsEqual([0x2D, 0x2D, 0x20])
      if !isSoft { result.append(0x0A) }
      index = line.next
    }
    return result
  }

  /// Joins the folded lines of a calendar or a contact.
  ///
  /// *Source:* RFC 5545 §3.1; RFC 6350 §3.2.
  static func unfolded(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let line = MailLines.line(of: text[...], at: index)
      var content = text[line.content]
      if let first = content.first, first == 0x20 || first == 0x09, result.last == 0x0A {
        result.removeLast()
        content.removeFirst()
      }
      var isEscaped = false
      for byte in content {
        if isEscaped {
          result.append(byte.lowercased == UInt8(ascii: "n") ? 0x0A : byte)
          isEscaped = false
        } else if byte == 0x5C {
          isEscaped = true
        } else {
          result.append(byte)
        }
      }
      result.append(0x0A)
      index = line.next
    }
    return result
  }
}
