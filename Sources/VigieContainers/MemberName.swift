/// The name of a file inside an archive, told from bytes of an unknown encoding.
///
/// ZIP says UTF-8 or the code page of the first PC, tar says nothing, and programs write what their system
/// uses: the code page of the console (437, 850; 866 in Russian) or of Windows (1252, 1251), or KOI8-R.
package struct MemberName: Sendable, Equatable {
  /// The likeliest reading, with `/` between the parts.
  package var text: String
  /// Other readings that may be meant; none where the encoding is sure.
  package var alternatives: [String] = []
  /// The bytes, where their encoding is a guess; `nil` where it is sure.
  package private(set) var guessed: [UInt8]?

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
    guessed = raw
    let pages = CodePage.isCyrillic(raw) ? CodePage.cyrillic + CodePage.all : CodePage.all
    let readings = pages.map { page in (page.decode(raw), page.plausibility(of: raw)) }
    let best = readings.map(\.1).max() ?? 0
    text = MemberName.parts(readings.first { $0.1 == best }?.0 ?? "")
    for (reading, _) in readings where reading != text && !alternatives.contains(reading) {
      alternatives.append(MemberName.parts(reading))
    }
  }

  /// A name with `/` between the parts, whatever stands there.
  package static func parts(_ text: String) -> String {
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

  /// The tables by which names in Cyrillic letters are read.
  static let cyrillic = [windows1251, koi8, cp866]

  /// Whether the bytes above ASCII stand together as words do that have no Latin letter; in the West
  /// hardly ever three of them do.
  static func isCyrillic(_ raw: [UInt8]) -> Bool {
    var count = 0
    var runCount = 0
    var run = 0
    for byte in raw + [0] {
      if byte >= 0x80 {
        count += 1
        run += 1
      } else {
        if run >= 3 { runCount += run }
        run = 0
      }
    }
    return runCount >= 3 && runCount * 3 >= count * 2
  }

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
  /// *Source:* Unicode Consortium, VENDORS/MICSFT/PC/CP866.TXT.
  static let cp866 = CodePage(
    "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмноп░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔"
      + "╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u{A0}"
  )
  /// *Source:* RFC 1489.
  static let koi8 = CodePage(
    "─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥\u{A0}⌡°²·÷═║╒ё╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡Ё╢╣╤╥╦╧╨╩╪╫╬©юабцд"
      + "ефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ"
  )
  /// *Source:* WHATWG Encoding Standard, index windows-1251.
  static let windows1251 = CodePage(
    "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{98}™љ›њќћџ\u{A0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{AD}®Ї°±Ііґµ¶·ё№є"
      + "»јЅѕїАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя"
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

  /// The letters that are most of a Russian, Ukrainian or Bulgarian text.
  private static let frequent = Set("оеаинтсрвлкмОЕАИНТСРВЛКМ".unicodeScalars)

  /// How many bytes above ASCII are letters of Latin or Cyrillic in the table, less those that are signs.
  func plausibility(of raw: [UInt8]) -> Int {
    var sum = 0
    var isAfterLower = false
    for byte in raw {
      guard byte >= 0x80 else {
        isAfterLower = (0x61...0x7A).contains(byte)
        continue
      }
      let scalar = high[Int(byte) - 0x80]
      let isCyrillic = (0x400...0x45F).contains(scalar.value)
      guard scalar.properties.isAlphabetic, scalar.value < 0x180 || isCyrillic else {
        sum -= 1
        isAfterLower = false
        continue
      }
      // An upper-case letter after a lower-case one is rarely meant.
      sum += scalar.properties.isUppercase && isAfterLower ? 0 : 2
      if isCyrillic {
        isAfterLower = scalar.properties.isLowercase
        if CodePage.frequent.contains(scalar) { sum += 1 }
      } else {
        isAfterLower = false
      }
    }
    return sum
  }
}
