import VigieCore
import VigieJSON

/// Records of a JSON document of any size and shape, one at a time.
///
/// A document is values one after the other, with or without line breaks or an array around them.
/// The shape says which objects are records and which only hold records further down, so that a
/// document that is one object of gigabytes needs no more memory than its longest record.
struct RecordWalk {
  /// What the members of an object are for.
  enum Treatment {
    /// It holds records: the elements of an array, or members to be judged in turn.
    case enter
    /// It is a record itself.
    case record
    /// It holds nothing to read.
    case skip
  }

  /// Where in a document its records are.
  struct Shape: Sendable {
    /// Whether an object is no record but holds some, by its first key.
    var opens: @Sendable (_ firstKey: String) -> Bool
    /// What a member of such an object is for, by the keys that lead to it.
    var treatment: @Sendable (_ path: [String]) -> Treatment
  }

  /// A record, or why there is none.
  typealias Item = JSONStream.Value

  private enum Frame {
    case array
    case object
  }

  private(set) var stream: JSONStream
  /// The keys that lead to the last record.
  private(set) var path: [String] = []
  private let shape: Shape
  private var frames: [Frame] = []
  /// How many keys lead to each frame.
  private var depths: [Int] = []
  private var isEnded = false

  /// Whether the document is one object to be entered, whatever its first key.
  private let isEntered: Bool
  /// The first key with which the last record that was read in one go started.
  private var usualKey: [UInt8] = []

  init(_ window: ByteWindow, _ shape: Shape, isEntered: Bool = false) {
    stream = JSONStream(window)
    self.shape = shape
    self.isEntered = isEntered
  }

  /// The bytes in which the range of a record lies.
  var bytes: [UInt8] { stream.window.bytes }

  /// The next record or gap, or `nil` at the end.
  mutating func next(limit: Int) -> Item? {
    while !isEnded {
      let item =
        switch frames.last {
        case nil: root(limit)
        case .array?: element(limit)
        case .object?: member(limit)
        }
      if let item { return item }
    }
    return nil
  }

  /// A reader of the record that is next, where it stands among other records and something of it
  /// lies in memory.
  ///
  /// Whoever can read it says so with ``passRecord(_:limit:)``: what ``next(limit:)`` would hand out
  /// is the same, it passes each byte once more. Nothing is consumed until then.
  mutating func recordReader() -> JSONReader? {
    guard !isEnded, frames.last != .object, let first = stream.nextObject(), isRecord(at: first)
    else { return nil }
    return JSONReader(stream.window.bytes, in: first..<stream.window.bytes.count)
  }

  /// Consumes the record that a reader has read.
  ///
  /// - Parameters:
  ///   - reader: What ``recordReader()`` gave, standing after the record.
  ///   - limit: The longest record, bytes.
  /// - Returns: Where the record stands and its length; `nil` where it is too long and was not
  ///   consumed.
  mutating func passRecord(_ reader: JSONReader, limit: Int) -> (offset: Int, byteCount: Int)? {
    let byteCount = reader.position - reader.start
    guard byteCount <= limit else { return nil }
    if !path.isEmpty { path.removeSubrange((depths.last ?? 0)...) }
    let offset = stream.window.offset + reader.start - stream.window.start
    stream.consume(to: reader.position)
    return (offset, byteCount)
  }

  /// Whether the shape does not say of the object at an index that it only holds records.
  private mutating func isRecord(at index: Int) -> Bool {
    let bytes = stream.window.bytes
    var first = index + 1
    while first < bytes.count, bytes[first] <= 0x20 { first += 1 }
    guard first < bytes.count, bytes[first] == UInt8(ascii: "\"") else { return false }
    first += 1
    let usualEnd = first + usualKey.count
    if usualEnd < bytes.count, bytes[usualEnd] == UInt8(ascii: "\"") {
      let isUsual = usualKey.indices.allSatisfy { bytes[first + $0] == usualKey[$0] }
      if isUsual { return true }
    }
    guard let end = bytes[first...].prefix(1 << 12).firstIndex(of: UInt8(ascii: "\"")),
      !shape.opens(String(decoding: bytes[first..<end], as: UTF8.self))
    else { return false }
    usualKey = Array(bytes[first..<end])
    return true
  }

  // MARK: - Frames

