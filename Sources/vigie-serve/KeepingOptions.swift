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
      "How long its entries are kept; they go with the file of their day. Without it for ever.",
      valueName: "days"
    )
  )
  var auditDays: Int?

  @Option(
    help: ArgumentHelp("The size after which the audit begins a new file.", valueName: "bytes")
  )
  var auditFileSize = AuditOptions().maxSegmentByteCount

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
    guard auditFileSize >= 1 else { throw ValidationError("--audit-file-size must be at least 1.") }
    guard let auditDays else { return }
    // A thousand years are for ever.
    guard (1...365_000).contains(auditDays) else {
      throw ValidationError("--audit-days must be between 1 and 365000.")
    }
    guard audit != nil else { throw ValidationError("--audit-days says nothing without --audit.") }
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
    let options = AuditOptions(
      maxSegmentByteCount: auditFileSize,
      retention: auditDays.map { .seconds($0 * 86_400) }
    )
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
