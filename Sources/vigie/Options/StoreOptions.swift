import ArgumentParser
import Glibc
import VigieOptions
import VigieCore
import VigieCrypto
import VigieReports
import VigieStore

/// Where findings are kept.
struct StoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The store that vigie scan --store keeps findings in.", valueName: "file")
  )
  var store: String

  /// The files of a store: SQLite's own, and the key.
  static func files(of store: String) -> [String] {
    ["", "-wal", "-shm", ".key"].map { store + $0 }
  }

  /// Opens the store, which must exist.
  func open() throws -> ScanStore {
    do { return try ScanStore(path: store, isNew: false) } catch { throw CommandFailure(error) }
  }
}

/// Which findings a command is about.
struct FindingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Only in these states: \(TriageState.names).", valueName: "state,…"),
    transform: { text in
      try text.split(separator: ",").map { name in
        guard let state = TriageState(rawValue: String(name)) else {
          throw ValidationError("'\(name)' is no state; choose among \(TriageState.names).")
        }
        return state
      }
    }
  )
  var state: [[TriageState]] = []

  @Option(
    help: ArgumentHelp("Only this level and above.", valueName: "level"),
    transform: { name in
      guard let level = Level(name: name) else {
        let names = Level.allCases.map(\.name).joined(separator: ", ")
        throw ValidationError("'\(name)' is no level; choose one of \(names).")
      }
      return level
    }
  )
  var level: Level?

  @Option(help: ArgumentHelp("Only this scheme, such as fr or tlp.", valueName: "scheme"))
  var scheme: [String] = []

  @Option(help: ArgumentHelp("Only this rule; * for any letters.", valueName: "rule"))
  var rule: [String] = []

  @Option(help: ArgumentHelp("Only channels of this id or name (*).", valueName: "channel"))
  var channel: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only channels that these can read: \(FindingOptions.visibilityNames).",
      valueName: "visibility"
    ),
    transform: { name in
      guard let visibility = Visibility(rawValue: name) else {
        throw ValidationError(
          "'\(name)' is no visibility; choose one of \(FindingOptions.visibilityNames)."
        )
      }
      return visibility
    }
  )
  var visibility: [Visibility] = []

  @Option(help: ArgumentHelp("Only this sender (*).", valueName: "sender"))
  var sender: [String] = []

  @Option(help: ArgumentHelp("Only messages from this day or time on (UTC).", valueName: "time"))
  var since: String?

  @Option(
    help: ArgumentHelp(
      "Only messages up to this day, which counts whole, or before this time (UTC).",
      valueName: "time"
    )
  )
  var until: String?

  @Option(
    help: ArgumentHelp("Only applied, or only mentioned.", valueName: "usage"),
    transform: { name in
      guard let usage = Usage(rawValue: name) else {
        throw ValidationError("'\(name)' is no usage; choose applied or mentioned.")
      }
      return usage
    }
  )
  var usage: Usage?

  @Option(help: ArgumentHelp("Only fingerprints that start so.", valueName: "hex"))
  var fingerprint: [String] = []

  @Option(help: ArgumentHelp("Only what this run found.", valueName: "n"))
  var run: Int64?

  private static var visibilityNames: String {
    Visibility.allCases.map(\.rawValue).joined(separator: ", ")
  }

  func validate() throws {
    try SpanEnd.validate(since: since, until: until)
    for print in fingerprint { try FindingOptions.validate(fingerprint: print) }
  }

  /// Refuses what no fingerprint starts with, which would otherwise ask for all of them.
  static func validate(fingerprint text: String) throws {
    guard !text.isEmpty, text.count <= 64, text.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
      throw ValidationError("'\(text)' is no start of a fingerprint: 1 to 64 hex digits.")
    }
  }

  /// What the store is asked for.
  var filter: FindingFilter {
    var filter = FindingFilter()
    filter.states = state.flatMap(\.self)
    filter.level = level
    filter.schemes = scheme
    filter.rules = rule
    filter.channels = channel
    filter.visibilities = visibility
    filter.senders = sender
    filter.since = since.flatMap(milliseconds(rfc3339:))
    filter.until = until.flatMap(SpanEnd.milliseconds)
    filter.usage = usage
    filter.fingerprints = fingerprint
    filter.run = run
    return filter
  }
}

extension CommandFailure {
  /// The failure of a store.
  init(_ failure: StoreFailure) {
    self.init("\(failure.path): \(failure.reason)", mend: failure.mend)
  }

  /// The failure of a file with a key.
  init(_ failure: FileFailure) {
    self.init("\(failure.path): \(failure.reason)", mend: failure.mend)
  }

  /// Runs work on a store and words its failures.
  static func wording<Value>(_ work: () throws -> Value) throws -> Value {
    do { return try work() } catch let failure as StoreFailure {
      throw CommandFailure(failure)
    } catch let failure as FileFailure { throw CommandFailure(failure) }
  }
}
