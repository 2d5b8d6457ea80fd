import Glibc

/// Texts to measure on: records of a length (32 bits, little-endian) and as many bytes.
struct Records {
  /// How many bytes a block has at least.
  static let blockCount = 65_536

  var texts: [[UInt8]] = []

  var byteCount: Int { texts.reduce(0) { $0 + $1.count } }

  /// Reads a file of records; `nil` where there is none, or it is cut short.
  init?(path: String) {
    guard let file = unsafe fopen(path, "rb") else { return nil }
    defer { unsafe fclose(file) }
    var header: [UInt8] = [0, 0, 0, 0]
    while unsafe fread(&header, 1, 4, file) == 4 {
      let count = header.reversed().reduce(0) { $0 << 8 | Int($1) }
      var text = [UInt8](repeating: 0, count: count)
      if unsafe count > 0 && fread(&text, 1, count, file) != count { return nil }
      texts.append(text)
    }
  }

  /// The texts joined by line feeds into blocks.
  var blocks: [[UInt8]] {
    var blocks: [[UInt8]] = []
    var block: [UInt8] = []
    for text in texts {
      block += text
      block.append(0x0A)
      if block.count >= Records.blockCount {
        blocks.append(block)
        block = []
      }
    }
    if !block.isEmpty { blocks.append(block) }
    return blocks
  }
}
