import VigieCore
import VigieDocuments

/// The letters that stand in a file whose order is lost: the texts of old Office and Outlook are not packed.
enum LooseText {
  /// Letters that follow one another, at least: fewer are mostly no text.
  private static let minCount = 8

  /// Adds what stands there in UTF-16, then what stands there in bytes.
  static func add(_ file: Octets, at place: Place, to extraction: inout Extraction) {
    let wide = lines(of: file, width: 2) { offset in
      file.u16(offset).flatMap { isText($0) ? UInt32($0) : nil }
    }
    let narrow = lines(of: file, width: 1) { offset in
      file.u8(offset).flatMap { (0x20...0x7E).contains($0) || $0 >= 0xC0 ? UInt32($0) : nil }
    }
    for text in [wide, narrow] where !text.isEmpty {
      extraction.add(text, at: place, role: .bodyText, location: "damaged file")
    }
  }

  /// Runs of letters, each on a line.
  private static func lines(
    of file: Octets,
    width: Int,
    _ letter: (Int) -> UInt32?
  ) -> [UInt8] {
    var result: [UInt8] = []
    var run: [UInt32] = []
    func finish() {
      // Code and pictures have letters too, but few of the alphabet one after the other.
      let words = run.count {
        $0 == 0x20 || $0 >= 0x41 && $0 <= 0x5A || $0 >= 0x61 && $0 <= 0x7A || $0 >= 0xC0
      }
      if run.count >= minCount, words * 4 >= run.count * 3 {
        for scalar in run { result.append(scalar: scalar) }
        result.append(0x0A)
      }
      run.removeAll(keepingCapacity: true)
    }
    for offset in stride(from: 0, to: file.count, by: width) {
      if let scalar = letter(offset) { run.append(scalar) } else { finish() }
    }
    finish()
    return result
  }

  /// Whether a unit of UTF-16 is of an alphabet of Europe or a mark of its texts.
  private static func isText(_ unit: Int) -> Bool {
    switch unit {
    case 0x20...0x7E, 0xA0...0x24F, 0x370...0x52F, 0x2010...0x203A, 0x20AC: true
    default: false
    }
  }
}
