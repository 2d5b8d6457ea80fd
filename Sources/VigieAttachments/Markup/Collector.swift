import VigieCore
import VigieDocuments
import VigieMarkup

/// Where the readers of markup put what they find in one document.
///
/// A parser calls its reader back, so what is taken out has to live in an object for that time.
final class Collector {
  /// What was taken out so far.
  var extraction: Extraction
  /// The document.
  let place: Place

  private init(_ place: Place, _ limits: DocumentLimits) {
    self.place = place
    extraction = Extraction(limits: limits) { _, _, _ in }
  }

  /// Runs a reader that needs an object, and takes what it found back.
  ///
  /// Such a reader parses markup.
  static func run(
    at place: Place,
    into extraction: inout Extraction,
    _ read: (Collector) -> Void
  ) {
    SeldomUsed.need(.markup)
    var place = place
    place.role = .bodyText
    let collector = Collector(place, extraction.limits)
    swap(&collector.extraction, &extraction)
    collector.hasRoom = collector.extraction.hasRoom
    read(collector)
    swap(&collector.extraction, &extraction)
  }

  /// Whether there is room for more text; kept, as every element asks.
  private(set) var hasRoom = true

  /// Adds a text; white space at its ends is left out.
  func add(_ text: [UInt8], _ role: Role, _ location: String) {
    guard let first = text.firstIndex(where: { $0 > 0x20 }),
      let last = text.lastIndex(where: { $0 > 0x20 })
    else { return }
    let isTrimmed = first > 0 || last < text.count - 1
    extraction.add(
      isTrimmed ? Array(text[first...last]) : text,
      at: place,
      role: role,
      location: location
    )
    hasRoom = extraction.hasRoom
  }

  /// Adds a text; white space at its ends is left out.
  func add(_ text: String, _ role: Role, _ location: String) {
    add(Array(text.utf8), role, location)
  }

  /// Reads a document that lies in this one.
  func open(_ bytes: RawSpan, named name: String) {
    extraction.open(bytes, named: name, in: place)
    hasRoom = extraction.hasRoom
  }

  /// Reads a document that is written in this one as text.
  func open(_ bytes: [UInt8], named name: String, packed: Int) {
    guard extraction.enter(place),
      extraction.unpack(bytes.count, total: bytes.count, packed: packed, at: place)
    else { return }
    unsafe open(bytes.span.bytes, named: name)
  }

  /// Says that something was not read.
  func miss(_ reason: GapReason, _ detail: String, at location: String = "") {
    var place = place
    place.location = location
    extraction.miss(reason, detail, at: place)
  }

  /// Whether there is room to go on; where there is none, a gap says so.
  func mayGoOn() -> Bool {
    if !hasRoom { miss(.limit, "more text than may be taken out of one file") }
    return hasRoom
  }

  /// Says what a parser could not read.
  ///
  /// - Parameters:
  ///   - report: What became of a part.
  ///   - location: The part.
  ///   - isDamageUsual: Whether damage says nothing, as in HTML.
  func note(_ report: MarkupReport, at location: String, isDamageUsual: Bool = false) {
    if report.isDamaged, !isDamageUsual {
      miss(.corrupt, "markup that is not well-formed: read as far as it can be", at: location)
    }
    if report.declaresEntities {
      miss(.unsupported, "entities that the document declares are not expanded", at: location)
    }
    if report.isStopped { _ = mayGoOn() }
    if report.isBeyondLimits {
      miss(.limit, "elements too deep or too many: read without them", at: location)
    }
    if report.hasDoubtfulEncoding {
      miss(.encoding, "an unknown encoding, or bytes that mean nothing in it", at: location)
    }
  }
}

extension [UInt8] {
  /// Appends text that lives only now.
  mutating func append(_ text: Span<UInt8>) {
    unsafe text.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// Ends the line, unless it is empty.
  mutating func endLine() {
    if let last, last != 0x0A { append(0x0A) }
  }
}

extension String {
  /// Whether there is a letter in it, so that it may say something.
  var hasLetters: Bool {
    utf8.contains { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 >= 0x80 }
  }

  /// Whether it is a value of XML Schema or of OOXML for *on*.
  ///
  /// *Source:* ISO/IEC 29500-1 §22.9.2.7 (ST_OnOff).
  var isOn: Bool { self != "0" && self != "false" && self != "off" }

  /// The text between white space at both ends.
  var trimmed: String {
    let bytes = Array(utf8)
    guard let first = bytes.firstIndex(where: { $0 > 0x20 }),
      let last = bytes.lastIndex(where: { $0 > 0x20 })
    else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }
}

extension String {
  /// Whether a word stands in it, byte for byte: a search by characters costs a hundred times more.
  func holds(_ word: StaticString) -> Bool {
    let text = utf8.span
    let count = word.utf8CodeUnitCount
    guard count > 0, text.count >= count else { return false }
    let first = unsafe word.utf8Start[0]
    for start in 0...(text.count - count) where text[start] == first {
      var length = 1
      while length < count, unsafe text[start + length] == word.utf8Start[length] { length += 1 }
      if length == count { return true }
    }
    return false
  }
}
