import VigieCore
import VigieJSON

/// The records of several JSON files of an archive, one file after the other.
struct JSONFiles {
  private let tree: ArchiveTree
  private let members: [ArchiveTree.Member]
  private let shape: RecordWalk.Shape
  private let limit: Int
  private var walk: RecordWalk?
  private var nextIndex = 0
  private var finishedByteCount = 0
  let totalByteCount: Int

  init(_ tree: ArchiveTree, _ members: [ArchiveTree.Member], _ shape: RecordWalk.Shape, limit: Int)
  {
    self.tree = tree
    self.members = members
    self.shape = shape
    self.limit = limit
    totalByteCount = members.reduce(0) { $0 &+ $1.byteCount }
  }

  /// The bytes in which the range of the last record lies.
  var bytes: [UInt8] { walk?.bytes ?? [] }

  /// The keys that lead to the last record.
  var path: [String] { walk?.path ?? [] }

  /// Whether no keys lead to the last record.
  var isAtTop: Bool { walk?.path.isEmpty ?? true }

  /// Where the last record lies among the members; 0 before the first.
  var index: Int { max(0, nextIndex - 1) }

  /// The member that is read; `nil` before the first and where there is none.
  var member: ArchiveTree.Member? { members.isEmpty ? nil : members[index] }

  var byteCountRead: Int { finishedByteCount + (walk?.stream.window.offset ?? 0) }

  /// A reader of the record that is next, as ``RecordWalk/recordReader()`` gives it.
  mutating func recordReader() -> JSONReader? { walk?.recordReader() }

  /// Consumes the record that a reader has read, as ``RecordWalk/passRecord(_:limit:)`` does.
  mutating func passRecord(_ reader: JSONReader) -> (offset: Int, byteCount: Int)? {
    walk?.passRecord(reader, limit: limit)
  }

  /// The next record or gap, or `nil` after the last file.
  mutating func next() -> RecordWalk.Item? {
    while true {
      if let item = walk?.next(limit: limit) { return item }
      if walk != nil {
        finishedByteCount += members[index].byteCount
        walk = nil
      }
      guard nextIndex < members.count else { return nil }
      nextIndex += 1
      do throws(SourceFault) {
        walk = RecordWalk(ByteWindow(try tree.open(members[index])), shape)
      } catch {
        finishedByteCount += members[index].byteCount
        return .gap(error, offset: 0)
      }
    }
  }

  /// The place of an offset in the member that is read.
  func source(_ offset: Int) -> SourceLocation {
    SourceLocation(member: member.flatMap(tree.reportedName), byteOffset: offset)
  }

  /// What could not be read, as an item of the archive.
  func gap(_ fault: SourceFault, _ offset: Int) -> ArchiveItem {
    .gap(Gap(place: .body, reason: fault.reason, detail: fault.detail), source: source(offset))
  }

  /// A record that is not what the format holds, unless it was only looked for after damage.
  func stranger(_ detail: String, _ offset: Int, _ isDoubtful: Bool) -> ArchiveItem? {
    isDoubtful ? nil : gap(SourceFault(reason: .corrupt, detail: detail), offset)
  }
}

extension ArchiveTree {
  /// The member of a name, or `nil` where there is none.
  ///
  /// - Complexity: O(log members).
  func member(named name: String) -> Member? {
    var low = 0
    var high = members.count
    while low < high {
      let middle = (low + high) / 2
      if members[middle].name < name { low = middle + 1 } else { high = middle }
    }
    return low < members.count && members[low].name == name ? members[low] : nil
  }
}

extension ArchiveTree.Member {
  /// The folder of the member with its `/`; empty at the top.
  var folder: String { String(name.dropLast(baseName.count)) }

  /// The last part of the name without its extension.
  var stem: String {
    let base = baseName
    guard let dot = base.lastIndex(of: "."), dot > base.startIndex else { return String(base) }
    return String(base[..<dot])
  }

  /// Whether the name says that it is JSON.
  var isNamedJSON: Bool {
    let base = baseName.lowercased()
    return base.hasSuffix(".json") || base.hasSuffix(".jsonl") || base.hasSuffix(".ndjson")
  }
}

extension ArchiveProbe {
  /// The keys of the first object in a head, and those of the first object within an array of it.
  ///
  /// Heads are cut: keys after the cut are not seen.
  static func keys(_ head: [UInt8]) -> Set<String> {
    var keys: Set<String> = []
    var reader = JSONReader(head)
    collectKeys(&reader, into: &keys, depth: 0)
    return keys
  }

  /// Collects keys three levels down, until the cut.
  private static func collectKeys(
    _ reader: inout JSONReader,
    into keys: inout Set<String>,
    depth: Int
  ) {
    do {
      switch try reader.kind() {
      case .object where depth < 3:
        let none = JSONKeys([])
        try reader.beginObject()
        while try reader.nextKey(none) != nil {
          keys.insert(reader.lastKey)
          let position = reader.position
          collectKeys(&reader, into: &keys, depth: depth + 1)
          if reader.position == position { return }
        }
      case .array where depth < 3:
        try reader.beginArray()
        // One element shows the kind of all.
        guard try reader.nextElement() else { return }
        collectKeys(&reader, into: &keys, depth: depth + 1)
        while try reader.nextElement() { try reader.skipValue() }
      default: try reader.skipValue()
      }
    } catch {
      return
    }
  }
}

extension Message {
  /// Notes that strings of the record had to be repaired.
  mutating func noteRepairs(_ count: Int) {
    guard count > 0 else { return }
    gaps.append(
      Gap(
        place: .body,
        reason: .encoding,
        detail: "the message held lone surrogates or invalid UTF-8, read as U+FFFD"
      )
    )
  }
}

extension JSONReader {
  /// Reads a value as text, of whatever type it is: exports hold numbers and arrays where texts
  /// belong, and what stands there is still shown.
  mutating func anyText() throws(JSONError) -> String? {
    switch try kind() {
    case .string: return try string()
    case .number: return try numberText()
    case .object, .array:
      var texts: [String] = []
      try collectStrings(into: &texts)
      return texts.joinedOnce
    case .boolean, .null:
      try skipValue()
      return nil
    }
  }
}
