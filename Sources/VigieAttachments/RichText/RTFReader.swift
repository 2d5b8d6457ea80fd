import VigieCore
import VigieDocuments

/// Reads a document of the Rich Text Format.
///
/// Each destination collects into a buffer of its own, so that a note or a skipped group in the
/// middle of a word neither splits the word nor loses what stood before it.
///
/// *Source:* Rich Text Format 1.9.1; [MS-OXRTFEX] for HTML inside.
struct RTFReader {
  /// A group and what holds in it.
  struct Group {
    /// The buffer that text goes to.
    var sink = 0
    /// Whether the buffer ends with the group.
    var isOwner = false
    /// The code page of bytes.
    var codePage = Charset.western
    /// How many characters stand for a Unicode one, for older readers.
    var substituteCount = 1
    /// Whether text is hidden.
    var isHidden = false
    /// Whether text was deleted under tracked changes.
    var isDeleted = false
    /// Whether text belongs to RTF alone and not to the HTML it was made from.
    var isRTFOnly = false
  }

  /// Text that is collected.
  struct Buffer {
    var kind: RTFDestination.Kind
    var text: [UInt8] = []
  }

  /// Groups inside one another, at most.
  static let maxDepth = 2_000
  /// Bytes that a buffer of no text may collect of an unknown group.
  static let maxIgnoredByteCount = 1 << 16

  let bytes: [UInt8]
  let place: Place
  var index = 0
  var group = Group()
  var groups: [Group] = []
  var buffers: [Buffer] = [Buffer(kind: .story(.bodyText, ""))]
  var hidden: [UInt8] = []
  var deleted: [UInt8] = []
  var fontCodePages: [Int: Int] = [:]
  var counts: [String: Int] = [:]
  var html: [UInt8]?
  var shapeName = ""
  var propertyName = ""
  var isPictureOpen = false

  private var pending: [UInt8] = []
  private var highSurrogate: UInt32?
  private var skipCount = 0
  private var defaultCodePage = Charset.western
  private var defaultFont = -1
  private var tableFont = -1
  private var isStarred = false
  private var isAtStart = false
  private var excessDepth = 0

  /// A reader of a document that lies somewhere.
  init(_ bytes: [UInt8], at place: Place) {
    self.bytes = bytes
    self.place = place
  }

