import VigieCore

/// What could be read in one room.
struct Counts: Sendable {
  /// Messages that people wrote, the last version of each and those taken away included.
  var messages = Figure()
  /// Later versions of messages.
  var edits = Figure()
  /// Messages that the server holds encrypted: who wrote when can be read, not what.
  var encrypted = Figure()
  /// Messages that were still there in the time and were taken away later.
  var redacted = Figure()
  /// What no person wrote: who came and went, names, reactions.
  var system = Figure()
  /// Messages that were sent in the time that is asked about.
  var inWindow = Figure()
  /// Files that messages name, each as often as it is named.
  var files = Figure()
  /// Messages that carry a marking, by level.
  var marked: [Level: Figure] = [:]
  /// Messages that were not wholly inspected.
  var uninspected = Figure()
  /// Messages that may have been readable, by why it is not sure.
  var doubts: [Doubt: Int] = [:]
  /// Messages that the access log names one by one.
  var logged = 0
  /// Those among them that carry a marking of `restricted` or above.
  var loggedMarked = 0

  /// Everything that some counts might call a message.
  var all: Figure { messages + edits + encrypted + system }

  /// Raises what is sure to so many messages, which a log says were handed out.
  mutating func raise(toRead least: Int) {
    var missing = min(least, messages.possible) - messages.certain
    guard missing > 0 else { return }
    messages.certain += missing
    // Nobody knows which messages these were: the greatest doubts are taken back first.
    for (doubt, count) in doubts.sorted(by: {
      ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
    }) {
      let taken = min(count, missing)
      doubts[doubt] = count == taken ? nil : count - taken
      missing -= taken
    }
  }

  /// Messages with a marking of `restricted` or above.
  var restricted: Figure {
    marked.reduce(Figure()) { $1.key >= .restricted ? $0 + $1.value : $0 }
  }

  /// Adds what another archive says of the same room.
  mutating func merge(_ other: Counts, isSecond: Bool) {
    func merge(_ path: WritableKeyPath<Counts, Figure>) {
      self[keyPath: path] =
        isSecond
        ? self[keyPath: path].merged(with: other[keyPath: path])
        : self[keyPath: path] + other[keyPath: path]
    }
    let sure = messages.certain + other.messages.certain
    merge(\.messages)
    merge(\.edits)
    merge(\.encrypted)
    merge(\.redacted)
    merge(\.system)
    merge(\.inWindow)
    merge(\.files)
    merge(\.uninspected)
    for (level, figure) in other.marked {
      let own = marked[level] ?? Figure()
      marked[level] = isSecond ? own.merged(with: figure) : own + figure
    }
    for (doubt, count) in other.doubts { doubts[doubt, default: 0] += count }
    if sure > messages.certain { doubts[.severalArchives, default: 0] += sure - messages.certain }
    logged = isSecond ? max(logged, other.logged) : logged + other.logged
    loggedMarked =
      isSecond ? max(loggedMarked, other.loggedMarked) : loggedMarked + other.loggedMarked
  }
}

/// Files that could be read, each once.
struct MediaCounts: Sendable {
  /// Files that are told apart, by what tells them, with their sizes where they are said.
  private var certain: Set<UInt64> = []
  private var possible: Set<UInt64> = []
  /// Files that nothing tells apart.
  private(set) var nameless = Figure()
  /// Bytes of the files with a size.
  private(set) var byteCount = Figure()
  /// Files without a size.
  private(set) var unsized = 0

  /// Takes a file that a message names.
  mutating func add(_ identity: UInt64?, _ byteCount: Int?, _ standing: RoomAccess.Standing) {
    guard let identity else { return nameless.add(standing) }
    // A size that a sender made up must not run over the end of the numbers.
    let size = byteCount.map { min(max(0, $0), 1 << 40) }
    if standing == .certain, certain.insert(identity).inserted {
      self.byteCount.certain += size ?? 0
    }
    if standing != .none, possible.insert(identity).inserted {
      self.byteCount.possible += size ?? 0
      if size == nil { unsized += 1 }
    }
  }

  /// How many files there are: those that nothing tells apart may all be the same one.
  var files: Figure {
    Figure(
      certain.count + min(1, nameless.certain),
      possible.count + nameless.possible
    )
  }

  /// Whether a file may be among them.
  func mayHold(_ identity: UInt64) -> Bool { possible.contains(identity) }

  /// How many files that can be told apart are in none of the others.
  func count(beside others: [MediaCounts]) -> Int {
    possible.count { file in !others.contains { $0.mayHold(file) } }
  }
}
