import ArgumentParser
import Glibc
import VigieOptions
import VigieCore
import VigieReports
import VigieStore

/// `vigie findings triage`: a decision, with who and why.
struct FindingsTriage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "triage",
    abstract: "Decides on findings: who, when and why are kept, and all decisions before.",
    discussion: """
      A false alarm and an accepted finding hold for whatever is found later under the same fingerprint: \
      posted again, in a new export, on another line. Without fingerprints, filters say which findings are meant.

      EXAMPLES
        vigie findings triage 3fa94c 80b1 --state confirmed --why 'seen with the owner' --store scans.sqlite
        vigie findings triage --rule tlp.green --state accepted --why 'policy 12' --store scans.sqlite
      """
  )

  @Argument(help: ArgumentHelp("First digits of fingerprints.", valueName: "fingerprint"))
  var fingerprints: [String] = []

  @Option(
    help: ArgumentHelp("The decision: \(TriageState.names).", valueName: "state"),
    transform: { name in
      guard let state = TriageState(rawValue: name) else {
        throw ValidationError("'\(name)' is no state; choose one of \(TriageState.names).")
      }
      return state
    }
  )
  var state: TriageState

  @Option(help: ArgumentHelp("The reason, in your words.", valueName: "text"))
  var why: String

  @Option(help: ArgumentHelp("Who decides (default: the user who runs this).", valueName: "name"))
  var by: String?

  @OptionGroup var options: StoreOptions
  @OptionGroup(title: "Which findings, where no fingerprint is named") var which: TriageFilter

  func validate() throws {
    for print in fingerprints { try FindingOptions.validate(fingerprint: print) }
    if fingerprints.isEmpty == which.isEmpty {
      throw ValidationError("Name fingerprints, or say which findings are meant: one of both.")
    }
    for (name, text) in [("--why", why), ("--by", by ?? "somebody")]
    where text.allSatisfy(\.isWhitespace) || text.utf8.count > Decision.maxByteCount {
      throw ValidationError("\(name) is a text of 1 to \(Decision.maxByteCount) bytes.")
    }
    if by == Decision.scan { throw ValidationError("--by \(Decision.scan) is kept for scans.") }
  }

  func run() throws {
    let store = try options.open()
    let decision = Decision(state: state, who: by ?? userName(), why: why)
    let count = try CommandFailure.wording {
      var items: [Int64] = []
      if fingerprints.isEmpty {
        try store.forEachItem(matching: which.filter) { item, _ in items.append(item.id) }
      } else {
        items = try fingerprints.map { try store.onlyItem($0).id }
      }
      try store.decide(decision, on: items)
      try store.close()
      return items.count
    }
    print(
      "\(Terminal.count(count, "finding")): \(state.rawValue), by \(Terminal.safe(decision.who))"
    )
  }

  private func userName() -> String {
    guard let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name else {
      return "uid \(getuid())"
    }
    return unsafe String(cString: name)
  }
}

/// Which findings a decision is about; `--state` is the decision itself.
struct TriageFilter: ParsableArguments {
  @Option(help: ArgumentHelp("Those in this state now.", valueName: "state"))
  var now: String?

  @Option(help: ArgumentHelp("This scheme.", valueName: "scheme"))
  var scheme: [String] = []

  @Option(help: ArgumentHelp("This rule; * for any letters.", valueName: "rule"))
  var rule: [String] = []

  @Option(help: ArgumentHelp("Channels of this id or name (*).", valueName: "channel"))
  var channel: [String] = []

  @Option(help: ArgumentHelp("This sender (*).", valueName: "sender"))
  var sender: [String] = []

  @Option(help: ArgumentHelp("Applied, or mentioned.", valueName: "usage"))
  var usage: String?

  var isEmpty: Bool {
    now == nil && usage == nil && [scheme, rule, channel, sender].allSatisfy(\.isEmpty)
  }

  func validate() throws {
    if let now, TriageState(rawValue: now) == nil {
      throw ValidationError("'\(now)' is no state; choose one of \(TriageState.names).")
    }
    if let usage, Usage(rawValue: usage) == nil {
      throw ValidationError("'\(usage)' is no usage; choose applied or mentioned.")
    }
  }

  var filter: FindingFilter {
    var filter = FindingFilter()
    filter.states = now.flatMap(TriageState.init(rawValue:)).map { [$0] } ?? []
    filter.schemes = scheme
    filter.rules = rule
    filter.channels = channel
    filter.senders = sender
    filter.usage = usage.flatMap(Usage.init(rawValue:))
    return filter
  }
}
