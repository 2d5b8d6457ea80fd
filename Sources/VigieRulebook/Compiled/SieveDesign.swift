import CVigieKernel

/// A sieve of strings for vectors: which windows stand for them, and how these are shared out among buckets.
///
/// A window is a few neighbouring places of a string, each with the set of classes that may stand there. One table for
/// each place says for each class the buckets whose windows take it; where a bucket is left after all places of a text's
/// last classes, one of its windows may stand. A string stands nowhere without its window, and a window nowhere without
/// its bucket: nothing is lost, whatever is chosen here. Only speed hangs on the choice, so windows are rare ones that
/// many strings share, and a bucket holds windows that are alike.
package struct SieveDesign {
  /// The classes that may stand at a place, as bits.
  package typealias Classes = UInt64

  /// What is sought, place after place.
  package struct Sought {
    package var places: [Classes]
    /// How many of these stand before the string's first: an edge of a word.
    package var leadCount = 0
    /// Whether its window must end with it: for what is not compared as a whole where the window is met.
    package var endsWithWindow = false

    /// A string from its places.
    package init(places: [Classes], leadCount: Int = 0, endsWithWindow: Bool = false) {
      self.places = places
      self.leadCount = leadCount
      self.endsWithWindow = endsWithWindow
    }
  }

  /// A window, and the strings that it stands for.
  package struct Window {
    /// The newest place first.
    package var places: SIMD8<Classes>
    /// The strings, and how many of their values come up to the end of the window.
    package var strings: [(string: Int, count: Int)]
    /// The bucket that holds it.
    package var bucket = 0
  }

  /// The most places of a window.
  static let maxDepth = 8

  /// The windows.
  package private(set) var windows: [Window]
  /// How many places each has.
  package let depth: Int
  /// How many buckets there are, a multiple of eight.
  package let bucketCount: Int
  /// For how many windows each bucket has room, a multiple of ``laneCount``: a quarter more than an equal share.
  package let roomCount: Int

  /// How many windows are compared at once.
  private static let laneCount = Int(VIGIE_LANES)
  /// What a window costs beside one more in a hundred thousand places that are met: its share of the buckets.
  private static let windowCost: Float = 2e-6
  /// How often windows choose their buckets.
  private static let roundCount = 3

  /// Designs a sieve.
  ///
  /// - Parameters:
  ///   - sought: The strings, none of them empty.
  ///   - depth: How many places a window has, at most ``maxDepth``.
  ///   - bucketCount: How many buckets there are.
  ///   - shares: How common each class is.
  package init(_ sought: [Sought], depth: Int, bucketCount: Int, shares: [Float]) {
    self.depth = depth
    self.bucketCount = bucketCount
    self.windows = SieveDesign.cover(sought, depth, shares)
    let share = windows.count * 5 / (4 * bucketCount) + 1
    self.roomCount =
      (share + SieveDesign.laneCount - 1) / SieveDesign.laneCount * SieveDesign.laneCount
    shareOut(shares)
  }

  /// How common it is that one of some classes stands at a place.
  private static func share(of classes: Classes, _ shares: [Float]) -> Float {
    var left = classes
    var share: Float = 0
    while left != 0 {
      share += shares[left.trailingZeroBitCount]
      left &= left - 1
    }
    return share
  }

  /// All windows of a string, with how many of its values come up to their ends.
  private static func options(
    _ sought: Sought,
    _ depth: Int
  ) -> [(places: SIMD8<Classes>, count: Int)] {
    let least = sought.endsWithWindow ? sought.places.count : min(depth, sought.places.count)
    return (least...sought.places.count).map { end in
      var places = SIMD8<Classes>(repeating: .max)
      for place in 0..<min(depth, end) { places[place] = sought.places[end - 1 - place] }
      return (places, end - sought.leadCount)
    }
  }

  /// Windows that stand for all strings: one after the other that which costs least for each string it is new to.
  private static func cover(_ sought: [Sought], _ depth: Int, _ shares: [Float]) -> [Window] {
    var numbers: [SIMD8<Classes>: Int] = [:]
    var all: [Window] = []
    for (number, string) in sought.enumerated() {
      for option in options(string, depth) {
        let place = numbers[option.places] ?? all.count
        if place == all.count {
          numbers[option.places] = place
          all.append(Window(places: option.places, strings: []))
        }
        // A window that a string has twice is met at either place.
        if all[place].strings.last?.string != number {
          all[place].strings.append((number, option.count))
        }
      }
    }
    var known: [Classes: Float] = [:]
    let costs = all.map { window in
      (0..<depth).reduce(Float(1)) { product, place in
        let classes = window.places[place]
        let share = known[classes] ?? share(of: classes, shares)
        known[classes] = share
        return product * share
      } + windowCost
    }
    // Most strings are new to a window, or it falls behind: it is asked again when its turn comes.
    var queue = all.indices.map { (cost: costs[$0] / Float(all[$0].strings.count), window: $0) }
    queue.sort { ($0.cost, $0.window) > ($1.cost, $1.window) }
    var isCovered = [Bool](repeating: false, count: sought.count)
    var chosen: [Window] = []
    while let next = queue.popLast() {
      let fresh = all[next.window].strings.filter { !isCovered[$0.string] }
      if fresh.isEmpty { continue }
      let cost = costs[next.window] / Float(fresh.count)
      if cost > next.cost, let rival = queue.last, rival.cost < cost {
        let place = firstPlace(in: queue) { ($0.cost, $0.window) < (cost, next.window) }
        queue.insert((cost, next.window), at: place)
        continue
      }
      for string in fresh { isCovered[string.string] = true }
      var window = all[next.window]
      window.strings = fresh
      chosen.append(window)
    }
    return chosen
  }

  /// The first place of a list whose elements are sorted, those that fail a test before those that pass.
  private static func firstPlace<Element>(in list: [Element], _ test: (Element) -> Bool) -> Int {
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      if test(list[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Gives each window the bucket that becomes least common by it, common windows first.
  private mutating func shareOut(_ shares: [Float]) {
    var members = [[Int]](repeating: [], count: bucketCount)
    // What each bucket takes, and how common that is, place by place.
    var taken = [SIMD8<Classes>](repeating: SIMD8(repeating: 0), count: bucketCount)
    var parts = [SIMD8<Float>](repeating: SIMD8(repeating: 0), count: bucketCount)
    func shareOfEach(_ places: SIMD8<Classes>) -> SIMD8<Float> {
      var parts = SIMD8<Float>(repeating: 0)
      for place in 0..<depth { parts[place] = SieveDesign.share(of: places[place], shares) }
      return parts
    }
    func product(_ parts: SIMD8<Float>) -> Float { (0..<depth).reduce(1) { $0 * parts[$1] } }
    let own = windows.map { product(shareOfEach($0.places)) }
    let order = windows.indices.sorted { (own[$0], $0) > (own[$1], $1) }
    for round in 0..<SieveDesign.roundCount {
      for window in order {
        if round > 0 {
          let bucket = windows[window].bucket
          members[bucket].removeAll { $0 == window }
          taken[bucket] = members[bucket].reduce(SIMD8(repeating: 0)) { $0 | windows[$1].places }
          parts[bucket] = shareOfEach(taken[bucket])
        }
        var best = (cost: Float.infinity, bucket: 0)
        for bucket in 0..<bucketCount where members[bucket].count < roomCount {
          let fresh = windows[window].places & ~taken[bucket]
          var grown: Float = 1
          for place in 0..<depth {
            grown *= parts[bucket][place] + SieveDesign.share(of: fresh[place], shares)
          }
          let cost = grown - product(parts[bucket])
          if cost < best.cost { best = (cost, bucket) }
        }
        windows[window].bucket = best.bucket
        members[best.bucket].append(window)
        taken[best.bucket] |= windows[window].places
        parts[best.bucket] = shareOfEach(taken[best.bucket])
      }
    }
  }

  /// For each eight buckets, each place and each of 64 classes the buckets that take it, as bits.
  package var sets: [UInt8] {
    var sets = [UInt8](repeating: 0, count: bucketCount / 8 * depth * 64)
    for window in windows {
      for place in 0..<depth {
        for number in 0..<64 where window.places[place] >> UInt64(number) & 1 == 1 {
          sets[(window.bucket / 8 * depth + place) * 64 + number] |= 1 << UInt8(window.bucket % 8)
        }
      }
    }
    return sets
  }
}
