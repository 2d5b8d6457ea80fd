import VigieCore

extension EvasionForm {
  // MARK: Markup

  static let markup: [EvasionForm] =
    [
      ("bold tag", "<b>", "</b>"), ("styled span", "<span style=\"color:red\">", "</span>"),
      ("empty tag", "<i></i>", ""), ("comment", "<!-- x -->", ""), ("word-break tag", "<wbr>", ""),
    ].map { name, opening, closing in
      split(name, opening, closing) { $0 == .body || $0 == .html }
    }
    + [
      ("asterisks", "**", "**"), ("single asterisks", "*", "*"), ("underscores", "__", "__"),
      ("tildes", "~~", "~~"), ("grave accents", "`", "`"), ("vertical lines", "||", "||"),
    ].map { name, opening, closing in
      split(name, opening, closing) { $0 != .html && $0 != .filename }
    }
    + [
      entities("decimal entities") { "&#\($0.value);" },
      entities("hexadecimal entities") { "&#x\(String($0.value, radix: 16));" },
    ]

  /// Markup around the middle of every word that has a middle.
  private static func split(
    _ name: String,
    _ opening: String,
    _ closing: String,
    _ fits: @escaping @Sendable (Role) -> Bool
  ) -> EvasionForm {
    EvasionForm(.markupSplit, name, fits: fits) { marking, _ in
      let words = marking.longWords
      for word in words {
        marking.gaps[word.lowerBound + 1] += opening
        marking.gaps[word.upperBound - 1] += closing
      }
      return !words.isEmpty
    }
  }

  private static func entities(
    _ name: String,
    _ spell: @escaping @Sendable (Unicode.Scalar) -> String
  ) -> EvasionForm {
    EvasionForm(.markupSplit, name, fits: { $0 == .body || $0 == .html }) { marking, _ in
      marking.letters = marking.letters.map { letter in
        letter.unicodeScalars.map(spell).joined()
      }
      return true
    }
  }

  // MARK: Encodings

  static let encodings: [EvasionForm] = [
    EvasionForm(encoding: "percent") { text in text.utf8.map { percent($0, true) }.joined() },
    EvasionForm(encoding: "percent, small digits") { text in
      text.utf8.map { percent($0, false) }.joined()
    },
    EvasionForm(encoding: "percent, as in a link") { text in
      let encoded = text.utf8.map { byte in
        isUnreserved(byte) ? String(UnicodeScalar(byte)) : percent(byte, true)
      }
      return encoded.contains { $0.hasPrefix("%") } ? encoded.joined() : nil
    },
    EvasionForm(encoding: "quoted-printable") { text in
      text.utf8.map { "=" + hex(UInt32($0), count: 2, isUpper: true) }.joined()
    },
    EvasionForm(encoding: "quoted-printable, as in a mail") { text in
      let encoded = text.utf8.map { byte in
        byte < 0x80 && byte != 0x3D
          ? String(UnicodeScalar(byte)) : "=" + hex(UInt32(byte), count: 2, isUpper: true)
      }
      return encoded.contains { $0.hasPrefix("=") } ? encoded.joined() : nil
    },
    EvasionForm(encoding: "\\u escapes") { text in
      text.utf16.map { "\\u" + hex(UInt32($0), count: 4, isUpper: false) }.joined()
    },
    EvasionForm(encoding: "base64") { base64(Array($0.utf8), isForURLs: false) },
    EvasionForm(encoding: "base64 for URLs, unpadded") { base64(Array($0.utf8), isForURLs: true) },
  ]

  private static func percent(_ byte: UInt8, _ isUpper: Bool) -> String {
    "%" + hex(UInt32(byte), count: 2, isUpper: isUpper)
  }

  private static func hex(_ value: UInt32, count: Int, isUpper: Bool) -> String {
    let digits = String(value, radix: 16, uppercase: isUpper)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }

  /// *Source:* RFC 3986 §2.3.
  private static func isUnreserved(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
      || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte)
  }

  /// The least bytes of a text that anybody would know in base64: shorter runs are any word.
  private static let leastBase64Count = 12

  /// *Source:* RFC 4648 §4 and §5.
  private static func base64(_ bytes: [UInt8], isForURLs: Bool) -> String? {
    guard bytes.count >= leastBase64Count else { return nil }
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    let alphabet = Array(letters + (isForURLs ? "-_" : "+/"))
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0...group.count { text.append(alphabet[value >> (18 - 6 * place) & 63]) }
      if !isForURLs { text += String(repeating: "=", count: 3 - group.count) }
    }
    return text
  }
}
