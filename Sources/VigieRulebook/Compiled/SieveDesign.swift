import CVigieKernel

/// A sieve of strings for vectors: which windows stand for them, and how these are shared out among buckets.
///
/// A window is six neighbouring places of a string, each with the set of classes that may stand there. Tables say which
/// buckets have a window that takes what stands in a text, three places at once or each by itself; where a bucket is left
/// after all of them, one of its windows may stand. A string stands nowhere without its window, and a window nowhere
/// without its bucket: nothing is lost, whatever is chosen here. Only speed hangs on the choice, so windows are rare ones
/// that many strings share, and a bucket holds windows that are alike.
package struct SieveDesign {
  /// The classes that may stand at a place, as bits.
  package typealias Classes = UInt64

  /// What is sought, place after place.
  package struct Sought {
    package var places: [Classes]
    /// How many of these stand before the string's first: an edge of a word.
    package var leadCount = 0

    /// A string from its places.
    package init(places: [Classes], leadCount: Int = 0) {
      self.places = places
      self.leadCount = leadCount
    }
  }

  /// What the places of windows are.
  package enum Stream {
    /// Letters of the skeleton.
    case symbols
    /// Classes of the bytes of a text: for sums, what parts words is one.
    case text

    /// The codes that may stand where some classes do, as bits, as sums take them.
    func sumCodes(_ classes: Classes) -> UInt32 {
      let codes = SieveDesign.codes(classes)
      guard case .text = self else { return codes }
      var left = codes
      var taken: UInt32 = 0
      while left != 0 {
        taken |= 1 << vigie_sum_code(UInt32(left.trailingZeroBitCount))
        left &= left - 1
      }
      return taken
    }

    /// How common their neighbours are.
    fileprivate var shares: TripleShares {
      switch self {
      case .symbols: .symbols
      case .text: .codes
      }
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

  /// How many places each window has.
  package static let depth = Int(VIGIE_DEPTH)

  /// The windows.
  package private(set) var windows: [Window]
  /// How many times eight buckets hold the windows that have one code at each place: the first.
  package let tripleGroupCount: Int
  /// How many times eight hold all others.
  package let placeGroupCount: Int
  /// How many buckets there are.
  package var bucketCount: Int { 8 * (tripleGroupCount + placeGroupCount) }

  /// What its places are.
  private let stream: Stream

  /// How many windows eight buckets have, looked up by triples, before it is worth while to take eight more.
  ///
  /// *Source:* 64 windows of a bucket have two fifths of the sums of each triple; of a hundred places one is left.
  private static let tripleShare = 384
  /// The same of all other windows.
  ///
  /// *Source:* of a hundred and sixty such windows of the shipped rules eight buckets left 0.38 % of the places of chat, and
  /// sixteen a tenth of a per cent; of half as many eight left 0.07 %.
  private static let placeShare = 144
  /// What a window costs beside one more in a hundred thousand places that are met: its share of the buckets.
  private static let windowCost: Float = 2e-6
  /// How often windows choose their buckets.
  private static let roundCount = 3

  /// Designs a sieve.
  ///
  /// - Parameters:
  ///   - sought: The strings, none of them empty.
  ///   - stream: What their places are.
  ///   - maxPlaceGroupCount: How many times eight buckets there are at most of windows that are looked up place by place.
  ///   - shares: How common each class is.
  package init(
    _ sought: [Sought],
    of stream: Stream,
    maxPlaceGroupCount: Int,
    shares: [Float]
  ) {
    var windows = SieveDesign.cover(sought, stream.shares, shares)
    let others = windows.partition { SieveDesign.row(of: $0) == nil }
    func groupCount(_ count: Int, _ share: Int, _ most: Int) -> Int {
      min(most, (count + share - 1) / share)
    }
    self.tripleGroupCount = groupCount(
      others,
      SieveDesign.tripleShare,
      Int(VIGIE_MAX_GROUPS) - maxPlaceGroupCount
    )
    self.placeGroupCount = groupCount(
      windows.count - others,
      SieveDesign.placeShare,
      maxPlaceGroupCount
    )
    self.windows = windows
    self.stream = stream
    shareOutTriples(0..<others)
    shareOutPlaces(others..<windows.count, shares)
  }

  /// The codes of a window whose places have one each, the newest first, without what is said of the kind; `nil` for others,
  /// and where fewer than ``leastRowCount`` places are known.
  private static func row(of window: Window) -> [UInt8]? {
    var row: [UInt8] = []
    for place in 0..<depth where window.places[place] != .max {
      let codes = SieveDesign.codes(window.places[place])
      if codes.nonzeroBitCount != 1 { return nil }
      row.append(UInt8(codes.trailingZeroBitCount))
    }
    return row.count < leastRowCount ? nil : row
  }

  /// The codes that some classes have, as bits.
  private static func codes(_ classes: Classes) -> UInt32 {
    UInt32(truncatingIfNeeded: classes | classes >> 32)
  }

  /// How many places must be known of a window that is looked up by triples: of five, five triples are.
  private static let leastRowCount = 5

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
    _ sought: Sought
  ) -> [(places: SIMD8<Classes>, count: Int)] {
    let least = min(depth, sought.places.count)
    return (least...sought.places.count).map { end in
      var places = SIMD8<Classes>(repeating: .max)
      for place in 0..<min(depth, end) { places[place] = sought.places[end - 1 - place] }
      return (places, end - sought.leadCount)
    }
  }

  /// How common it is that a window stands at a place.
  private static func share(
    of window: Window,
    _ triples: TripleShares,
    _ shares: [Float]
  ) -> Float {
    let places = (0..<depth).map { window.places[$0] }.filter { $0 != .max }
    guard places.count > 2 else { return places.reduce(1) { $0 * share(of: $1, shares) } }
    let codes = places.map { SieveDesign.codes($0) }
    // Of a letter's two classes one may be sought alone.
    return places.reduce(triples.share(ofEach: codes.reversed())) { product, classes in
      let both = classes | classes << 32 | classes >> 32
      return both == classes
        ? product : product * share(of: classes, shares) / share(of: both, shares)
    }
  }

  /// Windows that stand for all strings: one after the other that which costs least for each string it is new to.
  ///
  /// - Parameters:
  ///   - sought: The strings.
  ///   - triples: How common three codes are as neighbours.
  ///   - shares: How common each class is.
  /// - Returns: The windows, with no bucket yet.
  private static func cover(
    _ sought: [Sought],
    _ triples: TripleShares,
    _ shares: [Float]
  ) -> [Window] {
    var numbers: [SIMD8<Classes>: Int] = [:]
    var all: [Window] = []
    for (number, string) in sought.enumerated() {
      for option in options(string) {
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
    let costs = all.map { share(of: $0, triples, shares) + windowCost }
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

  /// Gives equal shares of windows to the buckets that are looked up by triples, in the order of their letters and those
  /// that are capitals apart: what is alike has many sums in common.
  private mutating func shareOutTriples(_ range: Range<Int>) {
    let keys = range.map { number in
      let window = windows[number]
      let isCapital = (0..<SieveDesign.depth).contains { window.places[$0] & 0xFFFF_FFFF == 0 }
      let row = SieveDesign.row(of: window) ?? []
      return [UInt8(row.count), isCapital ? 1 : 0] + row
    }
    let order = range.sorted { left, right in
      keys[left] == keys[right] ? left < right : keys[left].lexicographicallyPrecedes(keys[right])
    }
    for (rank, number) in order.enumerated() {
      windows[number].bucket = rank * 8 * tripleGroupCount / order.count
    }
  }

  /// Gives each window that is looked up place by place the bucket that becomes least common by it, common windows first.
  private mutating func shareOutPlaces(_ range: Range<Int>, _ shares: [Float]) {
    let depth = SieveDesign.depth
    let first = 8 * tripleGroupCount
    let count = 8 * placeGroupCount
    // A quarter more than an equal share.
    let room = count == 0 ? 0 : range.count * 5 / (4 * count) + 8
    var members = [[Int]](repeating: [], count: count)
    // What each bucket takes, and how common that is, place by place.
    var taken = [SIMD8<Classes>](repeating: SIMD8(repeating: 0), count: count)
    var parts = [SIMD8<Float>](repeating: SIMD8(repeating: 0), count: count)
    func shareOfEach(_ places: SIMD8<Classes>) -> SIMD8<Float> {
      var parts = SIMD8<Float>(repeating: 0)
      for place in 0..<depth { parts[place] = SieveDesign.share(of: places[place], shares) }
      return parts
    }
    func product(_ parts: SIMD8<Float>) -> Float { (0..<depth).reduce(1) { $0 * parts[$1] } }
    let own = range.map { product(shareOfEach(windows[$0].places)) }
    let order = range.sorted { (own[$0 - range.lowerBound], $0) > (own[$1 - range.lowerBound], $1) }
    for round in 0..<SieveDesign.roundCount {
      for window in order {
        if round > 0 {
          let bucket = windows[window].bucket - first
          members[bucket].removeAll { $0 == window }
          taken[bucket] = members[bucket].reduce(SIMD8(repeating: 0)) { $0 | windows[$1].places }
          parts[bucket] = shareOfEach(taken[bucket])
        }
        var best = (cost: Float.infinity, bucket: 0)
        for bucket in 0..<count
        where members[bucket].count < room {
          let fresh = windows[window].places & ~taken[bucket]
          var grown: Float = 1
          for place in 0..<depth {
            grown *= parts[bucket][place] + SieveDesign.share(of: fresh[place], shares)
          }
          let cost = grown - product(parts[bucket])
          if cost < best.cost { best = (cost, bucket) }
        }
        windows[window].bucket = first + best.bucket
        members[best.bucket].append(window)
        taken[best.bucket] |= windows[window].places
        parts[best.bucket] = shareOfEach(taken[best.bucket])
      }
    }
  }

  /// The places of each triple, from the newest on.
  package static let triples: [[Int]] = (0..<Int32(VIGIE_TRIPLES)).map { triple in
    (0..<3).map { Int(vigie_triple_place(triple, $0)) }
  }

  /// The places of the triples of windows that are not looked up by triples alone.
  package static let placeTriples: [[Int]] = (0..<Int32(VIGIE_PLACE_TRIPLES)).map {
    triples[Int(vigie_place_triple($0))]
  }

  /// The places whose classes are looked up beside triples.
  package static let classPlaces: [Int] = (0..<Int(VIGIE_CLASSES)).map { 2 * $0 }

  /// Where in the sets of eight buckets that are looked up by triples those of the classes of places start, and how many there
  /// are in all.
  package static let tripleSetCounts = (
    sums: Int(VIGIE_TRIPLES * VIGIE_TRIPLE_SUMS),
    all: Int(VIGIE_TRIPLES * VIGIE_TRIPLE_SUMS) + classPlaces.count * 64
  )

  /// For each eight buckets that are looked up by triples, each triple and each sum the buckets that take it, as bits; and
  /// then for each of ``classPlaces`` each of 64 classes.
  package var tripleSets: [UInt8] {
    let counts = SieveDesign.tripleSetCounts
    var sets = [UInt8](repeating: 0, count: tripleGroupCount * counts.all)
    for window in windows where window.bucket < 8 * tripleGroupCount {
      let start = window.bucket / 8 * counts.all
      let bit: UInt8 = 1 << UInt8(window.bucket % 8)
      for (number, places) in SieveDesign.triples.enumerated() {
        add(bit, of: window, at: places, from: start + number * Int(VIGIE_TRIPLE_SUMS), to: &sets)
      }
      for (number, place) in SieveDesign.classPlaces.enumerated() {
        add(bit, of: window, at: place, from: start + counts.sums + 64 * number, to: &sets)
      }
    }
    return sets
  }

  /// Of the sets of eight buckets with other windows how many places say something, where those of the sums of
  /// ``placeTriples`` start, and how many there are in all.
  package static let placeSetCounts = (
    places: Int(VIGIE_PLACES), classes: Int(VIGIE_PLACES) * 64,
    all: Int(VIGIE_PLACES) * 64 + Int(VIGIE_PLACE_TRIPLES * VIGIE_TRIPLE_SUMS)
  )

  /// For each eight of all other buckets, each place and each of 64 classes the buckets that take it, as bits; and then of
  /// each of ``placeTriples`` for each sum.
  package var placeSets: [UInt8] {
    let counts = SieveDesign.placeSetCounts
    let first = 8 * tripleGroupCount
    var sets = [UInt8](repeating: 0, count: placeGroupCount * counts.all)
    for window in windows where window.bucket >= first {
      let bucket = window.bucket - first
      let start = bucket / 8 * counts.all
      let bit: UInt8 = 1 << UInt8(bucket % 8)
      for place in 0..<counts.places {
        add(bit, of: window, at: place, from: start + place * 64, to: &sets)
      }
      for (number, places) in SieveDesign.placeTriples.enumerated() {
        let from = start + counts.classes + number * Int(VIGIE_TRIPLE_SUMS)
        add(bit, of: window, at: places, from: from, to: &sets)
      }
    }
    return sets
  }

  /// Adds a bucket to the sets of a place, from an index on, for all classes that may stand there.
  private func add(
    _ bit: UInt8,
    of window: Window,
    at place: Int,
    from start: Int,
    to sets: inout [UInt8]
  ) {
    for number in 0..<64 where window.places[place] >> UInt64(number) & 1 == 1 {
      sets[start + number] |= bit
    }
  }

  /// Adds a bucket to the sets of a triple, from an index on, for all sums of what may stand at its places.
  private func add(
    _ bit: UInt8,
    of window: Window,
    at places: [Int],
    from start: Int,
    to sets: inout [UInt8]
  ) {
    let codes = places.map { place in
      let own = stream.sumCodes(window.places[place])
      return (UInt32(0)..<32).filter { own >> $0 & 1 == 1 }
    }
    for first in codes[0] {
      for second in codes[1] {
        for third in codes[2] { sets[start + Int(vigie_triple_sum(first, second, third))] |= bit }
      }
    }
  }
}
