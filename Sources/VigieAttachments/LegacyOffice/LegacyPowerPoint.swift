import VigieCore
import VigieDocuments

/// Presentations of PowerPoint 97 to 2003: a tree of records, of which the last save says which are
/// in use.
///
/// *Source:* [MS-PPT] §2.1.2 (streams), §2.3.1 (records), §2.13.24 (record types).
struct LegacyPowerPoint {
  private var stream: Octets
  private let currentUser: Octets?
  private let place: Place
  /// The lock of the presentation, where it has one that PowerPoint opens by itself.
  private(set) var lock: PresentationLock?

  /// Where each object of the last save lies, by its number.
  private var objects: [Int: Int] = [:]
  /// Slides and their notes by the number of their object: what to call them.
  private var names: [Int: String] = [:]
  /// What the outline holds of each slide.
  private var outlines: [Int: [UInt8]] = [:]
  private var masterCount = 0
  private var slideCount = 0
  private var objectCount = 0

  /// How the names of PowerPoint's own tags start.
  private static let tag = Array("___PPT".utf8)

  /// Record types.
  enum Record {
    static let document = 1000, slide = 1006, notes = 1008, mainMaster = 1016, handout = 4041
    static let slideList = 4080, slidePersist = 1011, notesAtom = 1009, slideInfo = 1017
    static let textCharacters = 4000, textBytes = 4008, string = 4026, headersFooters = 4057
    static let placeholder = 3011, clientTextbox = 0xF00D, shape = 0xF004
    static let comment = 12000, link = 4055, oleStorage = 4113, persistDirectory = 6002
    static let userEdit = 4085, cryptSession = 12052, drawing = 1036, shapeGroup = 0xF003
    static let textHeader = 3999, tagData = 5003
    /// Records that stand by themselves in the stream.
    static let tops: Set<Int> = [
      document, slide, notes, mainMaster, handout, oleStorage, persistDirectory, userEdit,
      cryptSession,
    ]
  }

  /// A presentation of its streams.
  init(stream: Octets, currentUser: Octets?, place: Place) {
    self.stream = stream
    self.currentUser = currentUser
    self.place = place
  }

  /// Reads the presentation.
  mutating func read(into extraction: inout Extraction) {
    // *Source:* [MS-PPT] §2.3.2 (CurrentUserAtom): the token of an encrypted document.
    if let currentUser, currentUser.u32(12) == 0xF3D1_C4DF {
      lock = PresentationLock(stream, currentUser: currentUser)
      guard let lock else { return sayLocked(&extraction) }
      stream = lock.opened(stream)
    }
    var tops: [(offset: Int, type: Int, body: Octets)] = []
    var offset = 0
    while let type = stream.u16(offset + 2), let length = stream.u32(offset + 4) {
      if type == 0, let next = recordAfterZeros(from: offset) {
        offset = next
        continue
      }
      let body = stream.clamped(offset + 8, length)
      if body.count < length {
        extraction.miss(.truncated, "presentation: it ends inside a record", at: place)
      }
      if type == Record.persistDirectory {
        objects.merge(LegacyPowerPoint.directory(body)) { _, later in later }
      }
      if type == Record.cryptSession, lock == nil { return sayLocked(&extraction) }
      tops.append((offset, type, body))
      offset += 8 + length
    }
    let live = Set(objects.values)
    // A document without a directory is damaged: then everything is in use.
    func isLive(_ offset: Int) -> Bool { live.isEmpty || live.contains(offset) }
    let numbers = Dictionary(objects.map { ($0.value, $0.key) }) { first, _ in first }
    for top in tops where top.type == Record.document && isLive(top.offset) {
      readDocument(top.body, into: &extraction)
    }
    for top in tops {
      guard extraction.hasRoom else { return }
      let isLive = isLive(top.offset)
      switch top.type {
      case Record.document where !isLive:
        readOutline(top.body, into: &extraction)
      case Record.slide, Record.notes, Record.mainMaster, Record.handout:
        let number = numbers[top.offset] ?? -1
        readPage(top.type, top.body, number: number, isLive: isLive, into: &extraction)
      case Record.oleStorage:
        let instance = (stream.u16(top.offset) ?? 0) >> 4
        openObject(top.body, isPacked: instance == 1, into: &extraction)
      default: break
      }
    }
  }

  private func sayLocked(_ extraction: inout Extraction) {
    extraction.miss(.encrypted, "presentation encrypted with a password", at: place)
  }

