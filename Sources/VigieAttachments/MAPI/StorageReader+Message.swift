import VigieCore
import VigieDocuments

extension StorageReader {
  /// Reads an Outlook message.
  ///
  /// *Source:* [MS-OXMSG] §2.1 (properties), §2.2 (storages).
  mutating func readMessage(
    _ storage: Int,
    at place: Place,
    into extraction: inout Extraction
  ) {
    let isTop = storage == CompoundFile.root
    let item = item(storage, headerByteCount: isTop ? 32 : 24)
    item.addMessage(at: place, to: &extraction)
    var recipientCount = 0
    for child in file.entries[storage].children where file.entries[child].isStorage {
      let name = file.entries[child].name
      if name.hasPrefix("__recip_version1.0_") {
        guard extraction.hasRoom else { return }
        recipientCount += 1
        var recipient = self.item(child, headerByteCount: 8)
        recipient.fallbackCodePage = item.number(OutlookItem.Tag.codePage) ?? Charset.western
        // The name ends with the index, from 0, in hexadecimal.
        let index = UInt32(name.suffix(8), radix: 16).map { Int($0) + 1 } ?? recipientCount
        recipient.addStrings(except: [], of: "recipient \(index)", at: place, to: &extraction)
      } else if name.hasPrefix("__attach_version1.0_") {
        var attachment = self.item(child, headerByteCount: 8)
        attachment.fallbackCodePage = item.number(OutlookItem.Tag.codePage) ?? Charset.western
        open(attachment, storage: child, in: place, into: &extraction)
      }
    }
  }

  private mutating func open(
    _ attachment: OutlookItem,
    storage: Int,
    in place: Place,
    into extraction: inout Extraction
  ) {
    let name = attachment.attachmentName
    var inner = place
    if !name.isEmpty { inner.path.append(name) }
    // A message or an object in the attachment is a storage here.
    if let object = file.storage("__substg1.0_3701000D", in: storage) {
      guard extraction.enter(place) else { return }
      inner.role = .bodyText
      extraction.add(name, at: inner, role: .filename)
      read(object, at: inner, into: &extraction)
    } else if let data = attachment.value(OutlookItem.Tag.attachData) {
      extraction.openPart(data.array, named: name, in: place)
    } else {
      extraction.add(name, at: inner, role: .filename)
      extraction.miss(.missing, "an attachment is only referred to", at: inner)
    }
    attachment.addStrings(except: Array(name.utf8), at: inner, to: &extraction)
  }

  /// The properties in a storage.
  private mutating func item(_ storage: Int, headerByteCount: Int) -> OutlookItem {
    var item = OutlookItem()
    item.names = propertyNames()
    if let fixed = file.stream("__properties_version1.0", in: storage) {
      var offset = headerByteCount
      while let entry = fixed.slice(offset, 16) {
        let type = entry.u16(0) ?? 0
        if [0x0002, 0x0003, 0x000B].contains(type) {
          item.properties.append(
            OutlookItem.Property(id: entry.u16(2) ?? 0, type: type, value: entry.clamped(8))
          )
        }
        offset += 16
      }
    }
    for child in file.entries[storage].children where !file.entries[child].isStorage {
      // The tag in hexadecimal, then the index of one of several values.
      let name = file.entries[child].name
      let prefix = "__substg1.0_"
      guard name.hasPrefix(prefix),
        let tag = UInt32(name.dropFirst(prefix.count).prefix(8), radix: 16)
      else { continue }
      var type = Int(tag & 0xFFFF)
      if type & 0x1000 != 0 {
        // The stream without an index holds the lengths of the values.
        guard name.contains("-") else { continue }
        type &= 0xFFF
      }
      guard type == 0x1E || type == 0x1F || type == 0x102 else { continue }
      item.properties.append(
        OutlookItem.Property(id: Int(tag >> 16), type: type, value: file.stream(child))
      )
    }
    return item
  }

  /// The names of properties whose numbers are this file's own.
  ///
  /// *Source:* [MS-OXMSG] §2.2.3 (named property mapping storage).
  private mutating func propertyNames() -> [Int: String] {
    if let known = messageNames { return known }
    var names: [Int: String] = [:]
    if let storage = file.storage("__nameid_version1.0", in: CompoundFile.root),
      let entries = file.stream("__substg1.0_00030102", in: storage),
      let strings = file.stream("__substg1.0_00040102", in: storage)
    {
      var offset = 0
      while let entry = entries.slice(offset, 8) {
        offset += 8
        guard let kind = entry.u16(4), kind & 1 == 1, let start = entry.u32(0),
          let index = entry.u16(6), let length = strings.u32(start),
          let name = strings.slice(start + 4, length)
        else { continue }
        names[0x8000 + index] = name.utf16Decoded.string
      }
    }
    messageNames = names
    return names
  }
}
