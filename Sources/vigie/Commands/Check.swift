import ArgumentParser
import Glibc
import VigieOptions
import VigieCore
import VigieFilter
import VigieInspection
import VigieJSON
import VigieReports
import VigieRulebook
import VigieSandbox
import VigieWire

/// `vigie check`: a verdict on one message, or on files.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Gives a verdict on a message, on files, or on lines of JSON.",
    discussion: """
      Without --channel the message goes to a public, unencrypted channel. What could not be read \
      is said and never passes for clean.

      EXAMPLES
        vigie check --text 'Ci-joint la note, DIFFUSION RESTREINTE'
        vigie check report.txt notes.txt --json
        vigie check - --channel private --encrypted < message.txt
        echo '{"id":"1","body":"TLP:RED"}' | vigie check --jsonl
      """
  )

  @Argument(help: ArgumentHelp("Files to check; - is standard input.", valueName: "file"))
  var files: [String] = []

  @Option(help: ArgumentHelp("A message to check.", valueName: "text"))
  var text: String?

  @Flag(help: "Read check lines (JSON, one object a line) and write one review line for each.")
  var jsonl = false

  @Flag(help: "Write a JSON array with one review for each text or file.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "What the text of --text or - is: body, html, subject, channel, filename…",
      valueName: "role"
    )
  )
  var role: Role = .body

  @Option(
    help: ArgumentHelp("The key of fingerprints (or VIGIE_KEY_FILE), mode 0600.", valueName: "file")
  )
  var keyFile: String?

  @OptionGroup(title: "Channel")
  var channel: ChannelOptions

  @OptionGroup(title: "Exit code")
  var stop: StopOptions

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  /// Up to so many bytes are little text.
  private static let littleByteCount = 4 << 20

  func validate() throws {
    if text == nil && files.isEmpty && !jsonl {
      throw ValidationError("Nothing to check: give --text TEXT, FILE…, or - for standard input.")
    }
    if text != nil && (jsonl || !files.isEmpty) {
      throw ValidationError("--text stands alone: leave out FILE and --jsonl.")
    }
    if json && jsonl { throw ValidationError("Choose one of --json and --jsonl.") }
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input (-) can be read once only.")
    }
  }

  /// What the rules take in the heap, and some more.
  private static let heapByteCount = 16 << 20

  func run() throws { try run(taking: nil) }

  /// Starts with what needs no arguments to be understood: they are read meanwhile.
  static func start(aheadOf arguments: [String]) -> CacheTaking? {
    // One that is kept open on a pipe fills its heap once, and goes on for long.
    if !arguments.contains("--jsonl") { Sandbox.readyHeap(byteCount: heapByteCount) }
    return CacheTaking(aheadOf: arguments)
  }

  /// Runs it; `taking` has begun to take the rules.
  func run(taking: CacheTaking?) throws {
    let filter = try rules.filter(keyFile: keyFile, isForGood: true, ahead: taking)
    let inspector = Inspector(hasLittleText ? filter.forLittleText : filter)
    let output = Output.standard()
    if jsonl {
      try LineCheck(inspector: inspector, output: output, stop: stop).run(over: files)
      return
    }
    var verdict = Verdict.allow
    var gapCount = 0
    var reviews: [(name: String, review: Review, elapsed: Int)] = []
    for name in text.map({ _ in ["text"] }) ?? files {
      let start = Stopwatch()
      let review = self.review(name, with: inspector)
      reviews.append((name, review, start.microseconds))
      verdict = max(verdict, review.verdict)
      gapCount += review.gaps.count
    }
    if json {
      var writer = JSONWriter()
      writer.beginArray()
      for entry in reviews { writer.reviewLine(entry.review, elapsedMicroseconds: entry.elapsed) }
      writer.endArray()
      writer.lineBreak()
      output.write(writer.take())
    } else {
      let titles = filter.rules.set.rules.map { ($0.id, $0.title) }
      let page = VerdictPage(
        for: Terminal(descriptor: 1),
        languages: Terminal.languages,
        titles: Dictionary(titles, uniquingKeysWith: { first, _ in first })
      )
      for entry in reviews { output.write(page.text(of: entry.review, name: entry.name)) }
    }
    try output.finishCommand()
    try stop.finish(verdict: verdict, gapCount: gapCount)
  }

  /// Whether a fast pass is not worth its preparation; what a pipe holds is not known before it is read.
  private var hasLittleText: Bool {
    if jsonl || Terminal.environment("VIGIE_KERNEL") != nil { return false }
    let byteCount = files.reduce(0) { sum, name in
      var status = stat()
      let isKnown = unsafe name == "-" ? fstat(0, &status) == 0 : stat(name, &status) == 0
      return sum + (isKnown ? Int(status.st_size) : 0)
    }
    return byteCount < Check.littleByteCount
  }

  private func review(_ name: String, with inspector: Inspector) -> Review {
    if let text {
      var message = Message(id: "text", channel: channel.value)
      switch role {
      case .body: message.body = text
      case .html: message.html = text
      case .subject: message.subject = text
      case .channel: message.channel?.name = text
      case .filename: message.attachments = [Attachment(name: text)]
      default:
        return inspector.review(text: Array(text.utf8), at: role.usualPlace, of: message)
      }
      return inspector.review(message)
    }
    guard name == "-" else {
      return inspector.review(file: name, id: name, channel: channel.value)
    }
    let message = Message(id: "-", channel: channel.value)
    return inspector.review(descriptor: 0, at: role.usualPlace, of: message)
  }
}

/// Time since a moment.
struct Stopwatch {
  private let start = ContinuousClock.now

  /// Whole microseconds since the value was made.
  var microseconds: Int {
    let parts = (ContinuousClock.now - start).components
    return Int(parts.seconds) * 1_000_000 + Int(parts.attoseconds / 1_000_000_000_000)
  }
}

extension Output {
  /// Writes out what is buffered; a full disk is a failure of the command.
  func finishCommand() throws {
    do { try finish() } catch {
      throw CommandFailure("\(error.name) cannot be written: \(error.reason)")
    }
  }
}
