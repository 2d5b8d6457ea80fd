import Foundation
import VigieArchives
import VigieCore
import VigieJSON

/// A temporary folder with files, removed at the end.
final class Folder {
  let path: String

  init(_ files: [String: [UInt8]] = [:]) throws {
    path = NSTemporaryDirectory() + "vigie-archives-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path,
      withIntermediateDirectories: true,
      attributes: nil
    )
    for (name, bytes) in files { _ = try write(name, bytes) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file below the folder and returns its path.
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    let parent = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }
}

/// Everything an archive holds.
func items(
  _ path: String,
  format: String? = nil,
  options: ArchiveOptions = ArchiveOptions()
) throws -> [ArchiveItem] {
  var reader = try ArchiveReader(path: path, format: format, options: options)
  var items: [ArchiveItem] = []
  while let item = try reader.next() { items.append(item) }
  return items
}

/// The bytes of a file.
func bytes(of path: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(fileURLWithPath: path)))
}

extension [ArchiveItem] {
  var messages: [Message] {
    compactMap { if case .message(let message, _, _) = $0 { message } else { nil } }
  }

  var gaps: [Gap] {
    compactMap { if case .gap(let gap, _) = $0 { gap } else { nil } }
  }

  var changes: [AccessChange] {
    compactMap { if case .access(let change, _) = $0 { change } else { nil } }
  }

  var reasons: [GapReason] { gaps.map(\.reason) }
}

/// One item as a line of `expected.jsonl`.
func line(_ item: ArchiveItem, root: String) -> String {
  var writer = JSONWriter()
  writer.beginObject()
  func place(_ source: SourceLocation, _ count: Int?) {
    writer.key("member")
    writer.string(source.member)
    writer.key("offset")
    writer.integer(source.byteOffset)
    if let line = source.line {
      writer.key("line")
      writer.integer(line)
    }
    if let count {
      writer.key("bytes")
      writer.integer(count)
    }
  }
  switch item {
  case .message(let message, let source, let count):
    writer.key("message")
    writer.message(message, root: root)
    place(source, count)
  case .channel(let message, let source, let count):
    writer.key("channel")
    writer.message(message, root: root)
    place(source, count)
  case .gap(let gap, let source):
    writer.key("gap")
    writer.string(gap.reason.rawValue)
    writer.key("detail")
    writer.string(gap.detail)
    place(source, nil)
  case .access(let change, let source):
    writer.key("access")
    writer.string("\(change.fact)")
    writer.key("room")
    writer.string(change.channel)
    writer.key("time")
    writer.integer(change.milliseconds ?? -1)
    place(source, nil)
  }
  writer.endObject()
  return String(decoding: writer.bytes, as: UTF8.self)
}

extension JSONWriter {
  fileprivate mutating func message(_ message: Message, root: String) {
    beginObject()
    let texts = [
      ("id", message.id), ("body", message.body), ("html", message.html),
      ("subject", message.subject), ("sender", message.sender), ("timestamp", message.timestamp),
      ("replaces", message.replaces),
    ]
    for (name, text) in texts where text != nil {
      key(name)
      string(text)
    }
    if let channel = message.channel {
      key("channel")
      beginObject()
      key("id")
      string(channel.id)
      key("name")
      string(channel.name)
      key("visibility")
      string(channel.visibility.rawValue)
      for (name, value) in [("encrypted", channel.encrypted), ("federated", channel.federated)] {
        guard let value else { continue }
        key(name)
        boolean(value)
      }
      endObject()
    }
    for attachment in message.attachments {
      key("file")
      beginArray()
      string(attachment.name)
      string(attachment.mimetype)
      switch attachment.content {
      case .nameOnly: string("name only")
      case .uploaded(let id, _): string("uploaded \(id)")
      case .file(let path): string("file " + path.replacingOccurrences(of: root, with: "…"))
      case .bytes(let bytes): string("\(bytes.count) bytes")
      case .missing(let detail): string("missing: \(detail)")
      }
      endArray()
    }
    for gap in message.gaps {
      key("gap")
      strings([gap.place.part.description, gap.reason.rawValue, gap.detail])
    }
    endObject()
  }
}

/// A ZIP of files that are stored as they are.
func storedZip(_ files: [(name: String, bytes: [UInt8])], flags: UInt16 = 0x800) -> [UInt8] {
  var zip: [UInt8] = []
  var directory: [UInt8] = []
  func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  for file in files {
    let offset = zip.count
    let common =
      number(20, 2) + number(Int(flags), 2) + number(0, 6) + number(Int(checksum(file.bytes)), 4)
      + number(file.bytes.count, 4) + number(file.bytes.count, 4) + number(file.name.utf8.count, 2)
    zip += number(0x0403_4B50, 4) + common + number(0, 2) + Array(file.name.utf8) + file.bytes
    directory +=
      number(0x0201_4B50, 4) + number(20, 2) + common + number(0, 12) + number(offset, 4)
    directory += Array(file.name.utf8)
  }
  let start = zip.count
  zip += directory
  zip += number(0x0605_4B50, 4) + number(0, 4) + number(files.count, 2) + number(files.count, 2)
  zip += number(directory.count, 4) + number(start, 4) + number(0, 2)
  return zip
}

/// The CRC-32 of bytes.
func checksum(_ bytes: [UInt8]) -> UInt32 {
  var value: UInt32 = 0xFFFF_FFFF
  for byte in bytes {
    value ^= UInt32(byte)
    for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }
  return ~value
}

/// A small generator with a fixed seed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
