import VigieContainers
import VigieCore
import VigieDocuments

/// A ZIP made byte by byte, so that it can be wrong in every way.
struct TestZip {
  struct File {
    var name: [UInt8]
    var localName: [UInt8]?
    var data: [UInt8]
    var method = 0
    var packed: [UInt8]?
    var flags = 0
    var isListed = true
    var checksum: Int?

    init(_ name: String, _ data: String) {
      self.name = Array(name.utf8)
      self.data = Array(data.utf8)
    }
  }

  var files: [File]
  var prefix: [UInt8] = []
  var comment: [UInt8] = []
  var hasDirectory = true

  var bytes: [UInt8] {
    var out = prefix
    var directory: [UInt8] = []
    var count = 0
    for file in files {
      let offset = out.count - prefix.count
      let packed = file.packed ?? file.data
      let sum = file.checksum ?? Int(unsafe CRC32.checksum(file.data.span.bytes))
      let isStreamed = file.flags & 8 != 0
      let sizes = [(sum, 4), (packed.count, 4), (file.data.count, 4)]
      let localName = file.localName ?? file.name
      out += number([(0x0403_4B50, 4), (20, 2), (file.flags, 2), (file.method, 2), (0, 4)])
      out += number(isStreamed ? [(0, 4), (0, 4), (0, 4)] : sizes)
      out += number([(localName.count, 2), (0, 2)]) + localName + packed
      if isStreamed { out += number([(0x0807_4B50, 4)] + sizes) }
      guard file.isListed else { continue }
      count += 1
      directory += number([(0x0201_4B50, 4), (20, 2), (20, 2), (file.flags, 2), (file.method, 2)])
      directory += number(
        [(0, 4)] + sizes + [(file.name.count, 2), (0, 2), (0, 2), (0, 4), (0, 4)]
      )
      directory += number([(offset, 4)]) + file.name
    }
    guard hasDirectory else { return out }
    let start = out.count - prefix.count
    out += directory
    out += number([(0x0605_4B50, 4), (0, 4), (count, 2), (count, 2), (directory.count, 4)])
    return out + number([(start, 4), (comment.count, 2)]) + comment
  }

  private func number(_ fields: [(Int, Int)]) -> [UInt8] {
    fields.flatMap { value, count in
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
  }
}

/// What the members of a ZIP unpack to, by name, and the gaps.
func unpack(
  _ bytes: [UInt8],
  limits: DocumentLimits = DocumentLimits()
) -> (zip: ZipFile?, members: [(name: String, text: String?)], gaps: [Gap]) {
  let span = unsafe bytes.span.bytes
  var extraction = Extraction(limits: limits) { _, _, _ in }
  guard let zip = ZipFile(span) else { return (nil, [], []) }
  let place = Place(part: .attachment(0), role: .bodyText)
  let members = zip.entries.map { entry in
    let data = zip.unpack(entry, of: span, into: &extraction, at: place)
    return (name: entry.name, text: data.map { String(decoding: $0, as: UTF8.self) })
  }
  return (zip, members, extraction.gaps)
}
