import VigieCore
import VigieDocuments

/// A message of the Cryptographic Message Syntax, as in S/MIME: what is signed can be read, what is
/// enveloped cannot.
///
/// *Source:* RFC 5652 §3, §5 (SignedData), §6 (EnvelopedData); RFC 2634 §3 (ESSSecurityLabel).
struct CMSMessage {
  /// The signed content, where it lies in the message.
  private(set) var content: [UInt8]?
  /// Labels among the signed attributes, in words.
  private(set) var labels: [String] = []

  private enum Kind { case signed, encrypted, compressed, other, damaged }
  private var kind = Kind.damaged
  private var isCut = false

  private static let signedData: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02]
  private static let pkcs7: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07]
  private static let smimeContent: [UInt8] = [
    0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01,
  ]
  /// id-aa-securityLabel, 1.2.840.113549.1.9.16.2.2.
  ///
  /// *Source:* RFC 2634 §3.2.
  private static let securityLabel: [UInt8] = [
    0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x02,
  ]

  /// Whether bytes start as such a message does: a sequence that starts with one of its types.
  static func recognizes(_ bytes: Octets) -> Bool {
    guard bytes.u8(0) == 0x30, let outer = BERValue(bytes, at: 0),
      let type = BERValue(outer.content, at: 0), type.tag == 0x06
    else { return false }
    return type.content.starts(with: pkcs7) || type.content.starts(with: smimeContent)
  }

  /// Reads a message.
  init(_ bytes: Octets) {
    guard let outer = BERValue(bytes, at: 0), outer.tag == 0x30 else { return }
    isCut = outer.end > bytes.count
    let parts = outer.children
    guard parts.count > 1, parts[0].tag == 0x06 else { return }
    let type = parts[0].content
    if type.array == CMSMessage.signedData {
      kind = .signed
      if let signed = parts[1].children.first { readSigned(signed) }
    } else if type.starts(with: CMSMessage.pkcs7), let number = type.u8(8) {
      kind = number == 3 || number == 4 || number == 6 ? .encrypted : .other
    } else if type.starts(with: CMSMessage.smimeContent), let number = type.u8(10) {
      // Authenticated and enveloped data is 23, compressed data 9.
      kind = number == 23 ? .encrypted : number == 9 ? .compressed : .other
    }
  }

  private mutating func readSigned(_ signed: BERValue) {
    for part in signed.children {
      if part.tag == 0x30, content == nil {
        // EncapsulatedContentInfo: a type, then the content as a string of octets.
        let inner = part.children
        if inner.count > 1, inner[0].tag == 0x06, let string = inner[1].children.first {
          content = string.octets
        }
      } else if part.tag == 0x31 {
        for signer in part.children where signer.tag == 0x30 {
          for attributes in signer.children where attributes.tag == 0xA0 {
            for attribute in attributes.children { readAttribute(attribute) }
          }
        }
      }
    }
  }

  private mutating func readAttribute(_ attribute: BERValue) {
    let parts = attribute.children
    guard parts.count > 1, parts[0].content.array == CMSMessage.securityLabel,
      let label = parts[1].children.first
    else { return }
    // *Source:* RFC 2634 §3.2: SecurityClassification.
    let words = [
      "unmarked", "unclassified", "restricted", "confidential", "secret", "top-secret",
    ]
    var pieces: [String] = []
    for part in label.children {
      switch part.tag {
      case 0x02:
        let number = part.content.array.reduce(0) { ($0 << 8 | Int($1)) & 0xFFFF }
        pieces.insert(number < words.count ? words[number] : "class \(number)", at: 0)
      case 0x06: pieces.append("policy \(part.objectIdentifier)")
      case 0x0C, 0x13: pieces.append(part.content.array.string)
      default: break
      }
    }
    labels.append(pieces.joined(separator: "; "))
  }

  /// Adds the labels, and a gap for what cannot be read.
  func add(at place: Place, to extraction: inout Extraction) {
    for label in labels {
      extraction.addProperty(
        "ESS-Security-Label",
        Array(label.utf8),
        at: place,
        location: "security label"
      )
    }
    if isCut { extraction.miss(.truncated, "an S/MIME message that was cut off", at: place) }
    switch kind {
    case .signed: break
    case .encrypted: extraction.miss(.encrypted, "an encrypted S/MIME message", at: place)
    case .compressed:
      extraction.miss(.unsupported, "a compressed S/MIME message", at: place)
    case .other: extraction.miss(.unsupported, "a cryptographic message", at: place)
    case .damaged:
      extraction.miss(.corrupt, "an S/MIME message that cannot be read", at: place)
    }
  }
}

/// A value of ASN.1 in its basic encoding, with lengths that may be indefinite.
///
/// *Source:* ITU-T X.690 §8.1.
struct BERValue {
  /// The first byte: class, form and number.
  let tag: Int
  /// What it holds.
  let content: Octets
  /// Where the next value starts.
  let end: Int
  private let depth: Int

  private static let maxDepth = 32
  private static let maxChildCount = 10_000

  /// The value at an offset, or `nil`.
  init?(_ bytes: Octets, at offset: Int, depth: Int = 0) {
    guard depth < BERValue.maxDepth, let tag = bytes.u8(offset), tag & 0x1F != 0x1F,
      let first = bytes.u8(offset + 1)
    else { return nil }
    self.tag = tag
    self.depth = depth
    if first == 0x80 {
      // The values inside lead to the end; two zeros stand there.
      var index = offset + 2
      while bytes.u16(index) != 0 {
        guard let inner = BERValue(bytes, at: index, depth: depth + 1) else { return nil }
        index = inner.end
      }
      content = bytes.clamped(offset + 2, index - offset - 2)
      end = index + 2
      return
    }
    var length = first
    var start = offset + 2
    if first > 0x80 {
      guard first <= 0x84 else { return nil }
      length = 0
      for _ in 0..<first - 0x80 {
        guard let byte = bytes.u8(start) else { return nil }
        length = length << 8 | byte
        start += 1
      }
    }
    // What was cut off is missing at the end; the rest is read.
    content = bytes.clamped(start, length)
    end = start + max(length, 0)
  }

  /// The values inside.
  var children: [BERValue] {
    var result: [BERValue] = []
    var offset = 0
    while offset < content.count, result.count < BERValue.maxChildCount,
      let child = BERValue(content, at: offset, depth: depth + 1)
    {
      result.append(child)
      offset = child.end
    }
    return result
  }

  /// The octets of a string, whose pieces may be values of their own.
  var octets: [UInt8] {
    guard tag & 0x20 != 0 else { return content.array }
    return children.flatMap(\.octets)
  }

  /// An object identifier as its numbers.
  var objectIdentifier: String {
    var numbers: [Int] = []
    var value = 0
    for byte in content.bytes.prefix(64) {
      value = (value << 7 | Int(byte & 0x7F)) & 0xFFFF_FFFF
      if byte & 0x80 == 0 {
        numbers.append(value)
        value = 0
      }
    }
    guard let first = numbers.first else { return "" }
    let head = [min(first / 40, 2), first - min(first / 40, 2) * 40]
    return (head + numbers.dropFirst()).map(String.init).joined(separator: ".")
  }
}
