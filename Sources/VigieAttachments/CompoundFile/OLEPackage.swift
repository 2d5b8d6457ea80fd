import VigieCore
import VigieDocuments

/// A file that was dropped into a document: the native data of OLE 1, mostly of a Package.
///
/// *Source:* [MS-OLEDS] §2.3.6 (OLENativeStream); the Package's own fields as Windows writes them
/// (UTF-16 names at the end are optional).
struct OLEPackage {
  private let data: Octets

  /// The stream `\u{1}Ole10Native`: the length of the data, then the data.
  init(native stream: Octets) { data = stream.clamped(4, stream.u32(0) ?? 0) }

  /// The native data of an OLE 1 object, which has no length before it.
  init(data: Octets) { self.data = data }

  /// Opens the file, with the names it has there.
  func open(in place: Place, into extraction: inout Extraction) {
    guard let file = package else {
      return extraction.openPart(data.array, named: "", in: place)
    }
    extraction.add(file.path, at: place, role: .filename, location: "path of a packed file")
    extraction.openPart(file.content.array, named: file.label.string, in: place)
  }

  /// The parts of a Package, or `nil` where the data is that of another program.
  private var package: (label: [UInt8], path: [UInt8], content: Octets)? {
    guard data.u16(0) == 2 else { return nil }
    var offset = 2
    func text() -> [UInt8] {
      let text = data.clamped(offset).untilNUL
      offset += text.count + 1
      return Charset.decode(text.bytes, Charset.western) ?? []
    }
    let label = text()
    let path = text()
    // Flags, then the length of the temporary path and the path.
    offset += 4
    guard let count = data.u32(offset) else { return nil }
    offset += 4
    guard count <= data.count - offset else { return nil }
    offset += count
    guard let byteCount = data.u32(offset) else { return nil }
    return (label, path, data.clamped(offset + 4, byteCount))
  }
}
