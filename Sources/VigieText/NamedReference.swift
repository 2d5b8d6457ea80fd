/// The named character references that stand for letters, digits or punctuation of markings.
///
/// *Source:* HTML Living Standard §13.5, "Named character references"; those of ISO 8859-1,
/// Latin Extended-A and general punctuation. Any other name is left as it stands: its letters then
/// part the word, as they do for a reader of the plain text.
enum NamedReference {
  /// The scalar of a name without `&` and `;`, or `nil`.
  static func scalar(_ name: Span<UInt8>) -> UInt32? {
    var key: UInt64 = 0
    guard name.count <= 8 else { return nil }
    for index in 0..<name.count { key = key << 8 | UInt64(name[index]) }
    return table[key]
  }

  private static let table: [UInt64: UInt32] = {
    var table: [UInt64: UInt32] = [:]
    for (name, value) in names {
      table[name.utf8.reduce(0) { $0 << 8 | UInt64($1) }] = value
    }
    return table
  }()

  private static let names: [(String, UInt32)] =
    [
      ("amp", 0x26), ("lt", 0x3C), ("gt", 0x3E), ("quot", 0x22), ("apos", 0x27), ("nbsp", 0xA0),
      ("shy", 0xAD), ("middot", 0xB7), ("laquo", 0xAB), ("raquo", 0xBB), ("sol", 0x2F),
      ("colon", 0x3A), ("period", 0x2E), ("comma", 0x2C), ("lowbar", 0x5F), ("hyphen", 0x2010),
      ("dash", 0x2010), ("ndash", 0x2013), ("mdash", 0x2014), ("lsquo", 0x2018), ("rsquo", 0x2019),
      ("ldquo", 0x201C), ("rdquo", 0x201D), ("hellip", 0x2026), ("bull", 0x2022), ("lpar", 0x28),
      ("rpar", 0x29), ("lsqb", 0x5B), ("lbrack", 0x5B), ("rsqb", 0x5D), ("rbrack", 0x5D),
      ("plus", 0x2B), ("num", 0x23), ("excl", 0x21), ("quest", 0x3F), ("semi", 0x3B),
      ("equals", 0x3D), ("Tab", 0x09), ("NewLine", 0x0A), ("ensp", 0x2002), ("emsp", 0x2003),
      ("thinsp", 0x2009), ("hairsp", 0x200A), ("zwnj", 0x200C), ("zwj", 0x200D), ("lrm", 0x200E),
      ("rlm", 0x200F), ("euro", 0x20AC), ("OElig", 0x152), ("oelig", 0x153), ("Scaron", 0x160),
      ("scaron", 0x161), ("Yuml", 0x178),
    ] + latin1
  // U+00C0…U+00FF in order: the names of ISO 8859-1.
  private static let latin1: [(String, UInt32)] = zip(
    """
    Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute \
    Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml \
    Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml \
    igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave \
    uacute ucirc uuml yacute thorn yuml
    """.split(separator: " ").map(String.init),
    UInt32(0xC0)...UInt32(0xFF)
  ).map { ($0, $1) }
}
