package import VigieCore
package import VigieDocuments

/// `winmail.dat`: a message of Outlook as it goes to everybody else.
///
/// *Source:* [MS-OXTNEF] §2.1.1 (stream), §2.1.3 (attributes), §2.1.3.4 (MAPI properties).
package enum TNEF: DocumentFormat {
  package static let name = "winmail.dat (TNEF)"

  /// The signature.
  ///
  /// *Source:* [MS-OXTNEF] §2.1.3.1.
  private static let signature: [UInt8] = [0x78, 0x9F, 0x3E, 0x22]

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    guard bytes.byteCount >= 6 else { return false }
    return signature.indices.allSatisfy { index in
      unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) == signature[index]
    }
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    var reader = TNEFReader(Octets(bytes), place: place)
    reader.read(into: &extraction)
  }
}

/// Reads the attributes of a TNEF stream.
private struct TNEFReader {
  private let stream: Octets
  private let place: Place
  private var message = OutlookItem()
  private var attachment: (item: OutlookItem, data: Octets?, title: [UInt8])?
  private var codePage = Charset.western

  init(_ stream: Octets, place: Place) {
    self.stream = stream
    self.place = place
  }

  mutating func read(into extraction: inout Extraction) {
    var offset = 6
    // Level, number, length, data, checksum.
    while let level = stream.u8(offset), let id = stream.u16(offset + 1),
      let length = stream.u32(offset + 5)
    {
      let data = stream.clamped(offset + 9, length)
      if data.count < length || level > 2 || level == 0 {
        extraction.miss(.truncated, "winmail.dat: it ends inside an attribute", at: place)
      }
      offset += 9 + length + 2
      take(id, data, into: &extraction)
    }
    // Mail leaves line ends behind.
    let rest = stream.clamped(offset).bytes.drop { $0 == 0 || $0 == 0x0D || $0 == 0x0A }
    if message.properties.isEmpty || !rest.isEmpty && rest.count < 9 {
      extraction.miss(.truncated, "winmail.dat: it ends before its message", at: place)
    }
    finishAttachment(into: &extraction)
    message.fallbackCodePage = codePage
    message.addMessage(at: place, to: &extraction)
  }

  /// Takes an attribute.
  ///
  /// *Source:* [MS-OXTNEF] §2.1.3.2 (IDs).
  private mutating func take(_ id: Int, _ data: Octets, into extraction: inout Extraction) {
    switch id {
    case 0x9007: codePage = data.u32(0) ?? codePage
    case 0x8004: addText(OutlookItem.Tag.subject, data)
    case 0x800C: addText(OutlookItem.Tag.body, data)
    case 0x9003: readProperties(data, into: &message, &extraction)
    case 0x9004: readRecipients(data, into: &extraction)
    case 0x9002:
      finishAttachment(into: &extraction)
      attachment = (OutlookItem(), nil, [])
    case 0x800F, 0x8010, 0x9005:
      var current = attachment ?? (OutlookItem(), nil, [])
      if id == 0x800F { current.data = data }
      if id == 0x8010 { current.title = text(data) }
      if id == 0x9005 { readProperties(data, into: &current.item, &extraction) }
      attachment = current
    default: break
    }
  }

  private func text(_ data: Octets) -> [UInt8] {
    Charset.decode(data.untilNUL.bytes, codePage) ?? data.untilNUL.array
  }

  private mutating func addText(_ id: Int, _ data: Octets) {
    let text = Octets(Array(text(data)))
    message.properties.append(OutlookItem.Property(id: id, type: 0x1E, value: text))
  }

  private mutating func finishAttachment(into extraction: inout Extraction) {
    guard let (found, data, title) = attachment else { return }
    attachment = nil
    var item = found
    item.fallbackCodePage = codePage
    var name = item.attachmentName
    if name.isEmpty { name = title.string }
    // The data of an object starts with the identifier of its interface.
    let object = item.properties.first { $0.id == OutlookItem.Tag.attachData }
    if let object, object.value.count > 16 {
      let skipped = object.type == 0x0D ? 16 : 0
      extraction.openPart(object.value.clamped(skipped).array, named: name, in: place)
    } else {
      extraction.openPart(data?.array ?? [], named: name, in: place)
    }
    var inner = place
    if !name.isEmpty { inner.path.append(name) }
    if title.string != name {
      extraction.add(title, at: inner, role: .metadata, location: "title of the attachment")
    }
    item.addStrings(except: Array(name.utf8), at: inner, to: &extraction)
  }

  private mutating func readRecipients(_ data: Octets, into extraction: inout Extraction) {
    var offset = 4
    for index in 0..<min(data.u32(0) ?? 0, 10_000) {
      guard offset < data.count, extraction.hasRoom else { return }
      var recipient = OutlookItem()
      offset += readProperties(data.clamped(offset), into: &recipient, &extraction)
      recipient.fallbackCodePage = codePage
      recipient.addStrings(except: [], of: "recipient \(index + 1)", at: place, to: &extraction)
    }
  }

  /// Reads a list of properties.
  ///
  /// - Returns: The bytes that it fills.
  @discardableResult
  private func readProperties(
    _ data: Octets,
    into item: inout OutlookItem,
    _ extraction: inout Extraction
  ) -> Int {
    var offset = 4
    for _ in 0..<min(data.u32(0) ?? 0, 100_000) {
      guard let type = data.u16(offset), let id = data.u16(offset + 2) else { break }
      offset += 4
      if id >= 0x8000 {
        let kind = data.u32(offset + 16)
        guard let length = data.u32(offset + 20) else { break }
        offset += 24
        if kind == 1 {
          item.names[id] = data.clamped(offset, length).utf16Decoded.filter { $0 != 0 }.string
          offset += (length + 3) & ~3
        }
      }
      guard let end = readValues(data, type, id, at: offset, into: &item) else {
        extraction.miss(.corrupt, "winmail.dat: a property cannot be read", at: place)
        return data.count
      }
      offset = end
    }
    return offset
  }

  /// Reads the values of a property; `nil` where its length is not known.
  private func readValues(
    _ data: Octets,
    _ type: Int,
    _ id: Int,
    at start: Int,
    into item: inout OutlookItem
  ) -> Int? {
    var offset = start
    let kind = type & 0xFFF
    let isVariable = [0x1E, 0x1F, 0x102, 0x0D].contains(kind)
    var count = 1
    if isVariable || type & 0x1000 != 0 {
      guard let number = data.u32(offset) else { return nil }
      count = number
      offset += 4
    }
    let fixed: [Int: Int] = [
      0x01: 4, 0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8,
      0x40: 8, 0x48: 16,
    ]
    for _ in 0..<count {
      guard offset <= data.count else { return nil }
      var length: Int
      if isVariable {
        guard let own = data.u32(offset) else { return nil }
        length = own
        offset += 4
      } else {
        guard let own = fixed[kind] else { return nil }
        length = own
      }
      let value = data.clamped(offset, length)
      item.properties.append(OutlookItem.Property(id: id, type: kind, value: value))
      offset += (length + 3) & ~3
    }
    return offset
  }
}