  private mutating func root(_ limit: Int) -> Item? {
    path = []
    guard let byte = stream.isLost ? UInt8(ascii: ",") : stream.peek() else {
      isEnded = true
      return stream.window.fault.map { .gap($0, offset: stream.window.offset) }
    }
    switch byte {
    case UInt8(ascii: "{") where isEntered || isOpening():
      push(.object)
      return nil
    case UInt8(ascii: "["):
      push(.array)
      return nil
    case UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "\""):
      let item = stream.element(limit: limit, isOpenEnded: true)
      if item == nil { isEnded = stream.isLost || stream.isEnded }
      return item
    default:
      // Dumps end with the bare word from which to go on: one short line is no loss.
      let offset = stream.window.offset
      guard stream.skipLine() > 512 else { return nil }
      return .gap(
        SourceFault(reason: .corrupt, detail: "a line is no JSON"),
        offset: offset
      )
    }
  }

  private mutating func element(_ limit: Int) -> Item? {
    path.removeSubrange((depths.last ?? 0)...)
    if !stream.isLost, stream.peek() == UInt8(ascii: "{"), isOpening() {
      push(.object)
      return nil
    }
    guard let item = stream.element(limit: limit) else {
      // Who is still lost found no further object: the stream is at its end.
      isEnded = stream.isLost
      pop()
      return nil
    }
    return item
  }

  private mutating func member(_ limit: Int) -> Item? {
    path.removeSubrange((depths.last ?? 0)...)
    if stream.isLost {
      // What follows the damage may still be records: they are looked for, and are doubtful.
      frames.append(.array)
      depths.append(path.count)
      return nil
    }
    guard let byte = stream.peek() else {
      isEnded = true
      return stream.isEnded ? nil : .gap(stream.endFault, offset: stream.window.offset)
    }
    switch byte {
    case UInt8(ascii: ","):
      stream.skip()
      return nil
    case UInt8(ascii: "}"):
      stream.skip()
      pop()
      return nil
    case UInt8(ascii: "\""):
      guard case .record(let range, _, _) = stream.value(limit: 1 << 12),
        let key = text(range), stream.peek() == UInt8(ascii: ":")
      else { break }
      stream.skip()
      guard let first = stream.peek() else { return nil }
      path.append(key)
      let treatment = shape.treatment(path)
      if treatment == .enter, first == UInt8(ascii: "[") || first == UInt8(ascii: "{") {
        push(first == UInt8(ascii: "[") ? .array : .object)
        return nil
      }
      let item = stream.value(limit: treatment == .record ? limit : 1 << 12)
      if treatment == .record { return item }
      if case .gap(let fault, _) = item, fault.reason != .limit { return item }
      return nil
    default: break
    }
    let offset = stream.window.offset
    stream.lose()
    return .gap(
      SourceFault(reason: .corrupt, detail: "what stands around the records is damaged JSON"),
      offset: offset
    )
  }

  private mutating func push(_ frame: Frame) {
    stream.skip()
    frames.append(frame)
    depths.append(path.count)
  }

  private mutating func pop() {
    frames.removeLast()
    depths.removeLast()
    path.removeSubrange(min(path.count, depths.last ?? 0)...)
  }

  private func text(_ range: Range<Int>) -> String? {
    var reader = JSONReader(stream.window.bytes, in: range)
    return try? reader.string()
  }

  // MARK: - First keys

  /// Whether the object that is next is one of which the shape says that it holds records.
  private mutating func isOpening() -> Bool { stream.firstKey().map(shape.opens) ?? false }
}

extension JSONStream {
  /// The first key of the object that is next, without consuming anything; `nil` where it has none
  /// within a few thousand bytes.
  mutating func firstKey() -> String? {
    while true {
      var index = window.start + 1
      while index < window.bytes.count, window.bytes[index] <= 0x20 { index += 1 }
      if index < window.bytes.count {
        guard window.bytes[index] == UInt8(ascii: "\"") else { return nil }
        var end = index + 1
        while end < window.bytes.count, window.bytes[end] != UInt8(ascii: "\"") { end += 1 }
        if end < window.bytes.count {
          return String(decoding: window.bytes[(index + 1)..<end], as: UTF8.self)
        }
      }
      guard window.count < 1 << 12, fill() else { return nil }
    }
  }
}
