import Foundation
import Testing
import VigieAttachments
import VigieCore
import VigieDocuments

/// Numbers that are the same at every run.
struct FixedNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

  /// A number below a bound.
  mutating func next(below bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return bound < 1 ? 0 : Int(state >> 33) % bound
  }
}

@Suite("Damaged mails and old Office documents")
struct MutationTests {
  static let folders = ["mail", "outlook", "ole", "doc", "xls", "ppt", "rtf"]

  /// Values that lengths and offsets are wrong by.
  static let extremes: [[UInt8]] = [
    [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [0, 0, 0, 0],
    [1, 0, 0, 0],
  ]

  static func mutated(_ bytes: [UInt8], _ numbers: inout FixedNumbers) -> [UInt8] {
    var result = bytes
    guard !result.isEmpty else { return result }
    switch numbers.next(below: 4) {
    case 0:
      for _ in 0...numbers.next(below: 20) {
        result[numbers.next(below: result.count)] = UInt8(numbers.next(below: 256))
      }
    case 1: result.removeLast(numbers.next(below: result.count))
    case 2:
      let from = numbers.next(below: bytes.count)
      let part = bytes[from..<min(bytes.count, from + numbers.next(below: 600))]
      result.replaceSubrange(numbers.next(below: bytes.count)..., with: part + bytes[from...])
    default:
      for _ in 0..<4 {
        let offset = numbers.next(below: result.count)
        let value = extremes[numbers.next(below: extremes.count)]
        for (index, byte) in value.enumerated() where offset + index < result.count {
          result[offset + index] = byte
        }
      }
    }
    return result
  }

  @Test("end with texts and gaps, in a short time", arguments: folders)
  func mutations(_ folder: String) throws {
    var numbers = FixedNumbers(seed: 20_260_303)
    let path = "\(DocumentCase.root)/\(folder)"
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    for name in names where !name.hasSuffix(".json") {
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
      let clock = ContinuousClock()
      for _ in 0..<(bytes.count > 20_000 ? 6 : 25) {
        let bytes = MutationTests.mutated(bytes, &numbers)
        let time = clock.measure { _ = extract(bytes) }
        #expect(time < .seconds(5), "\(name)")
      }
    }
  }

  @Test("cut at any length are read as far as they go", arguments: folders)
  func cuts(_ folder: String) throws {
    let path = "\(DocumentCase.root)/\(folder)"
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    for name in names where !name.hasSuffix(".json") {
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
      for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
        let extraction = extract(Array(bytes[..<count]))
        let isBlank = !bytes[..<count].contains { $0 > 0x20 }
        #expect(
          isBlank || !extraction.texts.isEmpty || !extraction.gaps.isEmpty,
          "\(name) \(count)"
        )
      }
    }
  }
}
