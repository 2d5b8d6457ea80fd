/// Text of markup that no parser can read: tags become line ends, the five entities of XML
/// characters.
enum MarkupStripper {
  /// The text of bytes; UTF-8 where they are.
  static func text(of bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    var index = 0
    // Where the next `>` lies: found once, so that many `<` without one cost no more.
    var nextClose = -1
    while index < bytes.count {
      let byte = unsafe bytes[index]
      if byte == 0x3C {
        if nextClose < index {
          nextClose = unsafe bytes[index...].firstIndex(of: 0x3E) ?? bytes.count
        }
        if nextClose < bytes.count, unsafe isTag(bytes, at: index) {
          if text.last != 0x0A { text.append(0x0A) }
          unsafe appendValues(of: bytes[index..<nextClose], to: &text)
          index = nextClose + 1
          continue
        }
      } else if byte == 0x26, let (plain, length) = unsafe entity(bytes, at: index) {
        text.append(plain)
        index += length
        continue
      }
      text.append(byte)
      index += 1
    }
    return text
  }

  private static func isTag(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    guard index + 1 < bytes.count else { return false }
    let next = unsafe bytes[index + 1]
    return next == 0x2F || next == 0x21 || next == 0x3F || next > 0x40
  }

  /// The values of the attributes of a tag, each on a line: text hides there too.
  private static func appendValues(
    of tag: Slice<UnsafeBufferPointer<UInt8>>,
    to text: inout [UInt8]
  ) {
    var quote: UInt8 = 0
    for index in unsafe tag.indices {
      let byte = unsafe tag[index]
      if quote == 0 {
        if byte == 0x22 || byte == 0x27 { quote = byte }
      } else if byte == quote {
        quote = 0
        text.append(0x0A)
      } else {
        text.append(byte)
      }
    }
    if quote != 0 { text.append(0x0A) }
  }

  private static let entities: [(name: [UInt8], plain: UInt8)] = [
    (Array("&lt;".utf8), 0x3C), (Array("&gt;".utf8), 0x3E), (Array("&amp;".utf8), 0x26),
    (Array("&quot;".utf8), 0x22), (Array("&apos;".utf8), 0x27),
  ]

  private static func entity(
    _ bytes: UnsafeBufferPointer<UInt8>,
    at index: Int
  ) -> (plain: UInt8, length: Int)? {
    for (name, plain) in entities where index + name.count <= bytes.count {
      if name.indices.allSatisfy({ unsafe bytes[index + $0] == name[$0] }) {
        return (plain, name.count)
      }
    }
    return nil
  }
}
