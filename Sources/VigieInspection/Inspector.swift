public import VigieCore
import VigieDocuments
public import VigieFilter
import VigiePolicy

/// Judges messages with their attachments opened, on one thread.
///
/// Texts of attachments are handed to the filter together with the message. Those too large to
/// copy are mapped and judged one by one, and the policy decides over all findings at the end.
public final class Inspector {
  /// The texts of one message that are copied, bytes; beyond that they are judged where they lie.
  static let copiedByteCount = 1 << 20

  /// Of what takes texts out of files: a change after which the same bytes may say something else
  /// raises it, so that what was found before is not taken for what would be found now.
  package static let version = 1

  private let filter: Filter
  private let worker: FilterWorker
  private let copiesFiles: Bool

  /// An inspector of a filter.
  ///
  /// - Parameters:
  ///   - filter: What to judge by.
  ///   - copiesFiles: Whether files are copied before they are read: for a process that must go on
  ///     whoever cuts one short meanwhile.
  public init(_ filter: Filter, copiesFiles: Bool = false) {
    self.filter = filter
    self.copiesFiles = copiesFiles
    worker = filter.makeWorker()
  }

  /// Judges a message and the files it carries.
  public func review(_ message: Message) -> Review {
    guard message.attachments.contains(where: { $0.content != .nameOnly }) else {
      return worker.review(message)
    }
    var gathered = Gathered()
    for (index, attachment) in message.attachments.enumerated() {
      open(attachment, at: Inspector.place(index), into: &gathered)
    }
    let small = worker.review(message, segments: gathered.segments, gaps: gathered.gaps)
    if gathered.large.isEmpty { return small }
    return decide(small, with: gathered.large, of: message)
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

  /// Judges what an open file, such as standard input, still holds, as one text.
  ///
  /// - Parameters:
  ///   - descriptor: The open file; it is read to its end, into an unlinked file where it is long.
  ///   - place: Where the text counts as standing.
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
      if !isWhole { gaps.append(cut(filter.limits.maxAttachmentByteCount, at: place)) }
      switch try spool.finish() {
      case .bytes(let bytes):
        return unsafe bytes.withUnsafeBytes {
          unsafe review(text: $0, at: place, of: message, gaps: gaps)
        }
      case .file(let file):
        return unsafe file.withBytes {
          unsafe review(text: $0, at: place, of: message, gaps: gaps)
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

  /// Judges bytes as a text of any encoding in one place of a message.
  private func review(
    text: UnsafeRawBufferPointer,
    at place: Place,
    of message: Message,
    gaps: [Gap]
  ) -> Review {
    let extraction = unsafe extract(text.bytes, at: place)
    let all = gaps + extraction.gaps.map { Gap(place: place, reason: $0.reason, detail: $0.detail) }
    guard let first = extraction.texts.first else {
      return worker.review(message, segments: [], gaps: all)
    }
    switch first.content {
    case .verbatim(let range):
      return unsafe worker.review(
        message,
        place: place,
        text: UnsafeRawBufferPointer(rebasing: text[range]),
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
  /// Takes the text out of a document.
  private func extract(_ bytes: RawSpan, at place: Place) -> Extraction {
    var extraction = Extraction(limits: filter.limits.document) { _, place, extraction in
      extraction.miss(.unsupported, "no reader for files in files", at: place)
    }
    if PlainText.recognizes(bytes) {
      PlainText.extract(bytes, at: place, into: &extraction)
    } else {
      let kind = Signature.kind(of: bytes) ?? "binary data"
      extraction.miss(.unsupported, "\(kind): no reader for this format", at: place)
    }
    return extraction
  }
}

extension Inspector {
  /// A text that is too large to copy.
  private struct LargeText {
    var place: Place
    /// The bytes in which the text lies.
    var file: MappedFile
    var range: Range<Int>
  }

  /// What the attachments of a message hold.
  private struct Gathered {
    var segments: [Segment] = []
    var copied = 0
    var large: [LargeText] = []
    var gaps: [Gap] = []

    mutating func add(_ bytes: [UInt8], at place: Place) {
      copied += bytes.count
      segments.append(Segment(place: place, text: bytes))
    }
  }

  private static func place(_ index: Int) -> Place {
    Place(part: .attachment(index), role: .bodyText)
  }

  private func open(_ attachment: Attachment, at place: Place, into gathered: inout Gathered) {
    switch attachment.content {
    case .nameOnly:
      return
    case .missing(let detail):
      gathered.gaps.append(Gap(place: place, reason: .missing, detail: detail))
    case .bytes(let bytes):
      let count = min(bytes.count, filter.limits.maxAttachmentByteCount)
      if count < bytes.count { gathered.gaps.append(cut(count, at: place)) }
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe take(UnsafeRawBufferPointer(rebasing: buffer[..<count]), nil, at: place, &gathered)
      }
    case .uploaded(_, path: nil):
      gathered.gaps.append(
        Gap(place: place, reason: .missing, detail: "the uploaded file was never inspected")
      )
    case .file(let path), .uploaded(_, path: .some(let path)):
      let limit = filter.limits.maxAttachmentByteCount
      do {
        guard copiesFiles else {
          let file = try MappedFile(path: path, limit: limit)
          if file.byteCount < file.fileByteCount { gathered.gaps.append(cut(limit, at: place)) }
          unsafe file.withBytes { unsafe take($0, file, at: place, &gathered) }
          return
        }
        let copy = try Spool.copy(of: path, limit: limit)
        if !copy.isWhole { gathered.gaps.append(cut(limit, at: place)) }
        switch copy.content {
        case .bytes(let bytes):
          unsafe bytes.withUnsafeBytes { unsafe take($0, nil, at: place, &gathered) }
        case .file(let file):
          unsafe file.withBytes { unsafe take($0, file, at: place, &gathered) }
        }
      } catch {
        gathered.gaps.append(Inspector.gap(for: error, at: place))
      }
    }
  }

  /// Takes the texts of a document; `file` holds the bytes where they need not be copied.
  private func take(
    _ bytes: UnsafeRawBufferPointer,
    _ file: MappedFile?,
    at place: Place,
    _ gathered: inout Gathered
  ) {
    guard unsafe !bytes.isEmpty else { return }
    let extraction = unsafe extract(bytes.bytes, at: place)
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

  private static func gap(for failure: MappedFile.Failure, at place: Place) -> Gap {
    switch failure {
    case .missing:
      Gap(place: place, reason: .missing, detail: "the file does not exist")
    case .notRegular:
      Gap(place: place, reason: .unsupported, detail: "not a regular file")
    case .unreadable(let reason):
      Gap(place: place, reason: .missing, detail: "the file cannot be read: \(reason)")
    }
  }

  private func cut(_ byteCount: Int, at place: Place) -> Gap {
    Gap(place: place, reason: .limit, detail: "only the first \(byteCount) bytes were read")
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
