import VigieAttachments
import VigieZygote

/// The program that reads documents for a service.
@main
enum ParseWorker {
  static func main() {
    let program = ZygoteProgram(
      "vigie-parse-worker",
      seldomUsed: DocumentFormats.seldomUsed,
      prepare: DocumentFormats.prepare
    ) {
      bytes,
      place,
      limits,
      observer in
      _ = DocumentFormats.extract(bytes, at: place, limits: limits, observer: observer)
    }
    program.run()
  }
}
