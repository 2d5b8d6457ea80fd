/// The name of a file inside an archive, told from bytes of an unknown encoding.
///
/// ZIP says UTF-8 or the code page of the first PC, and programs write what their system uses: the
/// code page of the console (437, 850) or of Windows (1252).
package struct MemberName: Sendable, Equatable {
  /// The likeliest reading, with `/` between the parts.
  package var text: String
  /// Other readings that may be meant; none where the encoding is sure.
  package var alternatives: [String] = []

  /// Reads a name.
  ///
  /// - Parameters:
  ///   - raw: Its bytes.
  ///   - isUTF8: Whether the archive says that they are UTF-8.
  package init(_ raw: [UInt8], isUTF8: Bool = false) {
    // Valid UTF-8 with a letter above ASCII is hardly ever anything else.
    if isUTF8 || raw.allSatisfy({ $0 < 0x80 }) || String(validating: raw, as: UTF8.self) != nil {
      text = MemberName.parts(String(decoding: raw, as: UTF8.self))
      return
    }
    let readings = CodePage.all.map { page in (page.decode(raw), page.plausibility(of: raw)) }
    let best = readings.map(\.1).max() ?? 0
    text = MemberName.parts(readings.first { $0.1 == best }?.0 ?? "")
    for (reading, _) in readings where reading != text && !alternatives.contains(reading) {
      alternatives.append(MemberName.parts(reading))
    }
  }

  private static func parts(_ text: String) -> String {
    text.contains("\\") ? String(text.map { $0 == "\\" ? "/" : $0 }) : text
  }
}

/// A table of the bytes above ASCII.
package struct CodePage: Sendable {
  /// The scalars of the bytes 0x80…0xFF.
  let high: [Unicode.Scalar]

  private init(_ high: String) { self.high = Array(high.unicodeScalars) }

  /// The tables that names are read by, the likelier first.
  static let all = [cp850, cp437, windows1252]

  /// *Source:* Unicode Consortium, VENDORS/MICSFT/PC/CP850.TXT.
  static let cp850 = CodePage(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐"
      + "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}"
  )
  /// *Source:* Unicode Consortium, VENDORS/MICSFT/PC/CP437.TXT.
  static let cp437 = CodePage(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
      + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}"
  )
  /// The code page of Windows in the West.
  ///
  /// *Source:* WHATWG Encoding Standard, index windows-1252.
  package static let windows1252 = CodePage(
    "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ\u{A0}¡¢£¤¥¦§¨©ª«¬\u{AD}®¯°±²³´µ¶·¸¹º»¼½¾¿"
      + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ"
  )

  /// The text of some bytes.
  package func decode(_ raw: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    for byte in raw {
      text.append(byte < 0x80 ? Unicode.Scalar(byte) : high[Int(byte) - 0x80])
    }
    return String(text)
  }

  /// How many bytes above ASCII are letters of Latin in the table, less those that are signs.
  func plausibility(of raw: [UInt8]) -> Int {
    var sum = 0
    for (index, byte) in raw.enumerated() where byte >= 0x80 {
      let scalar = high[Int(byte) - 0x80]
      guard scalar.properties.isAlphabetic, scalar.value < 0x180 else {
        sum -= 1
        continue
      }
      // An upper-case letter after a lower-case one is rarely meant.
      let before = index > 0 ? raw[index - 1] : 0
      let isAfterLower = (0x61...0x7A).contains(before)
      sum += scalar.properties.isUppercase && isAfterLower ? 0 : 2
    }
    return sum
  }
}
