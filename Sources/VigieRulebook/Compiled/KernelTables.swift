import CVigieKernel
import VigieText
import VigieUnicode

/// What the kernel knows of bytes and scalars, made of what the portable pass asks.
enum KernelAlphabet {
  /// For each byte its symbol with the signs ``VIGIE_SYMBOL_MARKUP`` and so on; 0 beyond ASCII.
  static let symbols: [UInt8] = (0..<256).map { number in
    guard number < 0x80 else { return 0 }
    let byte = seen(UInt8(number))
    let signs = ByteSign(of: byte)
    var value = ScalarFold.skeleton(UInt32(byte))
    if signs.contains(.markup) { value |= UInt8(VIGIE_SYMBOL_MARKUP) }
    if signs.contains(.percent) { value |= UInt8(VIGIE_SYMBOL_PERCENT) }
    if signs.contains(.leet) { value |= UInt8(VIGIE_SYMBOL_LEET) }
    return value
  }

  /// For each byte its code, whether it is a letter of base64, and whether it is a backslash.
  static let codes: [UInt8] = (0..<256).map { number in
    guard number < 0x80 else { return StepTable.wideCode }
    let byte = seen(UInt8(number))
    var value = StepTable.code(of: byte)
    if Decoder.isRunByte(byte) { value |= UInt8(VIGIE_CODE_RUN) }
    if ByteSign(of: byte).contains(.backslash) { value |= UInt8(VIGIE_CODE_BACKSLASH) }
    if isOfSecondKind(byte) { value |= UInt8(VIGIE_CODE_KIND) }
    return value
  }

  /// Whether a byte has its code's second class: capitals, for strings that stand in one case alone, and signs of which
  /// others of the same code are more common.
  private static func isOfSecondKind(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x41...0x5A: true
    case UInt8(ascii: "_"), UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"),
      UInt8(ascii: "\""):
      true
    case UInt8(ascii: "5")...UInt8(ascii: "9"): true
    default: StepTable.code(of: byte) == 0 && byte > 0x20
    }
  }

  /// The class of a byte in the sieve of anchors: its code, and which kind.
  static func sieveClass(of byte: UInt8) -> Int {
    Int(codes[Int(byte)]) & (31 | Int(VIGIE_CODE_KIND))
  }

  /// How common the classes of anchors are: those of two kinds have an eighth for the second.
  static let classShares: [Float] = (0..<64).map { number in
    let share = TripleShares.codes.share(ofSingle: number & 31)
    return number < 32 ? share * 7 / 8 : share / 8
  }

  /// How common the symbols are; the sieve of phrases has no more classes.
  static let symbolShares: [Float] = (0..<64).map {
    $0 < 32 ? TripleShares.symbols.share(ofSingle: $0) : 0
  }

  /// The byte whose fold is that of another: vectors look capitals up among small letters, and so the low
  /// line where a control stands.
  private static func seen(_ byte: UInt8) -> UInt8 { byte == 0x7F ? UInt8(ascii: "_") : byte }

  /// For the scalars U+00C0…U+00FF their symbols; 0xFF where a description says more.
  static let latin: [UInt8] = (0xC0..<0x100).map { scalar in
    let word = description(of: UInt32(scalar))
    guard word >> UInt32(VIGIE_SCALAR_LOOK.trailingZeroBitCount) == 0,
      word & UInt32(VIGIE_SCALAR_COUNT) <= 1
    else { return 0xFF }
    return UInt8(word >> UInt32(VIGIE_SCALAR_SYMBOLS))
  }

  /// The description of a scalar beyond ASCII.
  static func description(of scalar: UInt32) -> UInt32 {
    let symbols = FoldedView.skeleton.fold(scalar)
    var word = UInt32(symbols.count)
    for place in 0..<symbols.count {
      word |= UInt32(symbols[place]) << UInt32(Int(VIGIE_SCALAR_SYMBOLS) + 5 * place)
    }
    let signs = ByteSign(of: scalar, besideLetter: true)
    assert(ByteSign.leet.rawValue << UInt32(VIGIE_SCALAR_SIGNS) == UInt32(VIGIE_SCALAR_TOLD))
    assert(ByteSign.script.rawValue << UInt32(VIGIE_SCALAR_SIGNS) == UInt32(VIGIE_SCALAR_SCRIPT))
    // Whether a look-alike is one hangs on its neighbours: the caller looks at them.
    let own = signs.rawValue & 0x3F & ~ByteSign.lookalike.rawValue
    word |= own << UInt32(VIGIE_SCALAR_SIGNS)
    let isLook = signs.contains(.lookalike) || StepTable.isUnseen(scalar)
    return isLook ? word | UInt32(VIGIE_SCALAR_LOOK) : word
  }
}

