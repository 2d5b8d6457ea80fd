import Glibc
package import VigieCore
import VigieCrypto
package import VigieDocuments
import VigieSandbox

/// Reads documents in processes of their own, for any number of threads.
///
/// Bounded: so many documents are read at once as there are processors, others wait. Whatever a document
/// does to its reader, the outcome is texts and gaps.
package final class ParseWorkers: Sendable {
  /// How documents are read.
  package struct Configuration: Sendable {
    /// The path of `vigie-parse-worker`; `nil` looks for it beside the running program.
    package var program: String?
    /// The path of `vigie-ocr-worker`; `nil` looks for it beside the running program.
    package var pictureProgram: String?
    /// Documents read at once.
    package var maxWorkerCount: Int
    /// Whether nothing is read on a kernel without seccomp.
    package var needsSeccomp: Bool
    /// Bytes of text that are kept in memory for files that come again; 0 keeps none.
    package var cacheByteCount: Int

    /// A value from its parts.
    package init(
      program: String? = nil,
      pictureProgram: String? = nil,
      maxWorkerCount: Int = max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))),
      needsSeccomp: Bool = true,
      cacheByteCount: Int = 32 << 20
    ) {
      self.program = program
      self.pictureProgram = pictureProgram
      self.maxWorkerCount = max(1, maxWorkerCount)
      self.needsSeccomp = needsSeccomp
      self.cacheByteCount = cacheByteCount
    }

    /// What the environment says: `VIGIE_PARSE_WORKER` and `VIGIE_OCR_WORKER` are the paths of the
    /// programs, `VIGIE_SANDBOX=optional` reads on a kernel without seccomp too.
    package static var ofEnvironment: Configuration {
      func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
      }
      return Configuration(
        program: variable(WorkerProgram.documents.variable),
        pictureProgram: variable(WorkerProgram.pictures.variable),
        needsSeccomp: variable("VIGIE_SANDBOX") != "optional"
      )
    }
  }

  /// The workers of this process.
  package static let shared = ParseWorkers(.ofEnvironment)

  /// The processes.
  let pool: WorkerPool
  /// What reads the pictures in documents.
  let pictures: PictureWorkers
  private let cache: ExtractionCache

  /// Workers of a configuration; none is started before there is a document, unless ``startAhead()`` is asked to.
  package init(_ configuration: Configuration) {
    pool = WorkerPool(.documents, at: configuration.program, configuration)
    pictures = PictureWorkers(configuration)
    cache = ExtractionCache(maxByteCount: configuration.cacheByteCount)
  }

  /// A kind of process.
  package enum Reader: String, Sendable, CaseIterable {
    /// Takes texts and pictures out of documents.
    case documents
    /// Reads what is drawn in pictures.
    case pictures
  }

  /// The processes of a kind.
  func pool(of reader: Reader) -> WorkerPool { reader == .pictures ? pictures.pool : pool }

  /// Has a process of each kind start while nobody needs it yet.
  package func startAhead() {
    for reader in Reader.allCases { pool(of: reader).startAhead() }
  }

  // MARK: Documents

  /// Takes the text out of a document.
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - file: The file that the bytes are a part of from its start on, which is then handed over
  ///     instead of a copy, if it was kept open.
  ///   - place: Where it lies; texts and gaps lie at or below it.
  ///   - limits: What reading it may spend.
  /// - Returns: Texts and gaps. A `componentMissing` at the place alone says that nothing was read.
  package func extract(
    _ bytes: UnsafeRawBufferPointer,
    of file: MappedFile? = nil,
    at place: Place,
    limits: DocumentLimits
  ) -> Extraction {
    var key: ExtractionCache.Key?
    if cache.isUsed, bytes.count <= ExtractionCache.maxDocumentByteCount {
      key = ExtractionCache.Key(digest: unsafe Digest.rawSHA256(bytes), limits: limits)
    }
    if let key, let known = cache.contents(of: key) {
      return ParseWorkers.extraction(known, at: place, limits)
    }
    // Where nobody can read pictures none is made: to draw a scanned page takes longer than all else.
    let lack = pictures.pool.knownLack()
    var own = limits
    if lack != nil { own.maxPictureMilliseconds = 0 }
    var contents = unsafe read(bytes, file, own)
    unsafe pictures.read(in: &contents, of: bytes, limits: limits, known: lack)
    if let key { cache.keep(contents, of: key) }
    return ParseWorkers.extraction(contents, at: place, limits)
  }

  /// Where documents lie between their reading and the place that only the caller knows.
  static let anywhere = Place(part: .attachment(0), role: .bodyText)

  /// Texts and gaps at the place of their document.
  private static func extraction(
    _ contents: ExtractionLog.Contents,
    at place: Place,
    _ limits: DocumentLimits
  ) -> Extraction {
    var extraction = Extraction(limits: limits) { _, _, _ in }
    func moved(_ inner: Place) -> Place {
      var moved = inner
      moved.part = place.part
      if !place.path.isEmpty { moved.path = place.path + inner.path }
      return moved
    }
    for var text in contents.texts {
      text.place = moved(text.place)
      extraction.add(text)
    }
    for gap in contents.gaps { extraction.miss(gap.reason, gap.detail, at: moved(gap.place)) }
    return extraction
  }

  private func read(
    _ bytes: UnsafeRawBufferPointer,
    _ file: MappedFile?,
    _ limits: DocumentLimits
  ) -> ExtractionLog.Contents {
    do {
      let document = try unsafe ParseWorkers.descriptor(of: bytes, in: file)
      let request = WorkRequest(
        .extract,
        byteCount: bytes.count,
        limits: limits
      )
      let need = unsafe SeldomUsed.probableNeed(of: bytes.bytes)
      return try pool.contents(of: request, document, need: need)
    } catch let lack as WorkerPool.Lack {
      var nothing = ExtractionLog.Contents.nothing(.componentMissing, lack.detail)
      nothing.isProvisional = true
      return nothing
    } catch {
      return .nothing(.workerDied, "the file was not read: \(error)")
    }
  }

  /// A document, open for reading: its file where that was kept open, else a copy that is final.
  static func descriptor(
    of bytes: UnsafeRawBufferPointer,
    in file: MappedFile?
  ) throws(SystemFailure) -> Descriptor {
    if let file, let number = file.descriptor, file.byteCount == bytes.count {
      let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
      if copy >= 0 { return Descriptor(owning: copy) }
    }
    return try unsafe Descriptor.memoryFile("vigie-document", holding: bytes)
  }
}
