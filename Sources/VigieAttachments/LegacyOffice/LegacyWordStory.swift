/// The text of one story, parted into what is shown, what is hidden and what was deleted.
struct LegacyWordStory {
  /// What a reader sees, UTF-8; paragraphs end with a line feed.
  private(set) var text: [UInt8] = []
  /// Hidden characters.
  private(set) var hidden: [UInt8] = []
  /// Characters that a tracked change deletes.
  private(set) var deleted: [UInt8] = []
  /// The instructions of fields.
  private(set) var fields: [[UInt8]] = []

  /// Instructions that are open around a character; `nil` where the result of the field began.
  private var open: [[UInt8]?] = []

  /// Reads a story.
  ///
  /// - Parameters:
  ///   - units: Its UTF-16.
  ///   - marks: Its hidden and deleted runs by offset in the story, ascending.
  init(_ units: ArraySlice<UInt16>, _ marks: [(range: Range<Int>, mark: LegacyWord.Mark)]) {
    text.reserveCapacity(units.count + units.count / 8)
    var next = marks[...]
    var high: UInt16?
    for (offset, unit) in units.enumerated() {
      while let first = next.first, first.range.upperBound <= offset { next.removeFirst() }
      let mark = next.first.flatMap { $0.range.contains(offset) ? $0.mark : nil }
      if let lead = high {
        high = nil
        if unit & 0xFC00 == 0xDC00 {
          let value = 0x10000 + UInt32(lead & 0x3FF) << 10 + UInt32(unit & 0x3FF)
          append(value, mark)
          continue
        }
        append(0xFFFD, mark)
      }
      if unit & 0xFC00 == 0xD800 { high = unit } else { take(unit, mark) }
    }
    while !open.isEmpty { endField() }
  }

  /// Takes a character, which may be one of Word's own.
  ///
  /// *Source:* [MS-DOC] §2.4.1, special characters; §2.8.25 (Plcfld) for fields.
  private mutating func take(_ unit: UInt16, _ mark: LegacyWord.Mark?) {
    switch unit {
    case 0x13: open.append([])
    case 0x14: endInstruction()
    case 0x15: endField()
    case 0x0D, 0x0B, 0x0C, 0x0E, 0x07: append(0x0A, mark)
    case 0x09: append(0x09, mark)
    case 0x1E: append(0x2011, mark)
    // Optional hyphens and the places of pictures, notes and comments show nothing inside a word.
    case 0x00...0x1F: break
    default: append(UInt32(unit), mark)
    }
  }

  private mutating func append(_ value: UInt32, _ mark: LegacyWord.Mark?) {
    if let last = open.last, last != nil {
      open[open.count - 1]?.append(scalar: value)
      return
    }
    switch mark {
    case .hidden: hidden.append(scalar: value)
    case .deleted: deleted.append(scalar: value)
    case nil: text.append(scalar: value)
    }
  }

  private mutating func endInstruction() {
    guard let last = open.last, let instruction = last else { return }
    keep(instruction)
    open[open.count - 1] = nil
  }

  private mutating func endField() {
    guard let last = open.popLast(), let instruction = last else { return }
    keep(instruction)
  }

  private mutating func keep(_ instruction: [UInt8]) {
    // Page numbers and the like say nothing.
    let name = instruction.trimmed.prefix { $0.isLetter }.map(\.lowercased)
    let silent = [
      "page", "numpages", "ref", "pageref", "toc", "seq", "date", "time", "sectionpages",
    ]
    if fields.count < 10_000, !name.isEmpty, !silent.contains(name.string) {
      fields.append(instruction)
    }
  }
}
