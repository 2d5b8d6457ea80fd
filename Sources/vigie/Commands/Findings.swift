import ArgumentParser
import VigieOptions
import VigieCore
import VigieReports
import VigieStore

/// `vigie findings`: what scans kept, and what people decide of it.
struct Findings: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "findings",
    abstract: "Lists, judges, exports and purges what scans kept in a store.",
    discussion: """
      All findings of one fingerprint are one: the same marking in the same words, wherever it was posted \
      again. What is decided of it holds in later scans.

      EXAMPLES
        vigie findings list --store scans.sqlite --state open --level restricted
        vigie findings show 3fa94c --store scans.sqlite
        vigie findings message '$m50:example.org' --store scans.sqlite
        vigie findings triage 3fa94c --state false-alarm --why 'a training slide' --store scans.sqlite
        vigie findings export --format synapse-redactions --store scans.sqlite > redact.jsonl
        vigie findings purge --older-than 90d --store scans.sqlite
      """,
    subcommands: [
      FindingsList.self, FindingsShow.self, FindingsMessage.self, FindingsTriage.self,
      FindingsExport.self, FindingsPurge.self, FindingsRotateKey.self,
    ]
  )
}

/// `vigie findings list`: one by one.
struct FindingsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists findings by fingerprint, the gravest first.",
    discussion: """
      With --json all their places; the schema is that of vigie rules schema findings.

      EXAMPLES
        vigie findings list --store scans.sqlite --state open,confirmed --usage applied
        vigie findings list --store scans.sqlite --channel '#annonces*' --since 2026-06-01 --json
        vigie findings list --store scans.sqlite --visibility public --level restricted --usage applied \
          --since 2026-06-10 --until 2026-06-12
      """
  )

  @OptionGroup var options: StoreOptions
  @OptionGroup(title: "Which findings") var which: FindingOptions

  @Flag(help: "Write a JSON object.")
  var json = false

  func run() throws {
    let store = try options.open()
    let output = Output.standard()
    let list = FindingList(to: output, for: Terminal(descriptor: 1), isJSON: json)
    try CommandFailure.wording {
      try store.forEachItem(matching: which.filter) { try list.add($0, $1) }
      list.finish()
      try complain(of: store)
      try store.close()
    }
    try output.finishCommand()
  }

  /// Says what the list cannot hold: nobody is to take it for all there is.
  private func complain(of store: ScanStore) throws {
    if let run = try store.latestUnendedRun() {
      Terminal.complain(
        "vigie: run \(run.id) was cut off: what it has not read yet is not listed\n"
          + "  mend: vigie scan … --store \(store.path) --resume"
      )
    }
    guard which.since != nil || which.until != nil else { return }
    var filter = which.filter
    (filter.since, filter.until, filter.isTimeless) = (nil, nil, true)
    var count = 0
    try store.forEachItem(matching: filter) { _, _ in count += 1 }
    if count == 0 { return }
    Terminal.complain(
      "vigie: \(Terminal.count(count, "finding")) in messages without a known time left out: "
        + "the same without --since and --until lists them"
    )
  }
}

/// `vigie findings show`: all that is kept of one.
struct FindingsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows all that is kept of a finding: places, evidence, decisions.",
    discussion: """
      With --json as vigie findings list --json writes it, with the schema of vigie rules schema findings.

      EXAMPLES
        vigie findings show 3fa94c --store scans.sqlite
        vigie findings show 3fa94c --store scans.sqlite --json
      """
  )

  @Argument(help: ArgumentHelp("The first digits of its fingerprint.", valueName: "fingerprint"))
  var fingerprint: String

  @Flag(help: "Write a JSON object.")
  var json = false

  @OptionGroup var options: StoreOptions

  func validate() throws { try FindingOptions.validate(fingerprint: fingerprint) }

  func run() throws {
    let store = try options.open()
    let output = Output.standard()
    try CommandFailure.wording {
      let item = try store.onlyItem(fingerprint)
      var filter = FindingFilter()
      filter.fingerprints = [item.fingerprint]
      let terminal = Terminal(descriptor: 1)
      let list = json ? FindingList(to: output, for: terminal, isJSON: true) : nil
      try store.forEachItem(matching: filter) { item, places in
        if let list {
          try list.add(item, places)
        } else {
          try FindingList.page(of: item, places, to: output, for: terminal)
        }
      }
      list?.finish()
      try store.close()
    }
    try output.finishCommand()
  }
}

extension ScanStore {
  /// The one item whose fingerprint starts with these digits.
  func onlyItem(_ fingerprint: String) throws -> KeptItem {
    var filter = FindingFilter()
    filter.fingerprints = [fingerprint]
    var found: KeptItem?
    var count = 0
    try forEachItem(matching: filter) { item, _ in
      count += 1
      found = item
    }
    guard count <= 1 else {
      throw CommandFailure(
        "\(count) fingerprints start with \(fingerprint)",
        mend: "name more digits"
      )
    }
    guard let found else {
      throw CommandFailure(
        "no fingerprint starts with \(fingerprint)",
        mend: "see which there are: vigie findings list --store \(path)"
      )
    }
    return found
  }
}