  /// Where the next record starts after zeros, with which PowerPoint fills its stream, or the end of the
  /// stream; `nil` where something stands there that is no record.
  private func recordAfterZeros(from offset: Int) -> Int? {
    let rest = stream.clamped(offset).bytes
    guard let first = rest.firstIndex(where: { $0 != 0 }) else { return stream.count }
    let start = offset + (first - rest.startIndex)
    // The version and instance of a record may be zeros too.
    return [start, start - 2].first { place in
      guard place >= offset, let type = stream.u16(place + 2), let length = stream.u32(place + 4)
      else { return false }
      return Record.tops.contains(type) && length <= stream.count - place - 8
    }
  }

  /// Where objects lie, by their numbers; a later save says it anew.
  ///
  /// *Source:* [MS-PPT] §2.3.4, §2.3.5.
  static func directory(_ body: Octets) -> [Int: Int] {
    var objects: [Int: Int] = [:]
    var offset = 0
    while let entry = body.u32(offset) {
      offset += 4
      let first = entry & 0xF_FFFF
      for index in 0..<(entry >> 20) {
        guard let position = body.u32(offset) else { return objects }
        objects[first + index] = position
        offset += 4
      }
    }
    return objects
  }

  // MARK: The document

  private mutating func readDocument(_ body: Octets, into extraction: inout Extraction) {
    for record in Records(body) {
      switch record.type {
      case Record.slideList where record.instance == 0 || record.instance == 2:
        readList(record.body, isNotes: record.instance == 2)
      case Record.headersFooters:
        let what = record.instance == 4 ? "notes" : "slides"
        readHeadersFooters(record.body, "\(what) ", role: nil, into: &extraction)
      case Record.slideList, 1035: break
      default: readLoose(record, into: &extraction)
      }
    }
  }

  /// Slides in their order, with the text that their outline holds.
  private mutating func readList(_ body: Octets, isNotes: Bool) {
    var current = -1
    var count = 0
    var text: [UInt8] = []
    for record in Records(body) {
      switch record.type {
      case Record.slidePersist:
        if current >= 0, !text.isEmpty { outlines[current] = text }
        text = []
        count += 1
        current = record.body.u32(0) ?? -1
        names[current] = isNotes ? "slide \(count) notes" : "slide \(count)"
      case Record.textCharacters, Record.textBytes:
        if !text.isEmpty { text.append(0x0A) }
        text += LegacyPowerPoint.text(of: record)
      default: break
      }
    }
    if current >= 0, !text.isEmpty { outlines[current] = text }
  }

  /// The outline of a save before the last.
  private func readOutline(_ body: Octets, into extraction: inout Extraction) {
    var lines: [[UInt8]] = []
    collect(body, 0, into: &lines)
    let text = Array(lines.joined(separator: [0x0A]))
    extraction.add(text, at: place, role: .hidden, location: "earlier version")
  }

  /// All text atoms of a tree.
  private func collect(_ body: Octets, _ depth: Int, into lines: inout [[UInt8]]) {
    for record in Records(body) {
      switch record.type {
      case Record.textCharacters, Record.textBytes, Record.string:
        lines.append(LegacyPowerPoint.text(of: record))
      case _ where record.isContainer && depth < 20:
        collect(record.body, depth + 1, into: &lines)
      default: break
      }
    }
  }

  /// Links and other strings of the document that belong to no slide.
  private func readLoose(_ record: Records.Element, into extraction: inout Extraction) {
    guard record.isContainer else { return }
    var lines: [[UInt8]] = []
    collect(record.body, 0, into: &lines)
    let text = Array(
      lines.filter { !$0.isEmpty && !$0.starts(with: LegacyPowerPoint.tag) }.joined(separator: [
        0x0A
      ])
    )
    // The list of external objects has the number 1033. *Source:* [MS-PPT] §2.13.24.
    let role: Role = record.type == 1033 ? .link : .metadata
    let location = record.type == 1033 ? "links and objects" : "document settings"
    extraction.add(text, at: place, role: role, location: location)
  }

  // MARK: Pages

