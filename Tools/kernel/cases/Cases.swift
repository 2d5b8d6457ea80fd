import Foundation
import TestSupport
import VigieRulebook

/// Writes the tables of the shipped rules, texts, and what the kernel finds in each, for `emulated.c` to find the same.
///
/// `vigie-kernel-cases FILE SCALE` also holds every variant of the kernel that this machine has against the pass in Swift on
/// every text, the one that is written down, without vectors, among them: what equals it equals that. Ends with 1 where they
/// differ. Of texts at random it takes SCALE times as many as the tests do, which are built for debugging and slow.
///
/// The file is the tables (`PassKernel.bytes`) and then three things for each text: the name of its family, its bytes, and
/// what is found in its segments, one after the other (`PassScratch.bytes`); before each how many bytes it takes.
@main
enum Cases {
  /// The variants that meet the same windows, and so find the same in every respect; the others find the same strings.
  private static let alike = [PassKernel.Variant.scalar, .avx2, .neon].filter(\.isAvailable)

  /// All that this machine has, but the pass in Swift itself.
  private static let held = PassKernel.Variant.allCases.filter {
    $0 != .portable && $0.isAvailable
  }

  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let scale = Int(arguments[2]), scale > 0 else {
      fail("usage: vigie-kernel-cases FILE SCALE")
    }
    let rules = try ShippedRules.compiled()
    let families =
      KernelTexts(rules).families(scale: scale)
      + [KernelTexts.Family("labelled messages", hasUnseen: true, try messages())]
    let agreement = PassAgreement(rules, held)
    let recorders = alike.map { Recorder(rules, $0) }
    var cases = rules.kernel.bytes
    for family in families {
      let matchCount = agreement.matchCount
      for (number, text) in family.texts.enumerated() {
        if let difference = agreement.difference(text, hasUnseen: family.hasUnseen) {
          fail("\(family), text \(number): \(difference)")
        }
        let found = recorders.map { $0.found(in: text) }
        for (variant, other) in zip(alike, found) where other != found[0] {
          fail("\(family), text \(number): \(variant) differs from \(alike[0])")
        }
        for bytes in [Array(family.description.utf8), text, found[0]] {
          unsafe bytes.withUnsafeBytes { unsafe cases.appendCounted($0) }
        }
      }
      guard agreement.matchCount > matchCount else { fail("\(family): nothing stands there") }
      print("\(family): \(family.texts.count) texts, \(agreement.matchCount - matchCount) matches")
    }
    try Data(cases).write(to: URL(fileURLWithPath: arguments[1]))
  }

  /// The texts of `Corpus/messages`.
  private static func messages() throws -> [[UInt8]] {
    let folder = repositoryRoot + "/Corpus/messages"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    return try names.filter { $0.hasSuffix(".jsonl") }.flatMap { name in
      try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)).split(separator: 0x0A)
        .map { line in
          let record = try JSONSerialization.jsonObject(with: line) as? [String: Any]
          guard let text = record?["text"] as? String else {
            fail("\(name) has a line without text")
          }
          return SpannedText(text).bytes
        }
    }
  }

  private static func fail(_ words: String) -> Never {
    FileHandle.standardError.write(Data((words + "\n").utf8))
    exit(1)
  }
}

/// Passes over texts by one variant and writes down what it finds.
private final class Recorder {
  private let kernel: PassKernel.Lent
  private let variant: PassKernel.Variant
  private let scratch: PassScratch

  init(_ rules: CompiledRules, _ variant: PassKernel.Variant) {
    kernel = PassKernel.Lent(rules.kernel)
    self.variant = variant
    scratch = PassScratch(for: variant)
  }

  /// What is found in each segment, up to the first with more in it than the kernel can tell.
  func found(in text: [UInt8]) -> [UInt8] {
    var found: [UInt8] = []
    scratch.begin()
    for start in stride(from: 0, through: max(0, text.count - 1), by: PassScratch.segmentCount) {
      let isDone = kernel.pass(text.span, from: start, variant, scratch)
      found += scratch.bytes(isDone: isDone)
      if !isDone { break }
    }
    return found
  }
}
