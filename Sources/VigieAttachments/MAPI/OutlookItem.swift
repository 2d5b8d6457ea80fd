import VigieCore
import VigieDocuments

/// The properties of an Outlook message, from a saved message or from `winmail.dat`.
///
/// *Source:* [MS-OXPROPS] §2 (property tags); [MS-OXCDATA] §2.11.1 (types).
struct OutlookItem {
  /// A property with its value as bytes.
  struct Property {
    /// The upper half of the tag.
    var id: Int
    /// The lower half: the type.
    var type: Int
    /// The value; that of a type of fixed length in its first bytes.
    var value: Octets
  }

  /// The properties.
  var properties: [Property] = []
  /// The names of those whose numbers are the message's own.
  var names: [Int: String] = [:]
  /// The code page of 8-bit strings where the message itself names none.
  var fallbackCodePage = Charset.western

  /// Property tags.
  enum Tag {
    static let subject = 0x0037, sensitivity = 0x0036, headers = 0x007D, body = 0x1000
    static let html = 0x1013, rtf = 0x1009, conversation = 0x0070, normalizedSubject = 0x0E1D
    static let codePage = 0x3FFD, internetCodePage = 0x3FDE, attachData = 0x3701
    static let attachLongName = 0x3707, attachName = 0x3704, displayName = 0x3001
    static let messageClass = 0x001A
  }

  /// What people call the strings that matter most.
  private static let titles: [Int: String] = [
    0x0C1A: "header From", 0x0C1F: "header From", 0x0042: "header From", 0x0065: "header From",
    0x5D01: "header From", 0x5D02: "header From",
    0x0E04: "header To", 0x0E03: "header Cc", 0x0E02: "header Bcc", 0x0070: "conversation topic",
    0x1035: "header Message-ID", 0x1039: "header References", 0x1042: "header In-Reply-To",
    0x0E1D: "header Subject", 0x001A: "message class",
    0x3001: "name", 0x39FF: "name", 0x3003: "address", 0x39FE: "address", 0x3004: "comment",
    0x3A06: "given name", 0x3A11: "surname", 0x3A16: "company", 0x3A17: "job title",
    0x3A18: "department", 0x3A19: "office", 0x3708: "path of the file", 0x370D: "path of the file",
  ]
  /// Strings that only repeat others or name a class of the program.
  private static let silent: Set<Int> = [
    Tag.messageClass, 0x3FF8, 0x0C1E, 0x0064, 0x0075, 0x0077, 0x001D, 0x3703, 0x370E, 0x0040,
    0x003D, 0x3FFA, 0x3002, 0x0076, 0x0078, 0x300B, 0x3A20, 0x5FF6,
    0x1008, 0x4030, 0x4031, 0x4034, 0x4035, 0x3FFC, 0x0050,
  ]

  // MARK: Values

  /// The value of a property, or `nil`.
  func value(_ id: Int) -> Octets? { properties.first { $0.id == id }?.value }

  /// The number of a property, or `nil`.
  func number(_ id: Int) -> Int? {
    properties.first { $0.id == id && $0.type == 0x0003 }?.value.u32(0)
  }

  /// The code page of 8-bit strings.
  private var codePage: Int {
    if let number = number(Tag.codePage), number != Charset.utf8 { return number }
    if let number = number(Tag.internetCodePage), number != Charset.utf8 { return number }
    return fallbackCodePage
  }

  /// The text of a string property, or `nil` where it is none.
  func text(_ property: Property) -> [UInt8]? {
    switch property.type {
    case 0x001F: return property.value.utf16Decoded.filter { $0 != 0 }
    case 0x001E:
      let bytes = property.value.untilNUL
      // Some senders write UTF-8 whatever the message says; no other text looks like it.
      let isUTF8 =
        bytes.bytes.contains { $0 >= 0x80 }
        && String(validating: bytes.bytes, as: UTF8.self) != nil
      return isUTF8
        ? bytes.array
        : Charset.decode(bytes.bytes, codePage) ?? Charset.decode(bytes.bytes, Charset.western)
    default: return nil
    }
  }

