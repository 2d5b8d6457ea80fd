import VigieCore
import VigieDocuments

/// Reads the storages of a compound file, each as the document it is.
struct StorageReader {
  /// The file.
  var file: CompoundFile
  /// The names of named properties of an Outlook message, once they were read.
  var messageNames: [Int: String]?
  /// Whether nothing was found in the outermost storage that says what the document is.
  private(set) var isUnknown = false
  /// How many storages lie around what is read now.
  private var depth = 0

  /// Storages inside one another that are read, at most.
  private static let maxDepth = 20

  /// A reader of a file.
  init(file: CompoundFile) { self.file = file }

  /// Storages that hold nothing a person wrote: keys, signatures, the state of controls.
  private static let silent: Set<String> = [
    "\u{6}dataspaces", "_signatures", "_xmlsignatures", "macros", "_vba_project_cur", "vba",
  ]

  /// Reads a storage.
  ///
  /// - Parameters:
  ///   - storage: Its number in the directory.
  ///   - place: The document that it is.
  ///   - extraction: Where texts and gaps go.
  mutating func read(_ storage: Int, at place: Place, into extraction: inout Extraction) {
    guard depth < StorageReader.maxDepth else {
      return extraction.miss(.limit, "storages lie too deep in one another", at: place)
    }
    depth += 1
    defer { depth -= 1 }
    var isKnown = false
    var lock: StreamLock?
    var pictures = file.stream("Pictures", in: storage)
    if readProtection(storage, at: place, into: &extraction) { isKnown = true }
    if file.entry("__properties_version1.0", in: storage) != nil {
      readMessage(storage, at: place, into: &extraction)
      isKnown = true
    }
    if let main = file.stream("WordDocument", in: storage) {
      let tables = [0, 1].map { file.stream("\($0)Table", in: storage) ?? Octets([]) }
      var word = LegacyWord(main: main, tables: tables, place: place)
      word.read(into: &extraction)
      if let data = file.stream("Data", in: storage) {
        BLIP.openInline(data, at: place, into: &extraction)
      }
      isKnown = true
    }
    for name in ["Workbook", "Book"] {
      guard let book = file.stream(name, in: storage) else { continue }
      var excel = LegacyExcel(place: place)
      excel.read(book, into: &extraction)
      if case .stream(let found) = excel.lock { lock = found }
      isKnown = true
    }
    if let words = file.stream("Text_Content", in: storage) {
      // PowerPoint 95, whose stream is of no known kind, keeps a list of its texts for searches.
      let text = Charset.decode(words.bytes, Charset.western) ?? []
      extraction.add(text.map { $0 == 0x0D ? 0x0A : $0 }, at: place, role: .bodyText)
      let detail = "presentation of PowerPoint 95: only its list of texts was read"
      extraction.miss(.unsupported, detail, at: place)
      isKnown = true
    } else if let main = file.stream("PowerPoint Document", in: storage) {
      let user = file.stream("Current User", in: storage)
      var slides = LegacyPowerPoint(stream: main, currentUser: user, place: place)
      slides.read(into: &extraction)
      lock = slides.lock?.lock
      if let lock = slides.lock { pictures = pictures.map(lock.openedPictures) }
      isKnown = true
    }
    readProperties(storage, lock, at: place, into: &extraction)
    if readEmbedded(storage, at: place, into: &extraction) { isKnown = true }
    if let pictures { BLIP.open(pictures, at: place, into: &extraction) }
    if readMacros(storage, at: place, into: &extraction) { isKnown = true }
    readNested(storage, at: place, into: &extraction)
    if !isKnown, openStreams(storage, at: place, into: &extraction) { isKnown = true }
    if file.storage("MsoDataStore", in: storage) != nil { isKnown = true }
    if depth == 1 { isUnknown = !isKnown }
    // A damaged directory says nothing about the program.
    if isUnknown, depth == 1, !file.isDamaged, !file.entries[storage].children.isEmpty {
      let detail = "OLE document of an unknown program: only its properties were read"
      extraction.miss(.unsupported, detail, at: place)
    }
  }

  // MARK: Parts

