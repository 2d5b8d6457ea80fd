import CVigieKernel
import VigieText
import VigieUnicode

/// The scratch memory of the kernel, and what it found in the last segment.
@safe
package struct PassScratch: ~Copyable {
  let memory: OpaquePointer?
  let result: UnsafeMutablePointer<vigie_result>

  /// How many bytes of a text are one segment.
  package static var segmentCount: Int { Int(VIGIE_SEGMENT) }

  /// Whether there is memory: otherwise the portable pass must do.
  package var isReady: Bool { unsafe memory != nil }

  /// Scratch memory, where the kernel is used and as far as there is any.
  package init(for variant: PassKernel.Variant) {
    unsafe memory = variant == .portable ? nil : vigie_make_scratch()
    unsafe result = .allocate(capacity: 1)
    unsafe result.initialize(to: vigie_result())
  }

  deinit {
    unsafe vigie_free_scratch(memory)
    unsafe result.deallocate()
  }

  /// Prepares for the first segment of a text.
  package func begin() { unsafe vigie_begin(memory) }

  /// How many anchors stand in the segment.
  package var anchorCount: Int { unsafe Int(result.pointee.anchor_count) }
  /// How many anchors and phrases stand in it.
  package var eventCount: Int { unsafe Int(result.pointee.event_count) }
  /// How many scalars of it are to be looked at: look-alikes, and what nobody sees.
  package var lookCount: Int { unsafe Int(result.pointee.look_count) }

  /// At how many places windows of strings were compared.
  package var comparedCount: Int { unsafe Int(result.pointee.compared_count) }

  /// How many signs stand in it that a decoder looks at, or `nil` where there are too many to tell.
  package var signCount: Int? {
    let count = unsafe Int(result.pointee.sign_count)
    return count <= Int(VIGIE_MAX_SIGNS) ? count : nil
  }

  /// Where a sign stands, bytes from the segment's start.
  package func sign(_ number: Int) -> Int {
    let count = unsafe Int(result.pointee.sign_count)
    precondition(number >= 0 && number < count)
    return unsafe Int(result.pointee.signs[number])
  }

  /// How many letters of Greek or Cyrillic stand in it, or `nil` where there are too many to tell.
  package var scriptCount: Int? {
    let count = unsafe Int(result.pointee.script_count)
    return count <= Int(VIGIE_MAX_SIGNS) ? count : nil
  }

  /// Where such a letter stands, bytes from the segment's start.
  package func script(_ number: Int) -> Int {
    let count = unsafe Int(result.pointee.script_count)
    precondition(number >= 0 && number < count)
    return unsafe Int(result.pointee.scripts[number])
  }

  /// How many runs of base64 reach their least length or go on in the blocks of the segment, or seem to.
  package var runCount: Int { unsafe Int(result.pointee.run_count) }

  /// A letter of a run, with the fifteen before it, bytes from the segment's start.
  package func run(_ number: Int) -> Int {
    precondition(number >= 0 && number < runCount)
    return unsafe Int(result.pointee.runs[number])
  }

  /// How often runs of digits are met in the segment.
  package var digitCount: Int { unsafe Int(result.pointee.digit_count) }

  /// The byte after a digit of a run, from the segment's start; in order.
  package func digit(_ number: Int) -> Int {
    precondition(number >= 0 && number < digitCount)
    return unsafe Int(result.pointee.digits[number])
  }

  /// A string that stands in the text.
  package struct Event: Sendable {
    /// The byte after the scalar that ends its window, from the segment's start.
    package let end: Int
    /// Its number among phrases, or among anchors.
    package let string: Int
    /// Of a phrase the letters before ``end``; of an anchor the bytes from its first to ``end``.
    package let count: Int
  }

  /// What parts anchors from phrases in the numbers of strings.
  private static let anchorBit = UInt32(truncatingIfNeeded: Int(VIGIE_EVENT_ANCHOR))

  /// An event; those of anchors come first.
  package func event(_ number: Int) -> Event {
    precondition(number >= 0 && number < eventCount)
    let event = unsafe result.pointee.events[number]
    return Event(
      end: Int(event.end),
      string: Int(event.string & ~PassScratch.anchorBit),
      count: Int(event.letters)
    )
  }

  /// Where a scalar stands that is to be looked at, bytes from the segment's start.
  package func look(_ number: Int) -> Int {
    precondition(number >= 0 && number < lookCount)
    return unsafe Int(result.pointee.looks[number])
  }

  /// What was met in the segment.
  package var signs: ByteSign {
    let met = unsafe result.pointee.met
    // What scalars say, in the lowest bits, are signs as they are.
    var signs = ByteSign(rawValue: met & 0x3F)
    if met & UInt32(VIGIE_MET_MARKUP) != 0 { signs.formUnion(.markup) }
    if met & UInt32(VIGIE_MET_PERCENT) != 0 { signs.formUnion(.percent) }
    if met & UInt32(VIGIE_MET_LEET) != 0 { signs.formUnion(.leet) }
    if met & UInt32(VIGIE_MET_BACKSLASH) != 0 { signs.formUnion(.backslash) }
    if met & UInt32(VIGIE_MET_MALFORMED) != 0 { signs.formUnion(.malformed) }
    if met & UInt32(VIGIE_MET_RUN) != 0 { signs.formUnion(.run) }
    return signs
  }

  /// Describes the scalars that the kernel asked for; says whether there is memory for it.
  func describeMissingRow() -> Bool {
    let row = unsafe result.pointee.missing_row
    let words = (0..<UInt32(VIGIE_ROW)).map {
      KernelAlphabet.description(of: row * UInt32(VIGIE_ROW) + $0)
    }
    return unsafe words.withUnsafeBufferPointer {
      unsafe vigie_describe(memory, row, $0.baseAddress) != 0
    }
  }
}
