import ArgumentParser
import VigieCore
import VigieDocuments
import VigieInspection
import VigieJSON
import VigieOptions
import VigieReports
import VigieWire

/// `vigie extract`: what Vigie sees of documents.
struct Extract: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the texts that Vigie sees in documents, each with its place.",
    discussion: """
      Every other command works on these texts. The output holds the text of the documents: treat \
      it as you treat them.

      EXAMPLES
        vigie extract report.docx
        vigie extract minutes.pdf annex.zip --jsonl > texts.jsonl
        vigie extract big.zip --max-seconds 60 --max-depth 12

      EXIT CODES
        0  everything was read
        2  wrong usage
        3  something could not be read
      """
  )

  @Argument(help: ArgumentHelp("Documents.", valueName: "file"))
  var files: [String]

  @Flag(help: "Write one JSON object a line for each text and each gap.")
  var jsonl = false

  @OptionGroup(title: "Limits")
  var limits: DocumentLimitOptions

  func run() throws {
    let output = Output.standard()
    let reader = DocumentReader(limits: Limits(document: limits.value))
    var gapCount = 0
    for (index, file) in files.enumerated() {
      let place = Place(part: .attachment(index), role: .bodyText)
      let name = String(file.split(separator: "/").last ?? "")
      let attachment = Attachment(name: name, content: .file(path: file))
      var writer: any ExtractWriter =
        jsonl ? ExtractLines(file: file, output: output) : ExtractPage(file: file, output: output)
      writer.start()
      let faults = unsafe reader.read(attachment, at: place) { bytes, _, extraction in
        for text in extraction.texts {
          switch text.content {
          case .verbatim(let range):
            unsafe writer.add(UnsafeRawBufferPointer(rebasing: bytes[range]), at: text.place)
          case .bytes(let bytes):
            unsafe bytes.withUnsafeBytes { unsafe writer.add($0, at: text.place) }
          case .file(let file): unsafe file.withBytes { unsafe writer.add($0, at: text.place) }
          }
        }
        for gap in extraction.gaps { writer.add(gap) }
        gapCount += extraction.gaps.count
      }
      for gap in faults { writer.add(gap) }
      writer.end()
      gapCount += faults.count
    }
    try output.finishCommand()
    if gapCount > 0 { throw ExitCode(CommandExit.unread.rawValue) }
  }
}

/// Writes what stands in one document.
private protocol ExtractWriter {
  /// Says which document comes.
  mutating func start()
  /// Writes a text, UTF-8.
  mutating func add(_ text: UnsafeRawBufferPointer, at place: Place)
  /// Writes what was not read.
  mutating func add(_ gap: Gap)
  /// Says that nothing more comes of the document.
  mutating func end()
}

/// One JSON object a line.
private struct ExtractLines: ExtractWriter {
  let file: String
  let output: Output
  /// The lines that are not handed over yet: a workbook has a hundred thousand, and a writer for each costs more than
  /// what it writes.
  private var lines = JSONWriter()

  init(file: String, output: Output) {
    self.file = file
    self.output = output
  }

  mutating func start() {}

  mutating func add(_ text: UnsafeRawBufferPointer, at place: Place) {
    if unsafe UTF8Shape(text.bytes).badByteCount == 0 {
      unsafe lines.extractLine(text, at: place, of: file)
    } else {
      var repaired = unsafe String(decoding: text, as: UTF8.self)
      repaired.withUTF8 { bytes in
        unsafe lines.extractLine(UnsafeRawBufferPointer(bytes), at: place, of: file)
      }
    }
    if lines.bytes.count >= 1 << 14 { end() }
  }

  mutating func add(_ gap: Gap) { lines.extractLine(gap, of: file) }

  mutating func end() { output.write(lines.take()) }
}

/// Text for a person: a line for each place, and the text below it.
private struct ExtractPage: ExtractWriter {
  let file: String
  let output: Output
  private let terminal = Terminal(descriptor: 1)

  init(file: String, output: Output) {
    self.file = file
    self.output = output
  }

  mutating func start() {
    output.write(terminal.styled(Terminal.safe(file), .bold) + "\n")
  }

  mutating func add(_ text: UnsafeRawBufferPointer, at place: Place) {
    output.write("  " + terminal.styled(Self.words(for: place), .cyan) + "\n")
    var start = 0
    while start < text.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: text[start...])
      let length = unsafe rest.firstIndex(of: 0x0A) ?? rest.count
      let line = unsafe String(decoding: rest[..<length], as: UTF8.self)
      output.write("    " + Terminal.safe(line) + "\n")
      start += length + 1
    }
  }

  mutating func add(_ gap: Gap) {
    let words = "\(gap.reason.rawValue), \(Terminal.safe(gap.detail))"
    let way = Self.way(to: gap.place)
    let there = way.isEmpty ? "" : "\(way): "
    output.write("  \(terminal.styled("not read", .yellow))  \(there)\(words)\n")
  }

  mutating func end() {}

  /// A place such as `annex/a.docx › header 1 · header`.
  private static func words(for place: Place) -> String {
    let there = way(to: place)
    return there.isEmpty ? place.role.rawValue : "\(there) · \(place.role.rawValue)"
  }

  private static func way(to place: Place) -> String {
    (place.path + [place.location]).filter { !$0.isEmpty }.map(Terminal.safe)
      .joined(separator: " › ")
  }
}
