import Glibc
package import VigieCore

/// What was taken out of a document so far, and what may still be spent on it.
///
/// A document and everything that lies in it, however deep, share one value: a limit that an inner
/// archive uses up is used up for the rest too, and says so in a gap.
package struct Extraction: Sendable {
  /// Takes the text out of a document of any format: how a container hands on what lies in it.
  package typealias Reader =
    @Sendable (_ bytes: RawSpan, _ place: Place, _ extraction: inout Extraction) -> Void

  /// The texts, in reading order; none where an observer is told of them.
  package private(set) var texts: [ExtractedText] = []
  /// How many texts there were.
  package private(set) var textCount = 0
  /// The pictures whose words another process reads; none where an observer is told of them.
  package private(set) var pictures: [ExtractedPicture] = []
  /// How many pictures there were.
  package private(set) var pictureCount = 0
  /// What could not be read.
  package private(set) var gaps: [Gap] = []
  /// What reading may spend in all.
  package let limits: DocumentLimits
  /// How many containers lie around what is read now; 0 for the document itself.
  package private(set) var depth = 0

  private let reader: Reader
  private let observer: (any ExtractionObserver)?
  private let end: UInt64
  private var textByteCount = 0
  private var unpackedByteCount = 0
  private var memberCount = 0
  private var pictureByteCount = 0
  private var said: Set<Gap> = []

  /// Gaps that are listed; one more says that there are others.
  package static let maxGapCount = 1_000

  /// Nothing taken out yet.
  ///
  /// - Parameters:
  ///   - limits: What reading may spend.
  ///   - observer: Is told of each text and gap at once, and keeps the texts and pictures: a process that
  ///     hands them over need not hold them twice. Lives as long as the value.
  ///   - reader: What reads the documents inside a container.
  package init(
    limits: DocumentLimits,
    observer: (any ExtractionObserver)? = nil,
    reader: @escaping Reader
  ) {
    self.limits = limits
    self.observer = observer
    self.reader = reader
    end = Extraction.now &+ UInt64(max(0, limits.maxMilliseconds)) &* Extraction.share
  }

  // MARK: Time

  /// Of each millisecond that a document has, the nanoseconds after which nothing more is begun: who
  /// waits for it ends the process at the whole, and what is said before that is worth more.
  private static let share: UInt64 = 800_000

  /// Nanoseconds that have passed since some moment.
  private static var now: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// Whether the time of the document is nearly over; a gap then says so, and there is no more room.
  private mutating func isLate(at place: Place) -> Bool {
    guard Extraction.now >= end else { return false }
    textByteCount = limits.maxTextByteCount
    miss(.timeout, "reading the file took too long: the rest was not read", at: place)
    return true
  }

  // MARK: Texts

  /// Whether there is room for more text; where there is none, a gap already says so.
  package var hasRoom: Bool {
    textByteCount < limits.maxTextByteCount && textCount < limits.maxTextCount
  }

  /// Adds a text, or a gap where there is no room for it.
  ///
  /// - Parameters:
  ///   - text: UTF-8; text without any content is left out.
  ///   - place: The document or member in which it lies.
  ///   - role: What it is there; the role of the place where that is `nil`.
  ///   - location: What a person can open, such as `page 3 top`; that of the place where `nil`.
  package mutating func add(
    _ text: [UInt8],
    at place: Place,
    role: Role? = nil,
    location: String? = nil
  ) {
    // White space and controls alone say nothing.
    guard text.contains(where: { $0 > 0x20 && $0 != 0x7F }) else { return }
    if isLate(at: place) { return }
    guard hasRoom, textByteCount + text.count <= limits.maxTextByteCount else {
      textByteCount = limits.maxTextByteCount
      return miss(.limit, "more text than may be taken out of one file", at: place)
    }
    textByteCount += text.count
    var place = place
    if let role { place.role = role }
    if let location { place.location = location }
    add(ExtractedText(place: place, content: .bytes(text)))
  }

  /// Adds a text, or a gap where there is no room for it.
  package mutating func add(
    _ text: String,
    at place: Place,
    role: Role? = nil,
    location: String? = nil
  ) {
    add(Array(text.utf8), at: place, role: role, location: location)
  }

  /// Adds a text that is not copied: a part of the document itself, or a file.
  ///
  /// Such a text may be longer than what may be taken out of packed documents, as nothing had to be
  /// made for it. A part of the document's own bytes may be handed over only at depth 0.
  package mutating func add(_ text: ExtractedText) {
    textCount += 1
    if let observer { observer.found(text) } else { texts.append(text) }
  }

  // MARK: Pictures

  /// Whether anybody reads pictures: where not, their places are handed over without them.
  package var handsOverPictures: Bool { limits.maxPictureMilliseconds > 0 }

  /// Whether another picture may be added; where not, a gap says so.
  ///
  /// - Parameters:
  ///   - byteCount: Its bytes.
  ///   - place: Where it lies.
  /// - Returns: Whether there is room for it.
  package mutating func hasRoom(forPicture byteCount: Int, at place: Place) -> Bool {
    if pictureCount < limits.maxPictureCount,
      byteCount <= limits.maxPictureByteCount - pictureByteCount
    {
      return true
    }
    miss(.limit, "text in the image is not read: more images than are looked at", at: place)
    return false
  }

  /// Adds a picture, so that the words drawn in it are read; or a gap where there is no room for it.
  ///
  /// - Parameters:
  ///   - bytes: The picture, in a format of pictures: at depth 0 the document itself.
  ///   - place: Where it lies.
  package mutating func addPicture(_ bytes: RawSpan, at place: Place) {
    if depth == 0 {
      // Nothing is copied, so that its bytes do not count.
      guard hasRoom(forPicture: 0, at: place) else { return }
      add(ExtractedPicture(place: place, content: .verbatim(0..<bytes.byteCount)))
    } else if !handsOverPictures {
      addPicture([], at: place)
    } else {
      addPicture(unsafe bytes.withUnsafeBytes { unsafe Array($0) }, at: place)
    }
  }

  /// Adds a picture that was made from the document, such as a page; or a gap where there is no room.
  package mutating func addPicture(_ bytes: [UInt8], at place: Place) {
    let bytes = handsOverPictures ? bytes : []
    guard hasRoom(forPicture: bytes.count, at: place) else { return }
    pictureByteCount += bytes.count
    add(ExtractedPicture(place: place, content: .bytes(bytes)))
  }

  private mutating func add(_ picture: ExtractedPicture) {
    var picture = picture
    picture.place.role = .ocr
    pictureCount += 1
    if let observer { observer.found(picture) } else { pictures.append(picture) }
  }

  // MARK: Gaps

  /// Says that something was not read.
  ///
  /// - Parameters:
  ///   - reason: Why.
  ///   - detail: What, in words, without any text or file name of the document.
  ///   - place: Where.
  package mutating func miss(_ reason: GapReason, _ detail: String, at place: Place) {
    var gap = Gap(place: place, reason: reason, detail: detail)
    guard gaps.count <= Extraction.maxGapCount, said.insert(gap).inserted else { return }
    if gaps.count == Extraction.maxGapCount {
      gap = Gap(place: place, reason: .limit, detail: "further gaps, not listed one by one")
    }
    gaps.append(gap)
    observer?.missed(gap)
  }

  // MARK: Members

  /// Counts a member of a container before it is unpacked.
  ///
  /// - Returns: Whether it may be opened; where not, a gap says so.
  package mutating func enter(_ place: Place) -> Bool {
    if isLate(at: place) { return false }
    guard memberCount < limits.maxMemberCount else {
      miss(.limit, "more files inside one another than may be opened", at: place)
      return false
    }
    memberCount += 1
    return true
  }

  /// The bytes to which something may still be unpacked, whatever its ratio.
  package var unpackableByteCount: Int {
    max(0, min(limits.maxMemberByteCount, limits.maxUnpackedByteCount - unpackedByteCount))
  }

  /// Counts unpacked bytes.
  ///
  /// - Parameters:
  ///   - byteCount: Bytes that were just unpacked.
  ///   - total: Bytes of this member unpacked so far, those included.
  ///   - packed: Bytes they were packed in; `nil` where the container does not say.
  ///   - place: The member.
  /// - Returns: Whether to go on; where not, a gap says so.
  package mutating func unpack(
    _ byteCount: Int,
    total: Int,
    packed: Int?,
    at place: Place
  ) -> Bool {
    unpackedByteCount += byteCount
    if isLate(at: place) { return false }
    if unpackedByteCount > limits.maxUnpackedByteCount {
      miss(.limit, "unpacks to more than may be read of one file", at: place)
      return false
    }
    if total > limits.maxMemberByteCount {
      miss(.limit, "a file inside unpacks to more than may be read of one", at: place)
      return false
    }
    if let packed, total > Extraction.freeByteCount, total / limits.maxRatio > max(1, packed) {
      miss(.limit, "unpacks to more than \(limits.maxRatio) times its size", at: place)
      return false
    }
    return true
  }

  /// The bytes to which a member may unpack at any ratio: small files pack extremely well.
  package static let freeByteCount = 1 << 20

  /// Reads a document that lies in another one, and the name it has there.
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - name: Its name inside the container; it is a text too. An empty name is none.
  ///   - place: The container.
  package mutating func open(_ bytes: RawSpan, named name: String, in place: Place) {
    var inner = place
    if !name.isEmpty { inner.path.append(name) }
    inner.location = ""
    inner.role = .filename
    add(name, at: inner)
    if !name.isEmpty, let note = FileNameNote.text(for: name, bytes, isTop: false) {
      add(note, at: inner, role: .metadata, location: FileNameNote.location)
    }
    inner.role = .bodyText
    guard bytes.byteCount > 0 else { return }
    guard depth + 1 < limits.maxDepth else {
      return miss(.limit, "files lie deeper in one another than may be opened", at: inner)
    }
    depth += 1
    reader(bytes, inner, &self)
    depth -= 1
  }
}
