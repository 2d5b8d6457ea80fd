import CQPDF

/// The objects of a PDF file, read with qpdf.
@safe package final class PDFFile {
  /// Why a file cannot be read.
  package enum Failure: Error, Sendable, Equatable {
    /// A password is needed.
    case encrypted
    /// It is encrypted for the holders of certificates, or in a way nobody knows.
    case protected
    /// It is no PDF file, or too damaged.
    case damaged
  }

  let data: qpdf_data
  /// Whether something was not read because there was too much of it.
  package internal(set) var isCut = false
  /// Whether something was not read because it is damaged.
  package internal(set) var isDamaged = false

  /// Whether the file had to be repaired to be read.
  package private(set) var isRepaired = false
  /// Whether pages may hold files; known once the pages were read.
  var hasPageFiles = true

  private init(_ data: qpdf_data) { unsafe self.data = unsafe data }

  deinit {
    // An error that nobody asked for would be printed.
    forgetError()
    var data: qpdf_data? = unsafe self.data
    unsafe qpdf_cleanup(&data)
  }

  /// Calls a function with the objects of a file.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - body: Uses the objects; nothing of the file may be kept.
  /// - Returns: What the function returns.
  /// - Throws: ``Failure`` where the file cannot be read, not even in part.
  package static func read<Value>(
    _ bytes: RawSpan,
    _ body: (PDFFile) -> Value
  ) throws(Failure) -> Value {
    let result = unsafe bytes.withUnsafeBytes { buffer -> Result<Value, Failure> in
      guard let data = unsafe qpdf_init() else { return .failure(.damaged) }
      let file = unsafe PDFFile(data)
      unsafe qpdf_silence_errors(data)
      unsafe qpdf_set_suppress_warnings(data, 1)
      let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
      let status = unsafe qpdf_read_memory(data, "", start, CUnsignedLongLong(buffer.count), nil)
      guard status & QPDF_ERROR_CODE(QPDF_ERRORS) == 0 else {
        return .failure(file.failure())
      }
      file.isRepaired = file.forgetWarnings()
      guard file.root.kind == .dictionary else { return .failure(.damaged) }
      return .success(withExtendedLifetime(file) { body(file) })
    }
    return try result.get()
  }

  private func failure() -> Failure {
    guard let error = unsafe qpdf_get_error(data) else { return .damaged }
    switch unsafe qpdf_get_error_code(data, error) {
    case qpdf_e_password: return .encrypted
    case qpdf_e_unsupported: return .protected
    default: return .damaged
    }
  }

  /// The whole document written anew without encryption, or `nil` where that cannot be done.
  ///
  /// Where one of the two libraries reads a file and the other one does not, such as one that is
  /// encrypted in an unusual way or damaged, this is what the other can read.
  ///
  /// - Parameter limit: Bytes that it may have.
  /// - Returns: A PDF file.
  package func rewritten(limit: Int) -> [UInt8]? {
    defer { forgetError() }
    let failed = QPDF_ERROR_CODE(QPDF_ERRORS)
    guard unsafe qpdf_init_write_memory(data) & failed == 0 else { return nil }
    unsafe qpdf_set_preserve_encryption(data, 0)
    unsafe qpdf_set_static_ID(data, 1)
    guard unsafe qpdf_write(data) & failed == 0 else { return nil }
    let count = unsafe qpdf_get_buffer_length(data)
    guard count <= limit, let start = unsafe qpdf_get_buffer(data) else { return nil }
    return unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }

  /// Drops the last error, which was told in another way.
  func forgetError() { _ = unsafe qpdf_get_error(data) }

  /// Drops the warnings there are; whether there were any.
  @discardableResult
  package func forgetWarnings() -> Bool {
    var isWarned = false
    while unsafe qpdf_more_warnings(data) != 0 {
      _ = unsafe qpdf_next_warning(data)
      isWarned = true
    }
    return isWarned
  }

  /// The version of the library.
  package static var libraryVersion: String { unsafe String(cString: qpdf_get_qpdf_version()) }

  // MARK: Roots

  /// The dictionary at the end of the file.
  var trailer: PDFObject { PDFObject(unsafe qpdf_get_trailer(data), of: self) }

  /// The catalogue of the document.
  var root: PDFObject { PDFObject(unsafe qpdf_get_root(data), of: self) }

  // MARK: Walks

  /// Objects that one walk visits: a book of 1,000 pages has some 100,000 in its structure.
  static let maxWalkCount = 400_000

  /// Visits the nodes of a tree whose links may be wrong, each once.
  ///
  /// - Parameters:
  ///   - start: The roots, visited in order.
  ///   - limit: Nodes to visit; where there are more, ``isCut`` says so.
  ///   - visit: Uses a node and returns its children; `nil` ends the walk.
  func walk(
    from start: [PDFObject],
    limit: Int = PDFFile.maxWalkCount,
    _ visit: (PDFObject) -> [PDFObject]?
  ) {
    var open = Array(start.reversed())
    var seen: Set<Int> = []
    var room = limit
    while let node = open.popLast() {
      if let id = node.identity, !seen.insert(id).inserted { continue }
      guard room > 0 else {
        isCut = true
        return
      }
      room -= 1
      guard let children = visit(node) else { return }
      open.append(contentsOf: children.reversed())
    }
  }

  /// The entries of a name tree or a number tree.
  ///
  /// *Source:* ISO 32000-1 §7.9.6, §7.9.7.
  func entries(of tree: PDFObject?, under key: String) -> [(key: PDFObject, value: PDFObject)] {
    var entries: [(key: PDFObject, value: PDFObject)] = []
    guard let tree else { return entries }
    walk(from: [tree], limit: 20_000) { node in
      if let leaves = node[key] {
        let items = leaves.items(20_000)
        for index in stride(from: 0, to: items.count - 1, by: 2) {
          entries.append((items[index], items[index + 1]))
        }
      }
      return node["Kids"]?.items() ?? []
    }
    return entries
  }
}

extension [String] {
  /// The texts without those that came before.
  var unique: [String] {
    var said: Set<String> = []
    return filter { said.insert($0).inserted }
  }
}