  /// Reads the document.
  mutating func read(into extraction: inout Extraction) {
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case 0x7B: open(into: &extraction)
      case 0x7D: close(into: &extraction)
      case 0x5C: control(into: &extraction)
      case 0x0A, 0x0D, 0x00: break
      default: take(byte)
      }
    }
    flush()
    if !groups.isEmpty {
      // Outlook leaves braces out where it packs HTML; what ends with one was not cut off there.
      if html == nil || bytes.last(where: { $0 > 0x20 }) != 0x7D {
        extraction.miss(.truncated, "RTF document: it ends inside a group", at: place)
      }
      while !groups.isEmpty { endGroup(into: &extraction) }
    }
    finish(into: &extraction)
  }

  // MARK: Groups

  private mutating func open(into extraction: inout Extraction) {
    flush()
    skipCount = 0
    isStarred = false
    guard groups.count < RTFReader.maxDepth else {
      excessDepth += 1
      extraction.miss(.limit, "RTF document: groups lie too deep in one another", at: place)
      return
    }
    groups.append(group)
    group.isOwner = false
    isAtStart = true
  }

  private mutating func close(into extraction: inout Extraction) {
    flush()
    skipCount = 0
    isAtStart = false
    if excessDepth > 0 {
      excessDepth -= 1
      return
    }
    // A brace too many ends the document for some readers; the rest is read all the same.
    if !groups.isEmpty { endGroup(into: &extraction) }
  }

  private mutating func endGroup(into extraction: inout Extraction) {
    guard let outer = groups.popLast() else { return }
    if group.isOwner {
      end(buffers.removeLast(), into: &extraction)
    } else if case .variable = buffers[group.sink].kind, !buffers[group.sink].text.isEmpty {
      buffers[group.sink].text.append(": ")
    }
    group = outer
  }

  /// Starts a destination.
  private mutating func start(_ kind: RTFDestination.Kind, into extraction: inout Extraction) {
    flush()
    // A second destination in the same group ends the first one.
    if group.isOwner { end(buffers.removeLast(), into: &extraction) }
    buffers.append(Buffer(kind: kind))
    group.sink = buffers.count - 1
    group.isOwner = true
  }

  // MARK: Text

  private mutating func take(_ byte: UInt8) {
    isAtStart = false
    if skipCount > 0 {
      skipCount -= 1
      return
    }
    if byte < 0x80 {
      if !pending.isEmpty || highSurrogate != nil { pending.append(byte) } else { emit(byte) }
      // In code pages of two bytes the second may be a letter of ASCII.
      if pending.count > 1 << 16 { flush() }
    } else {
      pending.append(byte)
    }
  }

  /// Decodes the bytes that wait for it.
  private mutating func flush() {
    if highSurrogate != nil {
      highSurrogate = nil
      emit(scalar: 0xFFFD)
    }
    guard !pending.isEmpty else { return }
    let text =
      Charset.decode(pending, group.codePage) ?? Charset.decode(pending, Charset.western) ?? []
    pending.removeAll(keepingCapacity: true)
    emit(text)
  }

  private mutating func emit(_ byte: UInt8) {
    if html == nil, !group.isHidden, !group.isDeleted {
      buffers[group.sink].text.append(byte)
    } else {
      emit([byte])
    }
  }

  /// Adds text to where it belongs.
  private mutating func emit(_ text: [UInt8]) {
    switch buffers[group.sink].kind {
    case .story:
      if html != nil, group.sink == 0, !group.isRTFOnly { html? += text }
      if group.isDeleted {
        deleted += text
      } else if group.isHidden {
        hidden += text
      } else {
        buffers[group.sink].text += text
      }
    case .nothing, .fontTable: break
    case .ignorable where buffers[group.sink].text.count > RTFReader.maxIgnoredByteCount: break
    default: buffers[group.sink].text += text
    }
  }

  private mutating func emit(scalar: UInt32) {
    var text: [UInt8] = []
    text.append(scalar: scalar)
    emit(text)
  }

  /// Adds a character of a control word.
  private mutating func add(_ scalar: UInt32) {
    if skipCount > 0 {
      skipCount -= 1
      return
    }
    flush()
    emit(scalar: scalar)
  }

  // MARK: Controls

  private mutating func control(into extraction: inout Extraction) {
    guard index < bytes.count else { return }
    let byte = bytes[index]
    guard byte.isLetter else {
      index += 1
      return symbol(byte)
    }
    let start = index
    while index < bytes.count, bytes[index].isLetter, index - start < 64 { index += 1 }
    let word = String(decoding: bytes[start..<index], as: UTF8.self)
    var number: Int?
    let isNegative = index < bytes.count && bytes[index] == 0x2D
    if isNegative { index += 1 }
    while index < bytes.count, bytes[index].isDigit {
      number = min((number ?? 0) * 10 + Int(bytes[index] & 0xF), 1 << 31)
      index += 1
    }
    if isNegative { number = number.map { -$0 } }
    if index < bytes.count, bytes[index] == 0x20 { index += 1 }
    if skipCount > 0, word != "bin", word != "u" {
      skipCount -= 1
      return
    }
    perform(word, number, into: &extraction)
    isStarred = false
    isAtStart = false
  }

  /// A control symbol.
  ///
  /// *Source:* RTF 1.9.1, "Special Characters".
  private mutating func symbol(_ byte: UInt8) {
    if byte == 0x27 {
      guard index + 1 < bytes.count, let high = bytes[index].hexValue,
        let low = bytes[index + 1].hexValue
      else { return }
      index += 2
      isAtStart = false
      if skipCount > 0 {
        skipCount -= 1
      } else {
        // Bytes of one character may be written both ways: all of them wait.
        pending.append(high << 4 | low)
      }
      return
    }
    if byte == 0x2A {
      isStarred = isAtStart
      return
    }
    isAtStart = false
    switch byte {
    case 0x5C, 0x7B, 0x7D: take(byte)
    case 0x7E: add(0xA0)
    case 0x5F: add(0x2011)
    case 0x0A, 0x0D: add(0x0A)
    default: break
    }
  }

  private mutating func perform(
    _ word: String,
    _ number: Int?,
    into extraction: inout Extraction
  ) {
    switch word {
    case "u": unicode(number ?? 0)
    case "uc": group.substituteCount = max(0, min(number ?? 1, 64))
    case "bin": index = min(bytes.count, index + max(0, number ?? 0))
    case "f": setFont(number ?? 0)
    case "fcharset":
      if case .fontTable = buffers[group.sink].kind {
        fontCodePages[tableFont] = Charset.ofFontCharset(number ?? 1)
      }
    case "cpg":
      if case .fontTable = buffers[group.sink].kind { fontCodePages[tableFont] = number }
    case "ansicpg", "mac", "pc", "pca":
      flush()
      let named = word == "mac" ? 10000 : word == "pc" ? 437 : word == "pca" ? 850 : number ?? 0
      if named > 0 {
        defaultCodePage = named
        group.codePage = named
      }
    case "deff": defaultFont = number ?? -1
    case "plain":
      flush()
      group.isHidden = false
      group.isDeleted = false
      group.codePage = fontCodePages[defaultFont] ?? defaultCodePage
    case "v":
      flush()
      group.isHidden = number != 0
    case "deleted":
      flush()
      group.isDeleted = number != 0
    case "htmlrtf":
      flush()
      group.isRTFOnly = number != 0
    case "fromhtml": if number != 0, html == nil { html = [] }
    case "ftnalt":
      if case .story(.footnote, _) = buffers[group.sink].kind {
        buffers[group.sink].kind = .story(.footnote, "endnote")
      }
    case "pngblip", "jpegblip", "emfblip", "wmetafile":
      if case .picture = buffers[group.sink].kind { isPictureOpen = true }
    case "macpict", "dibitmap", "wbitmap":
      if case .picture = buffers[group.sink].kind {
        extraction.miss(.unsupported, "picture of an old kind (PICT, DIB) not read", at: place)
      }
    default: performText(word, into: &extraction)
    }
  }

  private mutating func performText(_ word: String, into extraction: inout Extraction) {
    if let scalar = RTFReader.characters[word] { return add(scalar) }
    // A comment of the information group; elsewhere the word means nothing.
    if let kind = RTFDestination.kinds[word] { return start(kind, into: &extraction) }
    guard isStarred, !RTFDestination.transparent.contains(word) else { return }
    start(.ignorable, into: &extraction)
  }

  private mutating func unicode(_ number: Int) {
    // Numbers are signed; those above 32,767 are written as negative ones.
    let unit = UInt32(truncatingIfNeeded: number) & 0xFFFF
    skipCount = 0
    if let high = highSurrogate, unit & 0xFC00 == 0xDC00 {
      highSurrogate = nil
      flush()
      emit(scalar: 0x10000 + (high - 0xD800) << 10 + (unit - 0xDC00))
    } else {
      flush()
      if unit & 0xFC00 == 0xD800 { highSurrogate = unit } else { emit(scalar: unit) }
    }
    skipCount = group.substituteCount
  }

  private mutating func setFont(_ number: Int) {
    if case .fontTable = buffers[group.sink].kind {
      tableFont = number
      return
    }
    flush()
    group.codePage = fontCodePages[number] ?? defaultCodePage
  }

  /// Control words that stand for a character.
  private static let characters: [String: UInt32] = [
    "par": 0x0A, "line": 0x0A, "sect": 0x0A, "page": 0x0A, "column": 0x0A, "row": 0x0A,
    "nestrow": 0x0A, "cell": 0x0A, "nestcell": 0x0A, "softpage": 0x0A, "softline": 0x0A,
    "tab": 0x09, "emdash": 0x2014, "endash": 0x2013, "lquote": 0x2018, "rquote": 0x2019,
    "ldblquote": 0x201C, "rdblquote": 0x201D, "bullet": 0x2022, "emspace": 0x2003,
    "enspace": 0x2002, "qmspace": 0x2005,
  ]
}
