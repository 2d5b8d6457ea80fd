import Glibc

/// The head of a file as formats look at it before one of them reads it: words are sought byte by
/// byte, for there are many of them and none may cost a start of the program.
struct HeadText {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The first byte that is neither white space nor of a byte order mark.
  var first: UInt8? { bytes.first { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF } }

  /// Whether it holds a word.
  func contains(_ word: String) -> Bool { index(of: Array(word.utf8), from: 0) != nil }

  /// The numbers that stand behind a word wherever it does, at most so many of them.
  ///
  /// Up to sixteen bytes that are no digits may stand between.
  func numbers(after word: String, limit: Int) -> [Int] {
    let word = Array(word.utf8)
    var numbers: [Int] = []
    var start = 0
    while numbers.count < limit, let found = index(of: word, from: start) {
      start = found + word.count
      let rest = bytes[start...]
      let digits = rest.prefix(16).drop { !HeadText.isDigit($0) }
      guard let first = digits.indices.first else { continue }
      let text = String(decoding: rest[first...].prefix(while: HeadText.isDigit), as: UTF8.self)
      if let number = Int(text) { numbers.append(number) }
    }
    return numbers
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private func index(of word: [UInt8], from start: Int) -> Int? {
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe word.withUnsafeBytes { word in
        guard let base = bytes.baseAddress, let sought = word.baseAddress, word.count > 0 else {
          return nil
        }
        var index = start
        while index + word.count <= bytes.count {
          let rest = bytes.count - index - word.count + 1
          guard let found = unsafe memchr(base + index, Int32(word[0]), rest) else { return nil }
          if unsafe memcmp(found, sought, word.count) == 0 {
            return unsafe UnsafeRawPointer(found) - base
          }
          index = unsafe UnsafeRawPointer(found) - base + 1
        }
        return nil
      }
    }
  }
}
