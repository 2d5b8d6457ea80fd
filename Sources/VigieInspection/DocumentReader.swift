package import VigieCore
package import VigieDocuments
package import VigieWorkers

/// Opens files and takes their texts out: plain text here, everything else in a process of its own.
package struct DocumentReader: Sendable {
  private let limits: Limits
  private let copiesFiles: Bool
  private let workers: ParseWorkers

  /// A reader.
  ///
  /// - Parameters:
  ///   - limits: What reading may spend.
  ///   - copiesFiles: Whether files are copied before they are read: for a process that must go on
  ///     whoever cuts one short meanwhile.
  ///   - workers: What reads documents that are no plain text.
  package init(
    limits: Limits = Limits(),
    copiesFiles: Bool = false,
    workers: ParseWorkers = .shared
  ) {
    self.limits = limits
    self.copiesFiles = copiesFiles
    self.workers = workers
  }

  /// Takes the texts out of a document.
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - file: The file of which it is the start, where it lies in one.
  ///   - place: Where it lies.
  /// - Returns: Texts and gaps.
  package func extract(
    _ bytes: UnsafeRawBufferPointer,
    of file: MappedFile?,
    at place: Place
  ) -> Extraction {
    let document = unsafe bytes.bytes
    let encoding = Signature.kind(of: document) == nil ? TextEncoding.detect(document) : nil
    let isText = encoding != nil
    let structure = isText ? StructuredText.kind(of: document) : nil
    if structure == nil, encoding?.isCertain == true { return plainText(document, at: place) }
    var extraction = unsafe workers.extract(bytes, of: file, at: place, limits: limits.document)
    guard isText else { return extraction }
    let own = extraction.gaps.filter { $0.place.path == place.path }.map(\.reason)
    if extraction.texts.isEmpty, own == [.componentMissing], structure?.isLegibleRaw ?? true {
      return plainText(document, at: place)
    }
    // What the reader of the format left out may stand in the text as it is.
    let isLeftOut = own.contains {
      [.timeout, .workerDied, .limit, .componentMissing].contains($0)
    }
    guard isLeftOut else { return extraction }
    let raw = plainText(document, at: place)
    for text in raw.texts { extraction.add(text) }
    for gap in raw.gaps { extraction.miss(gap.reason, gap.detail, at: gap.place) }
    return extraction
  }

  private func plainText(_ bytes: RawSpan, at place: Place) -> Extraction {
    var extraction = Extraction(limits: limits.document) { _, _, _ in }
    PlainText.extract(bytes, at: place, into: &extraction)
    return extraction
  }

  /// Opens an attachment and takes its texts out.
  ///
  /// - Parameters:
  ///   - attachment: The attachment.
  ///   - place: Where it lies.
  ///   - body: Takes the bytes, the file they lie in if any, and what was taken out of them; not called
  ///     where there is nothing to read.
  /// - Returns: Why it could not be opened, or not wholly; what could not be read of it is with the texts.
  package func read(
    _ attachment: Attachment,
    at place: Place,
    _ body: (UnsafeRawBufferPointer, MappedFile?, Extraction) -> Void
  ) -> [Gap] {
    let limit = limits.maxAttachmentByteCount
    func take(_ bytes: UnsafeRawBufferPointer, _ file: MappedFile?) {
      guard bytes.count > 0 else { return }
      var extraction = unsafe extract(bytes, of: file, at: place)
      let name = attachment.name
      if let note = unsafe FileNameNote.text(for: name, bytes.bytes, isTop: true) {
        extraction.add(note, at: place, role: .metadata, location: FileNameNote.location)
      }
      unsafe body(bytes, file, extraction)
    }
    switch attachment.content {
    case .nameOnly: return []
    case .missing(let detail): return [Gap(place: place, reason: .missing, detail: detail)]
    case .bytes(let bytes):
      let count = min(bytes.count, limit)
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe take(UnsafeRawBufferPointer(rebasing: buffer[..<count]), nil)
      }
      return count < bytes.count ? [DocumentReader.cut(count, at: place)] : []
    case .uploaded(_, path: nil):
      return [Gap(place: place, reason: .missing, detail: "the uploaded file was never inspected")]
    case .file(let path), .uploaded(_, path: .some(let path)):
      do {
        guard copiesFiles else {
          let file = try MappedFile(path: path, limit: limit, keepsDescriptor: true)
          unsafe file.withBytes { unsafe take($0, file) }
          var gaps =
            file.byteCount < file.fileByteCount ? [DocumentReader.cut(limit, at: place)] : []
          if file.isCut {
            let detail = "the file became shorter while it was read"
            gaps.append(Gap(place: place, reason: .truncated, detail: detail))
          }
          return gaps
        }
        let copy = try Spool.copy(of: path, limit: limit)
        switch copy.content {
        case .bytes(let bytes): unsafe bytes.withUnsafeBytes { unsafe take($0, nil) }
        case .file(let file): unsafe file.withBytes { unsafe take($0, file) }
        }
        return copy.isWhole ? [] : [DocumentReader.cut(limit, at: place)]
      } catch {
        return [DocumentReader.gap(for: error, at: place)]
      }
    }
  }

  /// The gap of a document that is read up to a limit.
  static func cut(_ byteCount: Int, at place: Place) -> Gap {
    Gap(place: place, reason: .limit, detail: "only the first \(byteCount) bytes were read")
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
}
