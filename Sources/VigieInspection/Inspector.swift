public import VigieCore
import VigieDocuments
public import VigieFilter
import VigiePolicy
package import VigieWorkers

/// Judges messages with their attachments opened, on one thread.
///
/// Texts of attachments are handed to the filter together with the message. Those too large to
/// copy are mapped and judged one by one, and the policy decides over all findings at the end.
public final class Inspector {
  /// The texts of one message that are copied, bytes; beyond that they are judged where they lie.
  static let copiedByteCount = 1 << 20

  /// Of what takes texts out of files: a change after which the same bytes may say something else
  /// raises it, so that what was found before is not taken for what would be found now.
  package static let version = 3

  /// The parts with which the documents of this process are read, each with its version.
  ///
  /// With others the same bytes may say something else.
  ///
  /// - Throws: ``WorkerPool/Lack`` where documents cannot be read now.
  package static func installedParts() throws(WorkerPool.Lack) -> [String] {
    let readiness = try ParseWorkers.shared.readiness()
    // Pictures are optional: without a reader of them they are gaps, and stay so until there is one.
    let pictures = (try? ParseWorkers.shared.readiness(of: .pictures))?.components ?? []
    return (readiness.components + pictures).map { "\($0.name) \($0.version ?? "missing")" }
  }

  /// Has the parts start that ``installedParts()`` asks: loading the models that read pictures takes a tenth of a second.
  package static func startParts() { ParseWorkers.shared.startAhead() }

  private let filter: Filter
  private let worker: FilterWorker
  private let reader: DocumentReader

  /// An inspector of a filter.
  ///
  /// - Parameters:
  ///   - filter: What to judge by.
  ///   - copiesFiles: Whether files are copied before they are read: for a process that must go on
  ///     whoever cuts one short meanwhile.
  public convenience init(_ filter: Filter, copiesFiles: Bool = false) {
    self.init(filter, copiesFiles: copiesFiles, workers: .shared)
  }

  /// An inspector with workers of its own.
  ///
  /// - Parameters:
  ///   - filter: What to judge by.
  ///   - copiesFiles: As ``init(_:copiesFiles:)`` says.
  ///   - workers: What reads documents that are no plain text.
  package init(_ filter: Filter, copiesFiles: Bool, workers: ParseWorkers) {
    self.filter = filter
    reader = DocumentReader(limits: filter.limits, copiesFiles: copiesFiles, workers: workers)
    worker = filter.makeWorker()
  }

  /// Judges a message and the files it carries.
  public func review(_ message: Message) -> Review {
    if message.isWithoutFiles || message.attachments.allSatisfy({ $0.content == .nameOnly }) {
      return worker.review(message)
    }
    var gathered = Gathered()
    for (index, attachment) in message.attachments.enumerated() {
      gather(attachment, at: Inspector.place(index), into: &gathered)
    }
    return judge(gathered, of: message)
  }

  /// Judges a message as ``review(_:)`` does; `nil` where it only says that nothing was found and all was read.
  package func remark(on message: Message) -> Review? {
    if message.isWithoutFiles { return worker.remark(on: message) }
    let review = review(message)
    return review.findings.isEmpty && review.gaps.isEmpty ? nil : review
  }

  /// Judges a message together with what was found before in files that it posts.
  ///
  /// - Parameters:
  ///   - message: The message; of those files it has the names only.
  ///   - findings: What was found in them, in the places of the message.
  ///   - gaps: What was not read of them.
  /// - Returns: The review of all of it.
  package func review(_ message: Message, with findings: [Finding], gaps: [Gap]) -> Review {
    var review = review(message)
    if findings.isEmpty, gaps.isEmpty { return review }
    review.findings += findings
    review.gaps += gaps
    decide(&review, of: message)
    return review
  }

  /// Judges a message without files if that takes little work, as
  /// ``FilterWorker/review(_:effort:)`` does.
  package func review(_ message: Message, effort: Int) -> Review? {
    worker.review(message, effort: effort)
  }

  /// Judges a file on its own: its name and its text.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - id: The id of the review.
  ///   - channel: Where it would go.
  /// - Returns: The review; a file that cannot be read is a gap in it.
  public func review(file path: String, id: String, channel: Channel?) -> Review {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return review(
      Message(
        id: id,
        channel: channel,
        attachments: [Attachment(name: name, content: .file(path: path))]
      )
    )
  }

  /// Judges what an open file, such as standard input, still holds: one text, or a document.
  ///
  /// - Parameters:
  ///   - descriptor: The open file; it is read to its end, into an unlinked file where it is long.
  ///   - place: Where a plain text counts as standing; those of a document have roles of their own.
  ///   - message: The message that the text belongs to.
  /// - Returns: The review; input that cannot be read is a gap in it.
  public func review(
    descriptor: CInt,
    at place: Place,
    of message: Message
  ) -> Review {
    var spool = Spool()
    var gaps: [Gap] = []
    do {
      let isWhole = try spool.append(
        contentsOf: descriptor,
        limit: filter.limits.maxAttachmentByteCount
      )
      if !isWhole {
        gaps.append(DocumentReader.cut(filter.limits.maxAttachmentByteCount, at: place))
      }
      switch try spool.finish() {
      case .bytes(let bytes):
        return unsafe bytes.withUnsafeBytes {
          unsafe review(document: $0, of: nil, at: place, of: message, gaps: gaps)
        }
      case .file(let file):
        return unsafe file.withBytes {
          unsafe review(document: $0, of: file, at: place, of: message, gaps: gaps)
        }
      }
    } catch {
      let gap = Gap(place: place, reason: .corrupt, detail: "input not read: \(error.reason)")
      return worker.review(message, segments: [], gaps: gaps + [gap])
    }
  }

