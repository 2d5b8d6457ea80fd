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

  /// Strings of which each place takes one class, or the two of one letter: such are looked up by triples.
  private func words(_ count: Int, seed: UInt64) -> [SieveDesign.Sought] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let isExact = Bool.random(using: &generator)
      let places: [SieveDesign.Classes] = (0..<Int.random(in: 4...12, using: &generator)).map { _ in
        let code = Int.random(in: 1..<27, using: &generator)
        let kind = Bool.random(using: &generator) ? 0 : 32
        return isExact
          ? 1 << SieveDesign.Classes(code + kind)
          : 1 << SieveDesign.Classes(code) | 1 << SieveDesign.Classes(code + 32)
      }
      return SieveDesign.Sought(places: places)
    }
  }

  @Test("each string has one window, in a bucket that there is", arguments: [1, 7, 300, 2_000])
  func buckets(count: Int) {
    for sought in [strings(count, seed: UInt64(count)), words(count, seed: UInt64(count))] {
      let design = SieveDesign(sought, of: .text, maxPlaceGroupCount: 2, shares: shares)
      let numbers = design.windows.flatMap { $0.strings.map(\.string) }
      #expect(numbers.sorted() == Array(0..<count))
      #expect(design.windows.allSatisfy { (0..<design.bucketCount).contains($0.bucket) })
      #expect(design.placeGroupCount <= 2)
      #expect(design.bucketCount <= 64)
    }
  }

  @Test("buckets of triples have equal shares")
  func triples() {
    let design = SieveDesign(
      words(2_000, seed: 3),
      of: .symbols,
      maxPlaceGroupCount: 1,
      shares: shares
    )
    #expect(design.tripleGroupCount > 1)
    let counts = (0..<8 * design.tripleGroupCount).map { bucket in
      design.windows.count { $0.bucket == bucket }
    }
    #expect(counts.max()! - counts.min()! <= 1)
  }

  @Test(
    "where a string stands its bucket is left",
    arguments: [false, true],
    [SieveDesign.Stream.symbols, .text]
  )
  func standing(isOfWords: Bool, stream: SieveDesign.Stream) {
    let sought = isOfWords ? words(900, seed: 5) : strings(400, seed: 5)
    let design = SieveDesign(sought, of: stream, maxPlaceGroupCount: 2, shares: shares)
    if isOfWords { #expect(design.tripleGroupCount > 0) }
    let sets = SieveSets(design)
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
        let last = (0..<SieveDesign.depth).map { text[end - 1 - $0] }
        #expect(sets.leave(window.bucket, last, stream))
        metCount += 1
      }
    }
    #expect(metCount == sought.count)
  }
}

/// The sets of a design, worked out once: a debug build takes seconds to.
private struct SieveSets {
  private let triples: [UInt8]
  private let places: [UInt8]
  private let tripleGroupCount: Int

  init(_ design: SieveDesign) {
    triples = design.tripleSets
    places = design.placeSets
    tripleGroupCount = design.tripleGroupCount
  }

  /// Whether a bucket is left where these are the last classes, the newest first: what the kernel asks of the sets.
  func leave(_ bucket: Int, _ last: [Int], _ stream: SieveDesign.Stream) -> Bool {
    var left: UInt8 = .max
    func sum(_ places: [Int]) -> Int {
      let codes = places.map { place in
        let code = last[place] & 31
        return stream == .text && code % 4 == 0 ? 0 : code
      }
      return (codes[0] - 3 * codes[1] + 8 * codes[2]) & 127
    }
    if bucket < 8 * tripleGroupCount {
      let counts = SieveDesign.tripleSetCounts
      let start = bucket / 8 * counts.all
      for (number, three) in SieveDesign.triples.enumerated() {
        left &= triples[start + number * 128 + sum(three)]
      }
      for (number, place) in SieveDesign.classPlaces.enumerated() {
        left &= triples[start + counts.sums + 64 * number + last[place]]
      }
    } else {
      let counts = SieveDesign.placeSetCounts
      let start = (bucket / 8 - tripleGroupCount) * counts.all
      for place in 0..<counts.places { left &= places[start + place * 64 + last[place]] }
      for (number, three) in SieveDesign.placeTriples.enumerated() {
        left &= places[start + counts.classes + number * 128 + sum(three)]
      }
    }
    return left >> UInt8(bucket % 8) & 1 == 1
  }
}