  /// The text of a property of a number.
  func text(_ id: Int) -> [UInt8]? {
    properties.first { $0.id == id && ($0.type == 0x1F || $0.type == 0x1E) }.flatMap(text)
  }

  /// The name of an attachment: the long one, the short one, what is shown.
  var attachmentName: String {
    for id in [Tag.attachLongName, Tag.attachName, Tag.displayName] {
      if let name = text(id)?.trimmed, !name.isEmpty { return name.string }
    }
    return ""
  }

  // MARK: Texts

  /// Adds the headers, the bodies and all other strings of a message.
  func addMessage(at place: Place, to extraction: inout Extraction) {
    let subject = text(Tag.subject) ?? []
    var isSaid = false
    if let headers = text(Tag.headers).map(MailHeaders.init) {
      headers.add(at: place, to: &extraction)
      isSaid = headers.fields.contains {
        $0.name == "Subject" && EncodedWords.decode($0.raw).trimmed == subject
      }
    }
    if !isSaid {
      extraction.add(subject, at: place, role: .metadata, location: "header Subject")
    }
    // *Source:* [MS-OXCMSG] §2.2.1.14 (PidTagSensitivity); the words of RFC 4021 §2.1.55.
    let words = [1: "Personal", 2: "Private", 3: "Company-Confidential"]
    if let number = number(Tag.sensitivity), let word = words[number] {
      extraction.addProperty(
        "Sensitivity",
        Array(word.utf8),
        at: place,
        location: "header Sensitivity"
      )
    }
    addStrings(except: subject, at: place, to: &extraction)
    addBodies(at: place, to: &extraction)
  }

  /// Adds the strings that have no place of their own in a message, a recipient or an attachment.
  ///
  /// - Parameters:
  ///   - subject: A text that is said elsewhere.
  ///   - owner: What is put before the place of each, such as `recipient 2`; empty for the message itself.
  ///   - place: Where the message lies.
  ///   - extraction: What takes the texts.
  func addStrings(
    except subject: [UInt8],
    of owner: String = "",
    at place: Place,
    to extraction: inout Extraction
  ) {
    let own: Set<Int> = [Tag.subject, Tag.headers, Tag.body, Tag.html, Tag.rtf]
    for property in properties where !own.contains(property.id) {
      guard extraction.hasRoom else { return }
      guard let text = text(property), !OutlookItem.silent.contains(property.id) else { continue }
      if let name = names[property.id] {
        // A stream of custom properties holds those of a form; its name says nothing.
        extraction.addProperty(name, text, at: place)
        continue
      }
      if text == subject { continue }
      let title =
        OutlookItem.titles[property.id]
        ?? "property 0x\(String(property.id, radix: 16, uppercase: true))"
      let location = owner.isEmpty ? title : "\(owner) \(title)"
      extraction.add(text.trimmed, at: place, role: .metadata, location: location)
    }
  }

  private func addBodies(at place: Place, to extraction: inout Extraction) {
    if let body = text(Tag.body) { MailText.add(body, at: place, location: "", to: &extraction) }
    if let property = properties.first(where: { $0.id == Tag.html }) {
      if let text = text(property) {
        MailText.openHTML(text, isUTF8: true, named: "", in: place, into: &extraction)
      } else {
        let bytes = property.value.array
        let decoded = number(Tag.internetCodePage).flatMap { Charset.decode(bytes, $0) }
        MailText.openHTML(
          decoded ?? bytes,
          isUTF8: decoded != nil,
          named: "",
          in: place,
          into: &extraction
        )
      }
    }
    if let packed = value(Tag.rtf), packed.count > 16 {
      guard let rtf = LZFu.decompress(packed, limit: extraction.unpackableByteCount) else {
        return extraction.miss(.corrupt, "the RTF body cannot be unpacked", at: place)
      }
      extraction.openPart(rtf, named: "", in: place, packed: packed.count)
    }
  }
}