  /// Judges a text of a role that messages have no field for, such as a header.
  public func review(text: [UInt8], at place: Place, of message: Message) -> Review {
    worker.review(message, segments: [Segment(place: place, text: text)], gaps: [])
  }

  /// Judges bytes as a text of any encoding in one place of a message, or as a document there.
  private func review(
    document: UnsafeRawBufferPointer,
    of file: MappedFile?,
    at place: Place,
    of message: Message,
    gaps: [Gap]
  ) -> Review {
    let within = Place(part: place.part, role: .bodyText)
    let extraction = unsafe reader.extract(document, of: file, at: within)
    guard extraction.texts.count <= 1, extraction.texts.allSatisfy({ $0.place == within }) else {
      var gathered = Gathered(gaps: gaps)
      unsafe gather(extraction, from: document, of: file, into: &gathered)
      return judge(gathered, of: message)
    }
    let all =
      gaps
      + extraction.gaps.map { gap in
        var gap = gap
        if gap.place == within { gap.place = place }
        return gap
      }
    guard let first = extraction.texts.first else {
      return worker.review(message, segments: [], gaps: all)
    }
    switch first.content {
    case .verbatim(let range):
      return unsafe worker.review(
        message,
        place: place,
        text: UnsafeRawBufferPointer(rebasing: document[range]),
        gaps: all
      )
    case .bytes(let bytes):
      return worker.review(message, segments: [Segment(place: place, text: bytes)], gaps: all)
    case .file(let file):
      return unsafe file.withBytes {
        unsafe worker.review(message, place: place, text: $0, gaps: all)
      }
    }
  }
}

// MARK: - Attachments

extension Inspector {
  /// A text that is too large to copy.
  struct LargeText {
    var place: Place
    /// The bytes in which the text lies.
    var file: MappedFile
    var range: Range<Int>
  }

  /// What the documents of a message hold.
  struct Gathered {
    var segments: [Segment] = []
    var copied = 0
    var large: [LargeText] = []
    var gaps: [Gap] = []

    mutating func add(_ bytes: [UInt8], at place: Place) {
      copied += bytes.count
      segments.append(Segment(place: place, text: bytes))
    }
  }

  static func place(_ index: Int) -> Place {
    Place(part: .attachment(index), role: .bodyText)
  }

  func gather(_ attachment: Attachment, at place: Place, into gathered: inout Gathered) {
    gathered.gaps += unsafe reader.read(attachment, at: place) { bytes, file, extraction in
      unsafe gather(extraction, from: bytes, of: file, into: &gathered)
    }
  }

  /// Takes the texts of a document; `file` holds the bytes where they need not be copied.
  private func gather(
    _ extraction: Extraction,
    from bytes: UnsafeRawBufferPointer,
    of file: MappedFile?,
    into gathered: inout Gathered
  ) {
    gathered.gaps += extraction.gaps
    for text in extraction.texts {
      switch text.content {
      case .verbatim(let range):
        if let file, gathered.copied + range.count > Inspector.copiedByteCount {
          gathered.large.append(LargeText(place: text.place, file: file, range: range))
        } else {
          unsafe gathered.add(Array(bytes[range]), at: text.place)
        }
      case .bytes(let bytes):
        gathered.add(bytes, at: text.place)
      case .file(let file):
        gathered.large.append(
          LargeText(place: text.place, file: file, range: 0..<file.byteCount)
        )
      }
    }
  }

  private func judge(_ gathered: Gathered, of message: Message) -> Review {
    let small = worker.review(message, segments: gathered.segments, gaps: gathered.gaps)
    if gathered.large.isEmpty { return small }
    return decide(small, with: gathered.large, of: message)
  }

  /// Judges large texts one by one and decides over everything.
  ///
  /// Each is judged as if alone in its message; findings then stand in the order of the
  /// attachments, and the level and verdict are those of all of them together.
  private func decide(_ small: Review, with large: [LargeText], of message: Message) -> Review {
    var review = small
    let bare = Message(id: message.id)
    for text in large {
      let part = unsafe text.file.withBytes { bytes in
        unsafe worker.review(
          bare,
          place: text.place,
          text: UnsafeRawBufferPointer(rebasing: bytes[text.range]),
          gaps: []
        )
      }
      review.findings += part.findings
      review.gaps += part.gaps
    }
    decide(&review, of: message)
    return review
  }

  /// Decides anew over all that was found in a message.
  private func decide(_ review: inout Review, of message: Message) {
    review.findings = Inspector.inPartOrder(review.findings, \.place)
    review.gaps = Inspector.inPartOrder(review.gaps, \.place)
    let decision = filter.policy.decide(
      findings: review.findings,
      gaps: review.gaps,
      channel: message.channel,
      sender: message.sender
    )
    review.verdict = decision.verdict
    review.observed = decision.observed
    review.mayOverride = decision.mayOverride
    review.tip = filter.tips[decision.tip]
    review.level =
      review.findings.filter { $0.usage == .applied }.map(\.level).max() ?? .public
  }

  /// Values with those of attachments last, in the order of the attachments, else as they were.
  private static func inPartOrder<Value>(_ values: [Value], _ place: (Value) -> Place) -> [Value] {
    let keyed = values.enumerated().map { offset, value in
      var rank = -1
      if case .attachment(let index) = place(value).part { rank = index }
      return (rank: rank, offset: offset, value: value)
    }
    return keyed.sorted { ($0.rank, $0.offset) < ($1.rank, $1.offset) }.map(\.value)
  }
}
