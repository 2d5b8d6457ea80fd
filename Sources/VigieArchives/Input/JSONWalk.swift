import VigieCore
import VigieJSON

/// Walks a JSON document too long to hold: it enters the objects and arrays it is told to and hands
/// out every other value whole.
///
/// A path is a slash and a key for each member entered and `/*` for an element: `/chats/list/*`.
struct JSONWalk {
  /// One step of the walk.
  enum Step {
    case begin(path: String)
    case end(path: String)
    /// The value lies in the window's bytes. After damage it is doubtful that it is what its path
    /// says.
    case value(path: String, Range<Int>, offset: Int, isDoubtful: Bool)
    case gap(SourceFault, offset: Int)
  }

  /// How an object shows by its first member what it is.
  struct Record {
    var key: String
    /// The value that the member must have, where its key alone does not tell.
    var value: String?
    var path: String

    init(_ key: String, _ value: String? = nil, path: String) {
      self.key = key
      self.value = value
      self.path = path
    }
  }

  private(set) var stream: JSONStream
  private let entered: Set<String>
  private let records: [Record]
  private var open: [(path: String, isArray: Bool)] = []
  private var hasRoot = false
  /// Whether a list of records was found: a document that has none is not what it was taken for.
  private var hasList: Bool
  private var isLost = false
  private var isEnded = false

  /// A walk.
  ///
  /// - Parameters:
  ///   - window: The document.
  ///   - entered: The paths of objects and arrays to enter; the document itself always.
  ///   - records: After damage, the path of an object by its first member: the first that fits what
  ///     is open.
  init(_ window: ByteWindow, entered: Set<String>, records: [Record]) {
    stream = JSONStream(window)
    self.entered = entered.union([""])
    self.records = records
    hasList = records.isEmpty
  }

  /// The bytes in which a value lies.
  var bytes: [UInt8] { stream.window.bytes }

  /// Bytes read so far.
  var offset: Int { stream.window.offset }

  /// Says that the doubtful value read last is no record.
  mutating func reject() {
    stream.giveBackBrace()
    isLost = true
  }

  /// The next step, or `nil` at the end of the document.
  mutating func next(limit: Int) -> Step? {
    while !isEnded {
      if isLost {
        guard let path = findRecord() else { return nil }
        if let step = take(path, limit, isDoubtful: true) { return step }
        continue
      }
      guard let (path, isArray) = open.last else { return root() }
      guard let byte = stream.peek() else { return cut() }
      switch byte {
      case UInt8(ascii: ","): stream.skip()
      case UInt8(ascii: "]") where isArray, UInt8(ascii: "}") where !isArray:
        stream.skip()
        open.removeLast()
        return .end(path: path)
      case UInt8(ascii: "\"") where !isArray:
        guard let key = key() else { return damage() }
        return take("\(path)/\(key)", limit, isDoubtful: false)
      default:
        guard isArray else { return damage() }
        return take("\(path)/*", limit, isDoubtful: false)
      }
    }
    return nil
  }

  private mutating func root() -> Step? {
    guard let byte = stream.peek() else {
      isEnded = true
      let fault = stream.window.fault
      if hasRoot { return (fault ?? listFault).map { .gap($0, offset: offset) } }
      return .gap(fault ?? SourceFault(reason: .truncated, detail: "the file is empty"), offset: 0)
    }
    guard !hasRoot, byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") else {
      isEnded = true
      let detail = hasRoot ? "the file goes on after its end" : "the file is no JSON"
      return .gap(SourceFault(reason: .corrupt, detail: detail), offset: offset)
    }
    hasRoot = true
    return take("", 0, isDoubtful: false)
  }

  /// What to say of a whole document that held no list of records, not even an empty one.
  private var listFault: SourceFault? {
    guard !hasList else { return nil }
    return SourceFault(
      reason: .unsupported,
      detail: "the file holds no list of messages where this format has one"
    )
  }

  /// Enters the value that is next, or hands it out.
  private mutating func take(_ path: String, _ limit: Int, isDoubtful: Bool) -> Step? {
    guard let byte = stream.peek() else { return cut() }
    if entered.contains(path), byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
      stream.skip()
      let isArray = byte == UInt8(ascii: "[")
      // The document itself is a list where it is an array; below it an object may be one by its keys.
      if isArray || !path.isEmpty, records.contains(where: { $0.path == "\(path)/*" }) {
        hasList = true
      }
      open.append((path, isArray))
      return .begin(path: path)
    }
    switch stream.value(limit: limit) {
    case .record(let range, let offset, _):
      return .value(path: path, range, offset: offset, isDoubtful: isDoubtful)
    case .gap(let fault, let offset):
      if fault.reason != .limit {
        isLost = stream.peek() != nil
        isEnded = !isLost
      }
      return .gap(fault, offset: offset)
    }
  }

  private mutating func key() -> String? {
    guard case .record(let range, _, _) = stream.value(limit: 1 << 12) else { return nil }
    var reader = JSONReader(bytes, in: range)
    guard let key = try? reader.string(), stream.peek() == UInt8(ascii: ":") else { return nil }
    stream.skip()
    return key
  }

  private mutating func cut() -> Step? {
    isEnded = true
    let fault = stream.window.fault
    return .gap(
      fault ?? SourceFault(reason: .truncated, detail: "the JSON ends before it is complete"),
      offset: offset
    )
  }

  private mutating func damage() -> Step? {
    guard stream.peek() != nil else { return cut() }
    isLost = true
    return .gap(SourceFault(reason: .corrupt, detail: "the file is damaged JSON"), offset: offset)
  }

  /// After damage: goes to the next record that its first key tells.
  ///
  /// - Returns: Its path, below which all that is needed is open; `nil` at the end.
  private mutating func findRecord() -> String? {
    while stream.findRecord() {
      let first = stream.firstMember()
      let fitting = records.filter {
        $0.key == first?.key && ($0.value ?? first?.value) == first?.value
      }
      .map(\.path)
      let parents = Set(open.map(\.path))
      guard
        let path = fitting.first(where: { parents.contains(JSONWalk.parent($0)) }) ?? fitting.first
      else {
        stream.skip()
        continue
      }
      isLost = false
      hasList = true
      reopen(JSONWalk.parent(path))
      return path
    }
    isEnded = true
    return nil
  }

  private static func parent(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  /// Leaves and enters until a path is what is open innermost.
  private mutating func reopen(_ path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    open = parts.indices.map { index in
      let isArray = index + 1 < parts.count ? parts[index + 1] == "*" : true
      return (parts[...index].joined(separator: "/"), isArray)
    }
  }
}
