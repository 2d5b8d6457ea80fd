import VigieContainers
import VigieCore
import VigieDocuments

extension Extraction {
  /// Reads a document that was taken out of another one.
  ///
  /// - Parameters:
  ///   - bytes: The document, unpacked.
  ///   - name: Its name inside the container; empty for none.
  ///   - place: The container.
  ///   - packed: The bytes it was packed in; `nil` where nothing was unpacked.
  mutating func openPart(
    _ bytes: [UInt8],
    named name: String,
    in place: Place,
    packed: Int? = nil
  ) {
    guard enter(place), unpack(bytes.count, total: bytes.count, packed: packed, at: place) else {
      return
    }
    unsafe open(bytes.span.bytes, named: name, in: place)
  }

  /// Reads a document that lies deflated in another one.
  ///
  /// - Parameters:
  ///   - packed: DEFLATE data without a header (RFC 1951).
  ///   - expected: The bytes it should unpack to.
  ///   - place: Where it lies; its name is the last part of the path.
  mutating func openDeflated(_ packed: Octets, expected: Int, at place: Place) {
    guard enter(place) else { return }
    let bytes = packed.array
    let unpacked = unsafe Unpacked.inflate(
      bytes.span.bytes,
      .none,
      expected: expected,
      into: &self,
      at: place
    )
    if unpacked.state == .corrupt || unpacked.state == .truncated {
      miss(.corrupt, "what lies inside cannot be unpacked to its end", at: place)
    }
    unsafe open(unpacked.bytes.span.bytes, named: "", in: place)
  }

  /// Adds a name and its value as people write them, `Name: value`, as a label where the name is
  /// that of one.
  mutating func addProperty(
    _ name: String,
    _ value: [UInt8],
    at place: Place,
    location: String? = nil
  ) {
    let value = value.trimmed
    guard !value.isEmpty else { return }
    let name = name.isEmpty ? "?" : name
    // Purview joins its key and value with "=" wherever it writes a text of its own.
    let isMIP = name.lowercased().hasPrefix("msip_label_")
    let text = Array((name + (isMIP ? "=" : ": ")).utf8) + value
    let isLabel = LabelName.isLabel(name)
    let location = location ?? "property \(name)"
    add(text, at: place, role: isLabel ? .label : .metadata, location: location)
    // In a field for labels a word is a marking that in prose is none: it also stands alone.
    if isLabel, !isMIP, value.count <= LabelName.maxMarkingByteCount, !value.contains(0x3D) {
      add(value, at: place, role: .label, location: location)
    }
  }
}

/// Tells the names of fields that hold a label.
enum LabelName {
  /// The bytes of a value that may be a marking by itself, at most.
  static let maxMarkingByteCount = 120

  /// Pieces of names, in lower case, each of a product or a standard that labels documents.
  ///
  /// *Source:* Microsoft Information Protection SDK (`MSIP_Label_…`, `msip_labels`); Australian
  /// Email Protective Marking Standard (`X-Protective-Marking`); RFC 7444 §2 (`SIO-Label`); RFC 4021
  /// §2.1.55 (`Sensitivity`); custom properties of Boldon James, TITUS and TSCP.
  private static let pieces: [[UInt8]] = [
    "msip_label", "protective", "sio-label", "titus", "sensitiv", "classification", "bjdocument",
    "bjsfc", "boldonjames", "urn:bails", "securitylabel", "security-label", "security label",
    "marking", "confidential", "vertraulich", "contentlabel", "x-bj", "watermarktext",
  ].map { Array($0.utf8) }

  /// Letters that some piece starts with.
  private static let starts: [Bool] = {
    var starts = [Bool](repeating: false, count: 256)
    for piece in pieces { starts[Int(piece[0])] = true }
    return starts
  }()

  /// Whether a name is that of a label, whatever its case.
  static func isLabel(_ name: String) -> Bool {
    let name = name.utf8.map(\.lowercased)
    let starts = starts
    for index in name.indices where starts[Int(name[index])] {
      if pieces.contains(where: { name[index...].starts(with: $0) }) { return true }
    }
    return false
  }
}