  /// Opens a document that is encrypted with a password which its program tries by itself; says that it is encrypted
  /// with another, or protected by rights.
  private mutating func readProtection(
    _ storage: Int,
    at place: Place,
    into extraction: inout Extraction
  ) -> Bool {
    // *Source:* [MS-OFFCRYPTO] §1.3.2, §2.2.
    let isRights =
      file.entry("\u{9}DRMContent", in: storage) != nil
      || file.storage("\u{6}DataSpaces", in: storage).flatMap {
        file.storage("TransformInfo", in: $0)
      }.map { file.entry("DRMEncryptedTransform", in: $0) != nil } == true
    if isRights {
      let detail = "protected by rights management: labelled or protected, content not readable"
      extraction.miss(.encrypted, detail, at: place)
      return true
    }
    guard let package = file.stream("EncryptedPackage", in: storage) else { return false }
    if let info = file.stream("EncryptionInfo", in: storage), let lock = PackageLock(info) {
      extraction.openPart(lock.opened(package), named: "", in: place)
    } else {
      extraction.miss(.encrypted, "Office document encrypted with a password", at: place)
    }
    return true
  }

  private mutating func readProperties(
    _ storage: Int,
    _ lock: StreamLock?,
    at place: Place,
    into extraction: inout Extraction
  ) {
    // A locked presentation keeps its properties in the first of these, a locked workbook in the other.
    for name in ["EncryptedSummary", "encryption"] {
      guard let lock, let stream = file.stream(name, in: storage) else { continue }
      for member in lock.members(of: stream) where member.name.hasSuffix("SummaryInformation") {
        PropertySet(member.bytes).add(at: place, to: &extraction)
      }
    }
    for name in ["\u{5}SummaryInformation", "\u{5}DocumentSummaryInformation"] {
      guard let stream = file.stream(name, in: storage) else { continue }
      PropertySet(stream).add(at: place, to: &extraction)
    }
  }

  /// Opens what an object was made from: a whole document in a stream.
  private mutating func readEmbedded(
    _ storage: Int,
    at place: Place,
    into extraction: inout Extraction
  ) -> Bool {
    var isFound = false
    if let stream = file.stream("\u{1}Ole10Native", in: storage) {
      isFound = true
      OLEPackage(native: stream).open(in: place, into: &extraction)
    }
    for name in ["Package", "EmbeddedOdf", "CONTENTS"] {
      guard let stream = file.stream(name, in: storage), stream.count > 4 else { continue }
      // CONTENTS is the whole of a PDF or image object, and the private text of Works or Publisher.
      let isDocument = unsafe Signature.kind(of: stream.array.span.bytes) != nil
      if name == "CONTENTS", !isDocument { continue }
      isFound = true
      extraction.openPart(stream.array, named: "", in: place)
    }
    return isFound
  }

  /// Opens the streams of an unknown program that are whole documents, such as the packages of
  /// LibreOffice's objects.
  ///
  /// - Returns: Whether there is one.
  private mutating func openStreams(
    _ storage: Int,
    at place: Place,
    into extraction: inout Extraction
  ) -> Bool {
    var isFound = false
    for child in file.entries[storage].children where !file.entries[child].isStorage {
      let bytes = file.stream(child).array
      guard unsafe Signature.kind(of: bytes.span.bytes) != nil else { continue }
      isFound = true
      extraction.openPart(bytes, named: "", in: place)
    }
    return isFound
  }

  /// Reads the storages inside: embedded objects, and messages attached to messages.
  private mutating func readNested(
    _ storage: Int,
    at place: Place,
    into extraction: inout Extraction
  ) {
    for child in file.entries[storage].children where file.entries[child].isStorage {
      let key = file.entries[child].key
      // Parts of messages are read with their message.
      if key.hasPrefix("__") && file.entry("__properties_version1.0", in: storage) != nil {
        continue
      }
      switch key {
      case "objectpool", "msodatastore":
        for object in file.entries[child].children where file.entries[object].isStorage {
          readObject(object, of: place, into: &extraction)
        }
      case "_sx_db_cur": readPivotCaches(child, at: place, into: &extraction)
      case _ where StorageReader.silent.contains(key): break
      default: readObject(child, of: place, into: &extraction)
      }
    }
  }

  private mutating func readObject(
    _ object: Int,
    of place: Place,
    into extraction: inout Extraction
  ) {
    guard extraction.enter(place) else { return }
    var inner = place
    inner.path.append("object \(file.entries[object].name.filter { $0 >= " " })")
    inner.location = ""
    if file.entry("Item", in: object) != nil, file.entry("Properties", in: object) != nil,
      let item = file.stream("Item", in: object)
    {
      // An item of custom XML. *Source:* [MS-DOC] §2.1.9 (Custom XML Data Storage).
      return extraction.openPart(item.array, named: "", in: inner)
    }
    read(object, at: inner, into: &extraction)
  }

  private mutating func readPivotCaches(
    _ storage: Int,
    at place: Place,
    into extraction: inout Extraction
  ) {
    for child in file.entries[storage].children where !file.entries[child].isStorage {
      LegacyExcel.readPivotCache(file.stream(child), at: place, into: &extraction)
    }
  }
}
