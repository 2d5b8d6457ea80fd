import Testing

@testable import VigieOCR

@Suite("Recognized text")
struct RecognizedTextTests {
  private func text(_ lines: [[(String, Float)]]) -> String {
    var text = RecognizedText()
    for line in lines {
      for (index, word) in line.enumerated() {
        text.add(word.0, confidence: word.1, startsLine: index == 0)
      }
    }
    text.endLine()
    return text.text
  }

  @Test("words that the reader is sure of stand in lines")
  func sure() {
    let lines: [[(String, Float)]] = [
      [("DIFFUSION", 96), ("RESTREINTE", 91)], [("Compte", 62), ("rendu", 88)],
    ]
    #expect(text(lines) == "DIFFUSION RESTREINTE\nCompte rendu\n")
  }

  @Test("rubble is dropped: unsure words, unsure lines, short words that are not quite sure")
  func rubble() {
    #expect(text([[("~|;", 12), ("Secret", 20)]]) == "")
    #expect(text([[("DR", 65)]]) == "")
    #expect(text([[("DR", 92)]]) == "DR\n")
    #expect(text([[("réunion", 90), ("du", 40), ("3", 88), ("mars", 91)]]) == "réunion 3 mars\n")
    // One sure word does not carry a line of rubble.
    #expect(text([[("DR", 95), ("wxyzwvq", 22), ("lkjhgf", 18)]]) == "")
    #expect(text([]) == "")
  }
}

@Suite("Orientation of photographs")
struct ExifOrientationTests {
  /// A JPEG file with EXIF data that say one thing.
  private func photograph(_ orientation: UInt8, isLittle: Bool) -> [UInt8] {
    let tiff: [UInt8] =
      isLittle
      ? [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
      : [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
    let data = Array("Exif\0\0".utf8) + tiff + [0, 0, 0, 0]
    let comment: [UInt8] = [0xFF, 0xFE, 0, 4, 0x61, 0x62]
    return [0xFF, 0xD8] + comment + [0xFF, 0xE1, 0, UInt8(data.count + 2)] + data + [0xFF, 0xDA]
  }

  private func orientation(_ bytes: [UInt8]) -> Int {
    unsafe ExifOrientation.find(in: bytes.span.bytes)
  }

  @Test("is found in either order of bytes", arguments: 1...8)
  func found(_ value: Int) {
    #expect(orientation(photograph(UInt8(value), isLittle: true)) == value)
    #expect(orientation(photograph(UInt8(value), isLittle: false)) == value)
  }

  @Test("is upright where nothing is said, and wherever the file was cut")
  func upright() {
    #expect(orientation([]) == 1)
    #expect(orientation(photograph(9, isLittle: true)) == 1)
    #expect(orientation(Array("GIF89a".utf8)) == 1)
    let whole = photograph(6, isLittle: false)
    for count in 0..<(whole.count - 12) {
      #expect([1, 6].contains(orientation(Array(whole.prefix(count)))))
    }
  }
}
