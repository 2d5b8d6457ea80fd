import CQPDF
import Glibc

/// An object of a PDF file; references are followed.
///
/// Every question has an answer for an object of any kind, so that a hostile file cannot make
/// one a mistake: a string has no keys, a name is no number.
@safe final class PDFObject {
  /// The kinds that matter here.
  enum Kind: Sendable, Equatable { case string, name, number, array, dictionary, stream, other }

  private let file: PDFFile
  private let handle: qpdf_oh

  /// Takes over a handle of qpdf.
  init(_ handle: qpdf_oh, of file: PDFFile) {
    self.handle = handle
    self.file = file
  }

  deinit { unsafe qpdf_oh_release(file.data, handle) }

  var kind: Kind {
    switch unsafe qpdf_oh_get_type_code(file.data, handle) {
    case ot_string: .string
    case ot_name: .name
    case ot_integer, ot_real: .number
    case ot_array: .array
    case ot_dictionary: .dictionary
    case ot_stream: .stream
    default: .other
    }
  }

  /// A number of its own for an object that others may refer to, or `nil` for a direct one.
  var identity: Int? {
    let id = unsafe qpdf_oh_get_object_id(file.data, handle)
    return id > 0 ? Int(id) : nil
  }

  // MARK: Values

  /// The text of a string, whatever its encoding.
  ///
  /// *Source:* ISO 32000-1 §7.9.2.2 (text strings).
  var text: String? {
    var bytes: UnsafePointer<CChar>?
    var count = 0
    guard kind == .string,
      unsafe qpdf_oh_get_value_as_utf8(file.data, handle, &bytes, &count) != 0,
      let start = unsafe bytes
    else { return nil }
    let buffer = unsafe UnsafeRawBufferPointer(start: start, count: count)
    return unsafe String(decoding: buffer, as: UTF8.self)
  }

  /// A name without its slash.
  var name: String? {
    guard kind == .name, let value = unsafe qpdf_oh_get_name(file.data, handle) else { return nil }
    return String(unsafe String(cString: value).dropFirst())
  }

  /// A whole number.
  var integer: Int? {
    var value: CLongLong = 0
    guard unsafe qpdf_oh_get_value_as_longlong(file.data, handle, &value) != 0 else { return nil }
    return Int(value)
  }

  /// The text of a string or a name.
  var textOrName: String? { text ?? name }

  // MARK: Parts

  /// The value of a key of a dictionary or a stream; `nil` where there is none.
  subscript(_ key: String) -> PDFObject? {
    switch kind {
    case .dictionary: return value("/" + key, of: handle)
    case .stream:
      let dictionary = unsafe qpdf_oh_get_dict(file.data, handle)
      defer { unsafe qpdf_oh_release(file.data, dictionary) }
      return value("/" + key, of: dictionary)
    default: return nil
    }
  }

  private func value(_ key: String, of dictionary: qpdf_oh) -> PDFObject? {
    let found = unsafe qpdf_oh_get_key(file.data, dictionary, key)
    guard unsafe qpdf_oh_is_null(file.data, found) == 0 else {
      unsafe qpdf_oh_release(file.data, found)
      return nil
    }
    return PDFObject(found, of: file)
  }

  /// The keys of a dictionary, without their slashes.
  var keys: [String] {
    guard kind == .dictionary else { return [] }
    var keys: [String] = []
    unsafe qpdf_oh_begin_dict_key_iter(file.data, handle)
    while unsafe qpdf_oh_dict_more_keys(file.data) != 0,
      let key = unsafe qpdf_oh_dict_next_key(file.data)
    {
      keys.append(String(unsafe String(cString: key).dropFirst()))
    }
    return keys
  }

  /// The items of an array; an empty one for everything else.
  var count: Int {
    kind == .array ? max(0, Int(unsafe qpdf_oh_get_array_n_items(file.data, handle))) : 0
  }

  /// The items of an array, at most so many; ``PDFFile/isCut`` says where there are more.
  func items(_ limit: Int = 10_000) -> [PDFObject] {
    let count = count
    if count > limit { file.isCut = true }
    return (0..<min(limit, count)).compactMap { index in
      CInt(exactly: index).map {
        PDFObject(unsafe qpdf_oh_get_array_item(file.data, handle, $0), of: file)
      }
    }
  }

  // MARK: Streams

  /// Why the bytes of a stream cannot be had.
  enum StreamFailure: Error, Sendable, Equatable {
    /// They may unpack to more than is allowed.
    case tooLong
    /// They are damaged, or packed in a way nobody knows.
    case damaged
  }

  /// The unpacked bytes of a stream; where only a part of them is sound, that part, and
  /// ``PDFFile/isDamaged`` says so.
  ///
  /// - Parameter limit: Bytes to which it may unpack.
  /// - Returns: The bytes; none where the stream is empty.
  /// - Throws: ``StreamFailure`` where not even a part can be had.
  func bytes(limit: Int) throws(StreamFailure) -> [UInt8] {
    guard kind == .stream else { throw .damaged }
    // One layer of Flate unpacks to 1,032 times its length at most (RFC 1951 §3.2.5), so that the
    // memory it needs is known; layer upon layer nobody needs and only a bomb has.
    let filters = self["Filter"].map { $0.kind == .array ? $0.items(16) : [$0] } ?? []
    let packers = filters.count { ["FlateDecode", "Fl", "LZWDecode", "LZW"].contains($0.name) }
    let packed = max(0, self["Length"]?.integer ?? 0)
    var most = packed
    for _ in 0..<packers {
      let (product, isTooLarge) = most.multipliedReportingOverflow(by: 1_032)
      most = isTooLarge ? Int.max : product
    }
    if packers > 1 && most > limit { throw .tooLong }
    if packers == 0 && packed > limit { throw .tooLong }
    file.forgetWarnings()
    var buffer: UnsafeMutablePointer<UInt8>?
    var count = 0
    var isFiltered: QPDF_BOOL = 0
    let status = unsafe qpdf_oh_get_stream_data(
      file.data,
      handle,
      qpdf_dl_generalized,
      &isFiltered,
      &buffer,
      &count
    )
    file.forgetError()
    if file.forgetWarnings() { file.isDamaged = true }
    defer { unsafe free(buffer) }
    guard status & QPDF_ERROR_CODE(QPDF_ERRORS) == 0, let start = unsafe buffer else {
      if status & QPDF_ERROR_CODE(QPDF_ERRORS) == 0 && count == 0 { return [] }
      throw .damaged
    }
    // Bytes that are still packed are not what was asked for.
    guard isFiltered != 0 || filters.isEmpty else { throw .damaged }
    guard count <= limit else { throw .tooLong }
    return unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }
}