  private mutating func readPage(
    _ type: Int,
    _ body: Octets,
    number: Int,
    isLive: Bool,
    into extraction: inout Extraction
  ) {
    var name = names[number] ?? ""
    if !isLive {
      name = "earlier version of a page"
    } else if name.isEmpty {
      switch type {
      case Record.slide where objects.isEmpty:
        // Without the list of slides their order in the file has to do.
        slideCount += 1
        name = "slide \(slideCount)"
      case Record.mainMaster, Record.slide:
        masterCount += 1
        name = "slide master \(masterCount)"
      case Record.notes: name = "notes master"
      default: name = "handout master"
      }
    }
    var isHidden = !isLive
    for record in Records(body) where record.type == Record.slideInfo {
      // fHidden. *Source:* [MS-PPT] §2.6.6 (SlideShowSlideInfoAtom).
      if (record.body.u16(10) ?? 0) & 4 != 0 { isHidden = true }
    }
    let story: Role = isHidden ? .hidden : type == Record.notes ? .notes : .bodyText
    var page = SlideText(outline: outlines[number] ?? [])
    page.read(body)
    extraction.add(page.body, at: place, role: story, location: name)
    for (index, text) in page.boxes.enumerated() {
      let role: Role = isHidden ? .hidden : type == Record.notes ? .notes : .textBox
      let location = type == Record.notes ? name : "\(name) text box \(index + 1)"
      extraction.add(text, at: place, role: role, location: location)
    }
    for text in page.headers {
      extraction.add(text, at: place, role: isHidden ? .hidden : .header, location: name)
    }
    for text in page.footers {
      extraction.add(text, at: place, role: isHidden ? .hidden : .footer, location: name)
    }
    page.art.add(at: place, prefix: name + " ", to: &extraction)
    readExtras(body, name, 0, isHidden: isHidden, into: &extraction)
  }

  /// Headers, footers, comments and tags of a page.
  private func readExtras(
    _ body: Octets,
    _ name: String,
    _ depth: Int,
    isHidden: Bool,
    into extraction: inout Extraction
  ) {
    var commentCount = 0
    for record in Records(body) {
      switch record.type {
      case Record.headersFooters:
        let role: Role? = isHidden ? .hidden : nil
        readHeadersFooters(record.body, name + " ", role: role, into: &extraction)
      case Record.comment:
        commentCount += 1
        for part in Records(record.body) where part.type == Record.string {
          let text = LegacyPowerPoint.text(of: part)
          let location = "\(name) comment \(commentCount)"
          let role: Role = part.instance == 1 ? .comment : .metadata
          extraction.add(text, at: place, role: role, location: location)
        }
      case Record.drawing: break
      case Record.string:
        let text = LegacyPowerPoint.text(of: record)
        if text.starts(with: LegacyPowerPoint.tag) { break }
        extraction.add(text, at: place, role: .metadata, location: name + " name")
      // What PowerPoint 2002 added, comments among it, are records in an atom.
      case _ where (record.isContainer || record.type == Record.tagData) && depth < 12:
        readExtras(record.body, name, depth + 1, isHidden: isHidden, into: &extraction)
      default: break
      }
    }
  }

  /// *Source:* [MS-PPT] §2.4.15.2 (SlideHeadersFootersContainer): the instance of a string says
  /// which it is.
  private func readHeadersFooters(
    _ body: Octets,
    _ prefix: String,
    role: Role?,
    into extraction: inout Extraction
  ) {
    for record in Records(body) where record.type == Record.string {
      let text = LegacyPowerPoint.text(of: record)
      switch record.instance {
      case 0: extraction.add(text, at: place, role: role ?? .footer, location: prefix + "date")
      case 1: extraction.add(text, at: place, role: role ?? .header, location: prefix + "header")
      default: extraction.add(text, at: place, role: role ?? .footer, location: prefix + "footer")
      }
    }
  }

  /// Opens an embedded document.
  ///
  /// *Source:* [MS-PPT] §2.10.34 (ExOleObjStg).
  private mutating func openObject(
    _ body: Octets,
    isPacked: Bool,
    into extraction: inout Extraction
  ) {
    objectCount += 1
    var inner = place
    inner.path.append("object \(objectCount)")
    guard isPacked else { return extraction.openPart(body.array, named: "", in: inner) }
    // A zlib header of two bytes stands before the deflated data.
    extraction.openDeflated(body.clamped(6), expected: body.u32(0) ?? 0, at: inner)
  }

  /// The text of an atom; paragraphs end with a line feed.
  static func text(of record: Records.Element) -> [UInt8] {
    let text =
      record.type == Record.textBytes
      ? BIFFText.decode(record.body, isWide: false) : record.body.utf16Decoded
    return text.map { $0 == 0x0D || $0 == 0x0B ? 0x0A : $0 }.filter { $0 != 0 }
  }
}

/// The records of a container of PowerPoint and of Office drawings.
struct Records: Sequence, IteratorProtocol {
  /// A record.
  struct Element {
    var type: Int
    var instance: Int
    var isContainer: Bool
    var body: Octets
  }

  private let bytes: Octets
  private var offset = 0

  /// The records of some bytes.
  init(_ bytes: Octets) { self.bytes = bytes }

  mutating func next() -> Element? {
    guard let header = bytes.u16(offset), let type = bytes.u16(offset + 2),
      let length = bytes.u32(offset + 4)
    else { return nil }
    let body = bytes.clamped(offset + 8, length)
    offset += 8 + length
    return Element(
      type: type,
      instance: header >> 4,
      isContainer: header & 0xF == 0xF,
      body: body
    )
  }
}
