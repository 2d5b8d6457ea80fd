import ArgumentParser
import VigieAudit
import VigieCrypto
import VigieOptions
import VigieServer
import VigieStore

/// What the server keeps, and what it may read.
struct KeepingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Where the audit is kept; without it there is none.", valueName: "dir")
  )
  var audit: String?

  @Option(
    help: ArgumentHelp(
      "How long its entries are kept, such as 90d or 90 (days); they go with the file of their day. Without it for ever.",
      valueName: "age"
    ),
    transform: { text in
      // A bare number is days, as the name of the option says.
      try Age.milliseconds(Int(text) == nil ? text : text + "d")
    }
  )
  var auditDays: Int?

  @Option(
    help: ArgumentHelp(
      "The size after which the audit begins a new file (default: \(AuditOptions().maxSegmentByteCount)).",
      valueName: "bytes"
    )
  )
  var auditFileSize: Int?

  @Option(
    name: .customLong("key-file"),
    help: ArgumentHelp("The key of fingerprints (or VIGIE_KEY_FILE).", valueName: "file")
  )
  var keyFile: String?

  @Option(
    help: ArgumentHelp(
      "Requests may name files beneath this folder; without it none.",
      valueName: "dir"
    )
  )
  var attachmentRoot: String?

  @Option(
    help: ArgumentHelp(
      "A database of what was found in uploads; without it every upload is a gap when it is posted.",
      valueName: "file"
    )
  )
  var media: String?

  @Option(help: ArgumentHelp("How many uploads it keeps at most.", valueName: "count"))
  var mediaEntries = 200_000

  @Option(
    help: ArgumentHelp(
      "The key of tokens with which senders override; without it tokens end with the process.",
      valueName: "file"
    )
  )
  var overrideKey: String?

  func validate() throws {
    guard mediaEntries >= 1 else { throw ValidationError("--media-entries must be at least 1.") }
    for (name, value) in [("--audit-days", auditDays), ("--audit-file-size", auditFileSize)]
    where value != nil && audit == nil {
      throw ValidationError("\(name) says nothing without --audit.")
    }
    if let auditFileSize, auditFileSize < 1 {
      throw ValidationError("--audit-file-size must be at least 1.")
    }
    // A thousand years are for ever.
    if let auditDays, !(1...365_000).contains(auditDays / 86_400_000) {
      throw ValidationError("--audit-days must be between 1 and 365000 days.")
    }
  }

  func memory() throws -> MediaStore? {
    guard let media else { return nil }
    do { return try MediaStore(path: media, maxCount: mediaEntries) } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
  }

  func tokenKey() throws -> HMACKey? {
    guard let overrideKey else { return nil }
    do { return try HMACKey(file: overrideKey) } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
  }

  func sink() throws -> any AuditSink {
    guard let audit else { return NoAudit() }
    var options = AuditOptions(retention: auditDays.map { .milliseconds($0) })
    if let auditFileSize { options.maxSegmentByteCount = auditFileSize }
    do { return try AuditLog(directory: audit, options: options) } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
  }

  func root() throws -> AttachmentRoot? {
    guard let path = attachmentRoot else { return nil }
    do { return try AttachmentRoot(path) } catch {
      throw CommandFailure(
        "--attachment-root \(path) \(error.reason)",
        mend: "name a folder that exists and that this user may read"
      )
    }
  }
}

/// Keeps nothing: the operator asked for no audit.
struct NoAudit: AuditSink {
  func record(_ event: AuditEvent) {}
}