/// Memory for tables, which lives as long as they are used.
@safe
final class TableMemory {
  /// The tables, in the order in which they were copied.
  private(set) var blocks: [UnsafeMutableRawBufferPointer] = unsafe []

  deinit {
    for number in unsafe blocks.indices { unsafe blocks[number].deallocate() }
  }

  /// Where tables start, bytes: vectors of them then lie in one line of the cache each.
  private static let alignment = 64

  /// Copies values to a place of their own.
  func copy<Value: BitwiseCopyable>(_ values: [Value]) -> UnsafePointer<Value> {
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, values.count) * MemoryLayout<Value>.stride,
      alignment: TableMemory.alignment
    )
    let copy = unsafe memory.bindMemory(to: Value.self)
    _ = unsafe copy.initialize(from: values)
    unsafe blocks.append(memory)
    guard let start = copy.baseAddress else { preconditionFailure("no table is empty") }
    return unsafe UnsafePointer(start)
  }

  /// The tables of a stream.
  ///
  /// - Parameters:
  ///   - set: The windows.
  ///   - strings: What the strings are compared by.
  /// - Returns: The tables, which live as long as this memory.
  func stream(_ set: WindowSet, _ strings: [KernelString]) -> vigie_stream {
    var map: [UInt32] = []
    var rows: [UInt32] = []
    var windows: [vigie_window] = []
    var candidates: [vigie_candidate] = []
    var first = 0
    for count in set.counts {
      // Runs of digits, which come after all strings, are met in another way.
      let row = set.candidates[first..<(first + Int(count))].filter {
        Int($0.string) < strings.count
      }
      first += Int(count)
      let lasts = row.reduce(0) { $0 | $1.lasts }
      map.append(lasts)
      rows.append(UInt32(windows.count))
      WindowSet.forEach(lasts) { last in
        let own = row.filter { $0.lasts >> UInt32(last) & 1 == 1 }
        let test = KernelString.agreement(
          own.map { strings[Int($0.string)].test(endingAfter: Int($0.count)) }
        )
        windows.append(
          vigie_window(
            mask: test.mask,
            value: test.value,
            first: UInt32(candidates.count),
            count: UInt32(own.count)
          )
        )
        candidates += own.map {
          vigie_candidate(
            string: UInt32($0.string),
            before: UInt16(clamping: $0.count),
            after: Int16(clamping: $0.rest)
          )
        }
      }
    }
    var pool: [UInt8] = []
    let kept = strings.map { string in
      defer { pool += string.values }
      return vigie_string(
        offset: UInt32(pool.count),
        count: UInt16(clamping: string.values.count),
        is_exact: string.isExact ? 1 : 0,
        is_word: string.isWord ? 1 : 0
      )
    }
    return unsafe vigie_stream(
      map: copy(map),
      rows: copy(rows),
      windows: copy(windows),
      candidates: copy(candidates),
      strings: copy(kept),
      pool: copy(pool)
    )
  }
}

