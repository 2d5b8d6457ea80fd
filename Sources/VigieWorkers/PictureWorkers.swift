import VigieCore
import VigieCrypto
import VigieDocuments
import VigieSandbox
import VigieThreads

/// Reads what is drawn in the pictures of documents, in processes apart from those that read documents.
final class PictureWorkers: Sendable {
  /// The processes.
  let pool: WorkerPool
  private let cache: ExtractionCache

  /// Workers of a configuration; none is started before there is a picture.
  init(_ configuration: ParseWorkers.Configuration) {
    pool = WorkerPool(.pictures, at: configuration.pictureProgram, configuration)
    cache = ExtractionCache(maxByteCount: configuration.cacheByteCount / 4)
  }

  /// Why no picture can be read, in words; `nil` where they can.
  ///
  /// - Throws: ``WorkerPool/Lack`` where no worker works.
  private func lack() throws(WorkerPool.Lack) -> String? {
    try pool.readiness().components.first { !$0.isPresent }?.purpose
  }

  /// Reads the pictures of a document, and adds their texts and gaps.
  ///
  /// - Parameters:
  ///   - contents: What was taken out of the document; the texts of its pictures come last.
  ///   - bytes: The document, of which pictures may be a part.
  ///   - limits: What reading may spend; the pictures have a time of their own, all together.
  ///   - known: Why no picture can be read, where that was known before: then none was handed over.
  func read(
    in contents: inout ExtractionLog.Contents,
    of bytes: UnsafeRawBufferPointer,
    limits: DocumentLimits,
    known: WorkerPool.Lack?
  ) {
    guard !contents.pictures.isEmpty else { return }
    // What a worker sends that was taken over may be more than it was allowed.
    var left = limits.maxPictureCount
    let end = Monitor.now &+ UInt64(clamping: limits.maxPictureMilliseconds) &* 1_000_000
    for picture in contents.pictures {
      func miss(_ reason: GapReason, _ detail: String) {
        contents.gaps.append(
          Gap(
            place: picture.place,
            reason: reason,
            detail: "text in the image is not read: \(detail)"
          )
        )
      }
      let now = Monitor.now
      guard left > 0 else {
        miss(.limit, "more images than are looked at")
        break
      }
      guard now < end else {
        miss(.timeout, "reading the images of the file took too long")
        continue
      }
      left -= 1
      var own = limits
      own.maxMilliseconds = max(1, Int((end - now) / 1_000_000))
      do throws(WorkerPool.Lack) {
        if let known { throw known }
        if let lack = try lack() {
          miss(.componentMissing, lack)
          continue
        }
        switch picture.content {
        case .verbatim(let range):
          let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
          add(try unsafe read(part, limits: own), at: picture.place, to: &contents)
        case .bytes(let made):
          let found = unsafe made.withUnsafeBytes { bytes in
            Result { () throws(WorkerPool.Lack) in try unsafe read(bytes, limits: own) }
          }
          add(try found.get(), at: picture.place, to: &contents)
        case .file(let file):
          let found = unsafe file.withBytes { bytes in
            Result { () throws(WorkerPool.Lack) in try unsafe read(bytes, limits: own) }
          }
          add(try found.get(), at: picture.place, to: &contents)
        }
      } catch {
        if !error.isLasting { contents.isProvisional = true }
        miss(.componentMissing, error.detail)
      }
    }
    // The cache keeps texts, not pictures.
    contents.pictures = []
  }

  /// Reads one picture, or knows it: the same logo stands on every slide.
  private func read(
    _ bytes: UnsafeRawBufferPointer,
    limits: DocumentLimits
  ) throws(WorkerPool.Lack) -> ExtractionLog.Contents {
    guard bytes.count > 0 else { return ExtractionLog.Contents() }
    // The time that is left is no part of what makes a picture the same: what was late is not kept.
    var kind = limits
    kind.maxMilliseconds = 0
    let key = ExtractionCache.Key(digest: unsafe Digest.rawSHA256(bytes), limits: kind)
    if let known = cache.contents(of: key) { return known }
    let contents: ExtractionLog.Contents
    do {
      let document = try unsafe Descriptor.memoryFile("vigie-picture", holding: bytes)
      let request = WorkRequest(.extract, byteCount: bytes.count, limits: limits)
      contents = try pool.contents(of: request, document)
    } catch let lack as WorkerPool.Lack {
      throw lack
    } catch {
      contents = .nothing(.workerDied, "the image was not read: \(error)")
    }
    if cache.isUsed { cache.keep(contents, of: key) }
    return contents
  }

  /// Adds what a picture says at its place.
  private func add(
    _ found: ExtractionLog.Contents,
    at place: Place,
    to contents: inout ExtractionLog.Contents
  ) {
    func moved(_ inner: Place) -> Place {
      var moved = place
      let parts = [place.location, inner.location].filter { !$0.isEmpty }
      moved.location = parts.joined(separator: " ")
      return moved
    }
    for var text in found.texts {
      // A picture is no text: a part of it as it stands is not what is drawn in it.
      if case .verbatim = text.content { continue }
      text.place = moved(text.place)
      contents.texts.append(text)
    }
    for var gap in found.gaps {
      gap.place = moved(gap.place)
      contents.gaps.append(gap)
    }
  }
}
