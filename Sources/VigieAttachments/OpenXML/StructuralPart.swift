/// Parts that hold no text by their kind: styles, themes, fonts.
///
/// They are the greatest parts of small documents, so that they are not parsed where a glance shows
/// that they are what they seem.
enum StructuralPart {
  /// The root elements of such parts: nothing in their attributes is shown.
  ///
  /// *Source:* ISO/IEC 29500-1 §17.7.4.18 (styles), §17.8.3.11 (fonts), §17.15.2.43 (webSettings),
  /// §20.1.6.9 (theme), §20.1.4.2.27 (tblStyleLst).
  private static let roots = ["styles", "theme", "fonts", "webSettings", "tblStyleLst"]
    .map { Array($0.utf8) }
  /// Styles that hide text matter.
  private static let vanish = Array("vanish".utf8)

  /// Whether a part is of such a kind and holds nothing but elements and attributes.
  static func saysNothing(_ part: [UInt8]) -> Bool {
    let bytes = part.span
    guard let root = rootName(bytes), roots.contains(root) else { return false }
    var offset = 0
    // Between a `>` and the next `<` there may be white space only.
    while let close = next(0x3E, in: bytes, from: offset) {
      var index = close + 1
      while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
      if index == bytes.count { return !holdsVanish(bytes) }
      guard bytes[index] == 0x3C, index + 1 < bytes.count, bytes[index + 1] != 0x21,
        bytes[index + 1] != 0x3F || close == 0
      else { return false }
      offset = index
    }
    return false
  }

  private static func holdsVanish(_ bytes: Span<UInt8>) -> Bool {
    var offset = 0
    while let start = next(0x76, in: bytes, from: offset) {
      if start + vanish.count <= bytes.count,
        vanish.indices.allSatisfy({ bytes[start + $0] == vanish[$0] })
      {
        return true
      }
      offset = start + 1
    }
    return false
  }

  /// The local name of the root element of plain UTF-8.
  private static func rootName(_ bytes: Span<UInt8>) -> [UInt8]? {
    var index = bytes.count > 3 && bytes[0] == 0xEF ? 3 : 0
    for _ in 0..<4 {
      guard let open = next(0x3C, in: bytes, from: index), open + 1 < bytes.count else {
        return nil
      }
      if bytes[open + 1] != 0x3F {
        var name: [UInt8] = []
        index = open + 1
        while index < bytes.count, bytes[index] > 0x20, bytes[index] != 0x3E, name.count < 32 {
          if bytes[index] == 0x3A { name = [] } else { name.append(bytes[index]) }
          index += 1
        }
        return name
      }
      index = open + 1
    }
    return nil
  }

  private static func next(_ byte: UInt8, in bytes: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    while index < bytes.count {
      if bytes[index] == byte { return index }
      index += 1
    }
    return nil
  }
}
