extension Charset {
  /// The code page of a charset's name in mail, whatever its case, or `nil`.
  ///
  /// *Source:* IANA Character Sets registry; WHATWG Encoding Standard §4.2 (labels).
  static func named(_ name: String) -> Int? {
    var key = name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " && $0 != ":" }
    if key.hasPrefix("xmac") { key = String(key.dropFirst()) }
    if let known = names[key] { return known }
    for prefix in ["windows", "xcp", "cp", "ibm", "iso8859", "dos", "ms", "ansi"] {
      guard key.hasPrefix(prefix), let number = Int(key.dropFirst(prefix.count)) else { continue }
      let codePage = prefix == "iso8859" ? 28590 + number : number
      return tableNumbers.contains(codePage) || multibyteNumbers.contains(codePage)
        || codePage == 28591 ? codePage : nil
    }
    return nil
  }

  /// The code page of the fonts of an RTF charset, or `nil` where it says nothing.
  ///
  /// *Source:* Rich Text Format 1.9.1, `\fcharsetN`; [MS-WMF] §2.1.1.5 (CharacterSet).
  static func ofFontCharset(_ charset: Int) -> Int? {
    fontCharsets[charset]
  }

  /// Code pages of more than one byte a character.
  static let multibyteNumbers: Set<Int> = [932, 936, 949, 950, 1361, 51932, 51949, 54936, 20932]

  private static let fontCharsets: [Int: Int] = [
    0: 1252, 77: 10000, 78: 932, 128: 932, 129: 949, 130: 1361, 134: 936, 136: 950, 161: 1253,
    162: 1254, 163: 1258, 177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250,
    254: 437, 255: 850,
  ]

  private static let names: [String: Int] = [
    "utf8": 65001, "unicode11utf8": 65001, "utf7": 65000, "unicode11utf7": 65000,
    "utf16": 1200, "utf16le": 1200, "unicode": 1200, "ucs2": 1200, "iso10646ucs2": 1200,
    "utf16be": 1201, "unicodefffe": 1201, "utf32": 12000, "utf32le": 12000, "utf32be": 12001,
    "usascii": 20127, "ascii": 20127, "ansix3.41968": 20127, "646": 20127, "isoir6": 20127,
    "latin1": 28591, "l1": 28591, "iso885911987": 28591, "isoir100": 28591, "xuserdefined": 28591,
    "latin2": 28592, "latin3": 28593, "latin4": 28594, "cyrillic": 28595, "arabic": 28596,
    "greek": 28597, "hebrew": 28598, "iso88598i": 28598, "iso88598e": 28598, "logical": 28598,
    "latin5": 28599, "latin6": 28600, "latin7": 28603, "latin8": 28604, "latin9": 28605,
    "iso885911": 874, "tis620": 874, "koi8r": 20866, "koi8": 20866, "koi8u": 21866,
    "koi8ru": 21866, "macintosh": 10000, "mac": 10000, "macroman": 10000, "maccyrillic": 10007,
    "macgreek": 10006, "maccentraleurope": 10029, "macturkish": 10081,
    "shiftjis": 932, "sjis": 932, "xsjis": 932, "mskanji": 932, "windows31j": 932,
    "csshiftjis": 932,
    "eucjp": 51932, "xeucjp": 51932, "iso2022jp": 50220, "csiso2022jp": 50220,
    "gb2312": 936, "gbk": 936, "gb231280": 936, "euccn": 936, "xgbk": 936, "chinese": 936,
    "gb18030": 54936, "hzgb2312": 52936, "hz": 52936, "big5": 950, "big5hkscs": 950, "xxbig5": 950,
    "euckr": 949, "ksc56011987": 949, "ksc5601": 949, "korean": 949, "uhc": 949,
    "iso2022kr": 50225, "iso2022cn": 50227, "johab": 1361,
  ]
}
