import VigieOCR
import VigieZygote

/// The program that reads what is drawn in pictures for a service: apart from the one that reads
/// documents, so that a picture that takes its decoder over is in a process that never sees a document.
@main
enum OCRWorker {
  static func main() {
    let program = ZygoteProgram("vigie-ocr-worker", prepare: TextRecognizer.prepare) {
      bytes,
      place,
      limits,
      observer in
      TextRecognizer.extract(bytes, at: place, limits: limits, observer: observer)
    }
    program.run()
  }
}
