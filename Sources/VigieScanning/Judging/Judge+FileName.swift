import VigieText
import VigieUnicode

/// Names of files that a text gives: what stands in one marks the file, in a sentence too.
extension Judge {
  /// How far after a match the ending of a file's name is sought, bytes.
  private static let fileNameReach = 120

  /// How many blanks may stand there: *DR_plan du site.pdf*.
  private static let fileNameBlanks = 3

  /// Whether a match stands in the name of a file: nothing but letters, digits and the signs that join them
  /// follows it up to an ending of a document, a picture or an archive.
  func isInFileName(_ text: Span<UInt8>, _ match: Range<Int>) -> Bool {
    guard signs.mayHold(0x2E) else { return false }
    let end = min(text.count, match.upperBound + Judge.fileNameReach)
    guard match.upperBound < end, Judge.joinsFileName(text[match.upperBound]) else { return false }
    var index = match.upperBound
    var blanks = 0
    while index < end {
      if text[index] == 0x20, blanks < Judge.fileNameBlanks, index + 1 < end,
        Judge.isLetter(text[index + 1])
      {
        blanks += 1
        index += 1
        continue
      }
      guard Judge.isInFileName(text[index]) else { return false }
      if text[index] == 0x2E, let length = Judge.endingLength(text, index + 1),
        index + 1 + length == text.count || !Judge.isLetter(text[index + 1 + length])
      {
        return true
      }
      index += 1
    }
    return false
  }

  /// Endings of files that people send, in small letters.
  private static let fileEndings: [StaticString] = [
    "pdf", "docx", "doc", "xlsx", "xls", "xlsm", "pptx", "ppt", "odt", "ods", "odp", "rtf", "txt",
    "csv",
    "zip", "7z", "msg", "eml", "jpg", "jpeg", "png", "tif", "tiff", "dwg", "kmz", "kml", "md",
  ]

  /// The length of the ending of a file that stands at a byte, or `nil`.
  private static func endingLength(_ text: Span<UInt8>, _ start: Int) -> Int? {
    var length = 0
    for ending in fileEndings where ending.utf8CodeUnitCount > length {
      let count = ending.utf8CodeUnitCount
      guard start + count <= text.count else { continue }
      var offset = 0
      while offset < count, unsafe text[start + offset] | 0x20 == ending.utf8Start[offset] {
        offset += 1
      }
      if offset == count { length = count }
    }
    return length == 0 ? nil : length
  }

  /// Whether a byte parts the words of a file's name.
  private static func joinsFileName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ")"),
      UInt8(ascii: "]"):
      true
    default: false
    }
  }

  private static func isInFileName(_ byte: UInt8) -> Bool {
    isLetter(byte) || joinsFileName(byte) || byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[")
      || byte == UInt8(ascii: "+")
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
    default: false
    }
  }
}