extension TableMemory {
  /// The tables of a sieve.
  ///
  /// - Parameters:
  ///   - design: Its windows.
  ///   - strings: What the strings are compared by.
  /// - Returns: The tables, which live as long as this memory.
  func sieve(_ design: SieveDesign, _ strings: [KernelString]) -> vigie_sieve {
    var starts: [UInt32] = [0]
    var masks: [UInt64] = []
    var values: [UInt64] = []
    var spans: [vigie_span] = []
    var candidates: [vigie_candidate] = []
    for bucket in 0..<design.bucketCount {
      for window in design.windows where window.bucket == bucket {
        let test = KernelString.agreement(
          window.strings.map { strings[$0.string].test(endingAfter: $0.count) }
        )
        masks.append(test.mask)
        values.append(test.value)
        spans.append(
          vigie_span(first: UInt32(candidates.count), count: UInt32(window.strings.count))
        )
        candidates += window.strings.map {
          vigie_candidate(
            string: UInt32($0.string),
            before: UInt16(clamping: $0.count),
            after: Int16(clamping: strings[$0.string].values.count - $0.count)
          )
        }
      }
      // Where a bucket has no window, no text is equal to what stands there.
      while !masks.count.isMultiple(of: Int(VIGIE_LANES)) {
        masks.append(0)
        values.append(1)
        spans.append(vigie_span())
      }
      starts.append(UInt32(masks.count))
    }
    return unsafe vigie_sieve(
      triples: copy(design.tripleSets),
      triple_groups: UInt32(design.tripleGroupCount),
      places: copy(design.placeSets),
      place_groups: UInt32(design.placeGroupCount),
      starts: copy(starts),
      masks: copy(masks),
      values: copy(values),
      spans: copy(spans),
      candidates: copy(candidates)
    )
  }
}

/// A string for the kernel: what it is compared by.
struct KernelString {
  /// What its values are.
  enum Alphabet {
    /// Symbols of the skeleton.
    case symbols
    /// Bytes of the text, in this very case or in small letters for either.
    case bytes(isExact: Bool)
  }

  var values: [UInt8]
  var alphabet: Alphabet
  var isWord = false

  init(_ values: [UInt8], _ alphabet: Alphabet, isWord: Bool = false) {
    self.values = values
    self.alphabet = alphabet
    self.isWord = isWord
  }

  var isExact: Bool {
    if case .bytes(let isExact) = alphabet { return isExact }
    return true
  }

  /// What the string asks of the last eight symbols, or bytes of the text, where a window ends after so many
  /// of its own; the newest in the highest byte.
  func test(endingAfter count: Int) -> (mask: UInt64, value: UInt64) {
    var (mask, value): (UInt64, UInt64) = (0, 0)
    for place in max(0, count - 8)..<min(count, values.count) {
      let shift = UInt64(8 * (7 - (count - 1 - place)))
      let asked = test(values[place])
      mask |= UInt64(asked.mask) << shift
      value |= UInt64(asked.value & asked.mask) << shift
    }
    return (mask, value)
  }

  /// What all of some tests ask.
  static func agreement(_ tests: [(mask: UInt64, value: UInt64)]) -> (mask: UInt64, value: UInt64) {
    var (mask, value) = tests.first ?? (0, 0)
    for test in tests { mask &= test.mask & ~(value ^ test.value) }
    value &= mask
    return (mask, value)
  }

  /// What the sieve seeks the string by: its symbols, or the classes of its bytes, with the edges of a word.
  var sought: SieveDesign.Sought {
    switch alphabet {
    case .symbols: return SieveDesign.Sought(places: values.map { 1 << SieveDesign.Classes($0) })
    case .bytes:
      let places = values.map { value in
        let asked = test(value)
        return KernelString.classes { $0 & asked.mask == asked.value & asked.mask }
      }
      return isWord
        ? SieveDesign.Sought(
          places: [KernelString.edge] + places + [KernelString.edge],
          leadCount: 1
        )
        : SieveDesign.Sought(places: places)
    }
  }

  private func test(_ value: UInt8) -> (mask: UInt8, value: UInt8) {
    switch alphabet {
    case .symbols, .bytes(isExact: true): return (0xFF, value)
    // A letter but for the bit of its case.
    case .bytes: return ((0x61...0x7A).contains(value) ? 0xDF : 0xFF, value)
    }
  }

  /// The classes of all bytes that pass a test.
  private static func classes(_ test: (UInt8) -> Bool) -> SieveDesign.Classes {
    (UInt8.min...UInt8.max).reduce(0) {
      test($1) ? $0 | 1 << SieveDesign.Classes(KernelAlphabet.sieveClass(of: $1)) : $0
    }
  }

  /// The classes of all bytes that are no letters of ASCII.
  private static let edge = classes { !(0x61...0x7A).contains($0 | 0x20) }
}
