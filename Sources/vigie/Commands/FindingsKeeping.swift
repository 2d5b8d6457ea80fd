import ArgumentParser
import Glibc
import VigieOptions
import VigieCore
import VigieCrypto
import VigieReports
import VigieStore

/// `vigie findings export`: what is to be taken away.
struct FindingsExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Lists the messages to take away, in order, in the terms of their server.",
    discussion: """
      JSON, one object a line. By default open and confirmed findings that are applied. Every message with one, \
      wherever it was posted again, and all its edits: the newest edit first, the message last. "marked" is \
      false for edits that hold no finding themselves.

      synapse-redactions: room_id, event_id, txn_id (the same for the same event), edit_of, media (mxc: \
      addresses to quarantine or delete).
      slack-deletions: channel and ts for chat.delete, files for files.delete.
      mattermost-deletions: team, channel, user and create_at (milliseconds), by which the table posts has it: \
      exports have no ids.

      Take them away, export the channels again and scan with the same store: what is gone is remediated.

      EXAMPLES
        vigie findings export --format synapse-redactions --store scans.sqlite > redact.jsonl
        vigie findings export --format slack-deletions --state confirmed --store scans.sqlite
      """
  )

  @Option(
    help: ArgumentHelp(
      "One of \(RedactionFormat.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "format"
    ),
    transform: { name in
      guard let format = RedactionFormat(rawValue: name) else {
        let names = RedactionFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("'\(name)' is no format; choose one of \(names).")
      }
      return format
    }
  )
  var format: RedactionFormat

  @OptionGroup var options: StoreOptions
  @OptionGroup(title: "Which findings") var which: FindingOptions

  func run() throws {
    let store = try options.open()
    let output = Output.standard()
    var filter = which.filter
    if filter.states.isEmpty { filter.states = [.open, .confirmed] }
    if filter.usage == nil { filter.usage = .applied }
    var otherCount = 0
    try CommandFailure.wording {
      try store.forEachRedaction(of: filter) { redaction in
        if format.fits(redaction) { output.write(format.line(redaction)) } else { otherCount += 1 }
      }
      try store.close()
    }
    try output.finishCommand()
    if otherCount > 0 {
      Terminal.complain(
        "vigie: \(Terminal.count(otherCount, "message")) left out: their ids are not those of such a server\n"
          + "  mend: ask for them with the format of the server they are of (vigie findings export --help)"
      )
    }
  }
}

/// `vigie findings purge`: what is old goes.
struct FindingsPurge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge",
    abstract: "Removes what runs of long ago kept, and makes the file shorter.",
    discussion: """
      Runs that ended longer ago go with their messages, gaps and findings, and every place that no later run \
      saw. False alarms and accepted findings stay (fingerprint, masked text, decisions), so that later scans \
      know them. The file is written anew: for that time it needs its size once more on the disk.

      EXAMPLES
        vigie findings purge --older-than 90d --store scans.sqlite
      """
  )

  @OptionGroup var age: AgeOption

  @OptionGroup var options: StoreOptions

  func run() throws {
    let store = try options.open()
    let counts = try CommandFailure.wording {
      let lock = try ScanLock(ofStore: options.store)
      defer { withExtendedLifetime(lock) {} }
      let counts = try store.purge(before: ScanStore.now - age.olderThan)
      try store.close()
      return counts
    }
    print(
      "removed \(Terminal.count(counts.runCount, "run")), "
        + "\(Terminal.count(counts.eventCount, "message")), "
        + "\(Terminal.count(counts.itemCount, "finding")) · \(Terminal.size(counts.byteCount)) freed"
    )
  }
}

/// `vigie findings rotate-key`: a new key over the old ones.
struct FindingsRotateKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate-key",
    abstract: "Makes a new key of fingerprints; what was decided of findings holds.",
    discussion: """
      Every fingerprint in the store becomes its HMAC under the new key, in one transaction. Equal ones stay \
      equal, so that decisions and places stay where they are; who knows the old keys only can no more test \
      guesses against the store. The file of the new key stands beside that of the first, with .2, .3 … at \
      its end; all of them are needed from then on. The next scan inspects every message anew, and an \
      unfinished one cannot go on.

      EXAMPLES
        vigie findings rotate-key --store scans.sqlite
      """
  )

  @Option(
    help: ArgumentHelp(
      "The first key, where it does not lie beside the store (or VIGIE_KEY_FILE).",
      valueName: "file"
    )
  )
  var keyFile: String?

  @OptionGroup var options: StoreOptions

  func run() throws {
    let store = try options.open()
    let (count, path) = try CommandFailure.wording {
      let lock = try ScanLock(ofStore: options.store)
      defer { withExtendedLifetime(lock) {} }
      let result = try store.rotateKey(file: keyFile ?? VigieStoreKeys.environmentFile)
      try store.close()
      return result
    }
    print("\(Terminal.count(count, "fingerprint")) · the new key is in \(path)")
  }
}

/// Where the environment says that keys are.
enum VigieStoreKeys {
  /// `VIGIE_KEY_FILE`, or `nil` where it says nothing.
  static var environmentFile: String? {
    Terminal.environment("VIGIE_KEY_FILE").flatMap { $0.isEmpty ? nil : $0 }
  }
}
