import ArgumentParser
import VigieCore

/// What reading one document may spend.
struct DocumentLimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The time for one document (default: 10).", valueName: "n"))
  var maxSeconds: Int?

  @Option(
    help: ArgumentHelp("The memory for one document, MiB (default: 1024).", valueName: "n")
  )
  var maxMemory: Int?

  @Option(
    help: ArgumentHelp("How deep files may lie in one another (default: 8).", valueName: "n")
  )
  var maxDepth: Int?

  @Option(
    help: ArgumentHelp("Files opened inside one document (default: 5000).", valueName: "n")
  )
  var maxMembers: Int?

  @Option(
    help: ArgumentHelp("What all of them unpack to, MiB (default: 256).", valueName: "n")
  )
  var maxUnpacked: Int?

  @Option(
    help: ArgumentHelp(
      "How many times its size a file may unpack to (default: 400).",
      valueName: "n"
    )
  )
  var maxRatio: Int?

  @Option(help: ArgumentHelp("The text of one document, MiB (default: 32).", valueName: "n"))
  var maxText: Int?

  @Option(help: ArgumentHelp("The pages of one document (default: 500).", valueName: "n"))
  var maxPages: Int?

  @Option(
    help: ArgumentHelp(
      "The time for all pictures of one document, beyond that (default: 30).",
      valueName: "n"
    )
  )
  var maxPictureSeconds: Int?

  @Option(help: ArgumentHelp("The pictures of one document (default: 64).", valueName: "n"))
  var maxPictures: Int?

  /// Bounds that keep every product of them far from the end of the numbers.
  private static let range = 1...1_000_000

  func validate() throws {
    let numbers = [
      ("max-seconds", maxSeconds), ("max-memory", maxMemory), ("max-depth", maxDepth),
      ("max-members", maxMembers), ("max-unpacked", maxUnpacked), ("max-ratio", maxRatio),
      ("max-text", maxText), ("max-pages", maxPages), ("max-picture-seconds", maxPictureSeconds),
      ("max-pictures", maxPictures),
    ]
    for (name, number) in numbers {
      if let number, !DocumentLimitOptions.range.contains(number) {
        throw ValidationError("--\(name) is a number from 1 to 1000000.")
      }
    }
  }

  /// The limits: the defaults where nothing is said.
  var value: DocumentLimits {
    var limits = DocumentLimits()
    if let maxSeconds { limits.maxMilliseconds = maxSeconds * 1_000 }
    if let maxMemory { limits.maxMemoryByteCount = maxMemory << 20 }
    if let maxDepth { limits.maxDepth = maxDepth }
    if let maxMembers { limits.maxMemberCount = maxMembers }
    if let maxUnpacked {
      limits.maxUnpackedByteCount = maxUnpacked << 20
      // One file may be all of it.
      limits.maxMemberByteCount = min(limits.maxMemberByteCount, limits.maxUnpackedByteCount)
    }
    if let maxRatio { limits.maxRatio = maxRatio }
    if let maxText { limits.maxTextByteCount = maxText << 20 }
    if let maxPages { limits.maxPageCount = maxPages }
    if let maxPictureSeconds { limits.maxPictureMilliseconds = maxPictureSeconds * 1_000 }
    if let maxPictures { limits.maxPictureCount = maxPictures }
    return limits
  }
}
