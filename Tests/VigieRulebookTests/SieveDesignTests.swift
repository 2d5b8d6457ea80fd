import TestSupport
import Testing
import VigieRulebook

@Suite("Sieve")
struct SieveDesignTests {
  /// Strings of few classes, some places of which take several.
  private func strings(_ count: Int, seed: UInt64) -> [SieveDesign.Sought] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let places = (0..<Int.random(in: 1...9, using: &generator)).map { _ in
        (0..<Int.random(in: 1...3, using: &generator)).reduce(SieveDesign.Classes(0)) { places, _ in
          places | 1 << SieveDesign.Classes(Int.random(in: 0..<12, using: &generator))
        }
      }
      return SieveDesign.Sought(places: places, leadCount: places.count > 2 ? 1 : 0)
    }
  }

  private let shares = (0..<64).map { Float(64 - $0) / 2_080 }

  @Test("each string has one window, in a bucket that has room", arguments: [1, 7, 300, 2_000])
  func rooms(count: Int) {
    let design = SieveDesign(
      strings(count, seed: UInt64(count)),
      depth: 4,
      bucketCount: 16,
      shares: shares
    )
    let numbers = design.windows.flatMap { $0.strings.map(\.string) }
    #expect(numbers.sorted() == Array(0..<count))
    for bucket in 0..<design.bucketCount {
      #expect(design.windows.count { $0.bucket == bucket } <= design.roomCount)
    }
    #expect(design.roomCount % 8 == 0)
  }

  @Test("where a string stands its bucket is left")
  func standing() {
    let sought = strings(400, seed: 5)
    let design = SieveDesign(sought, depth: 6, bucketCount: 24, shares: shares)
    let sets = design.sets
    var generator = SeededGenerator(seed: 6)
    var metCount = 0
    for window in design.windows {
      for (number, count) in window.strings {
        let string = sought[number]
        // One of the classes of each place, with others before and after.
        let own = string.places.map { classes in
          var number = Int.random(in: 0..<64, using: &generator)
          while classes >> SieveDesign.Classes(number) & 1 == 0 { number = (number + 1) % 64 }
          return number
        }
        let before = (0..<8).map { _ in Int.random(in: 0..<64, using: &generator) }
        let text = before + own
        let end = before.count + count + string.leadCount
        var left: UInt8 = .max
        let row = window.bucket / 8 * design.depth
        for place in 0..<design.depth {
          let value: Int = text[end - 1 - place]
          left &= sets[(row + place) * 64 + value]
        }
        #expect(left >> UInt8(window.bucket % 8) & 1 == 1)
        metCount += 1
      }
    }
    #expect(metCount == sought.count)
  }
}
