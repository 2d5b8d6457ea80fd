internal import CPCRE2

/// Why PCRE2 could not say whether there is a match: never to be taken for "no match".
package enum MatchFailure: Error, Sendable, Equatable {
  /// The match needed more steps than it may take.
  case matchLimit
  /// The match nested deeper than it may.
  case depthLimit
  /// The match needed more memory than it may.
  case memoryLimit
  /// Any other code of PCRE2.
  case other(code: Int32)
}

/// The scratch memory with which one thread matches expressions, and the limits of each match.
@safe package final class ExpressionMatcher {
  /// The steps one match may take.
  ///
  /// *Source:* performance.md §3: 50,000 steps of JIT code take some 0.2 ms on the worst pattern.
  package static let matchLimit: UInt32 = 50_000
  /// How deep the interpreter may nest.
  package static let depthLimit: UInt32 = 1_000
  /// The memory one match may take, KiB.
  package static let heapLimit: UInt32 = 4_096
  /// The JIT stack of the thread, bytes: at first and at most.
  package static let jitStackSize = (initial: 32 * 1_024, maximum: 1_024 * 1_024)

  private let matchData: OpaquePointer
  private let context: OpaquePointer
  private let jitStack: OpaquePointer?

  /// A matcher with scratch memory of its own.
  package init() {
    // Allocation failures of a few KiB: nothing sensible can go on, as anywhere else in Swift.
    guard let matchData = unsafe pcre2_match_data_create_8(1, nil),
      let context = unsafe pcre2_match_context_create_8(nil)
    else { preconditionFailure("out of memory") }
    unsafe self.matchData = matchData
    unsafe self.context = context
    unsafe self.jitStack = pcre2_jit_stack_create_8(
      ExpressionMatcher.jitStackSize.initial,
      ExpressionMatcher.jitStackSize.maximum,
      nil
    )
    unsafe pcre2_set_match_limit_8(context, ExpressionMatcher.matchLimit)
    unsafe pcre2_set_depth_limit_8(context, ExpressionMatcher.depthLimit)
    unsafe pcre2_set_heap_limit_8(context, ExpressionMatcher.heapLimit)
    if let jitStack = unsafe jitStack {
      unsafe pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(jitStack))
    }
  }

  deinit {
    unsafe pcre2_match_data_free_8(matchData)
    unsafe pcre2_match_context_free_8(context)
    if let jitStack = unsafe jitStack { unsafe pcre2_jit_stack_free_8(jitStack) }
  }

  /// Returns the first match that starts within a range of a text.
  ///
  /// - Parameters:
  ///   - expression: What to match.
  ///   - text: The text, UTF-8 or nearly; look-behind and look-ahead see all of it.
  ///   - starts: Where the match may start, UTF-8 bytes, both ends included.
  ///   - startsLine: Whether the first byte of the text starts a line.
  ///   - endsLine: Whether the last byte of the text ends a line.
  /// - Returns: The bytes of the match (after any `\K`), or `nil` for none.
  /// - Throws: ``MatchFailure`` where PCRE2 could not tell.
  package func firstMatch(
    of expression: Expression,
    in text: Span<UInt8>,
    starting starts: ClosedRange<Int>,
    startsLine: Bool,
    endsLine: Bool
  ) throws(MatchFailure) -> Range<Int>? {
    try firstMatch(
      of: expression.lent,
      in: text,
      starting: starts,
      startsLine: startsLine,
      endsLine: endsLine
    )
  }

  /// The same for the code of an expression that somebody else keeps.
  package func firstMatch(
    of expression: Expression.Code,
    in text: Span<UInt8>,
    starting starts: ClosedRange<Int>,
    startsLine: Bool,
    endsLine: Bool
  ) throws(MatchFailure) -> Range<Int>? {
    var options: UInt32 = 0
    if !startsLine { options |= PCRE2_NOTBOL }
    if !endsLine { options |= PCRE2_NOTEOL }
    unsafe pcre2_set_offset_limit_8(context, starts.upperBound)
    let code = unsafe text.withUnsafeBufferPointer { pointer in
      let start = unsafe pointer.baseAddress ?? UnsafePointer(bitPattern: 1)
      return unsafe pcre2_match_8(
        expression.code,
        start,
        pointer.count,
        starts.lowerBound,
        options,
        matchData,
        context
      )
    }
    switch code {
    case 0...: break
    case PCRE2_ERROR_NOMATCH: return nil
    case PCRE2_ERROR_MATCHLIMIT: throw .matchLimit
    case PCRE2_ERROR_DEPTHLIMIT: throw .depthLimit
    case PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_JIT_STACKLIMIT, PCRE2_ERROR_NOMEMORY:
      throw .memoryLimit
    default: throw .other(code: code)
    }
    // *Source:* pcre2api, "HOW PCRE2_MATCH() RETURNS A STRING": pair 0 is the whole match.
    guard let vector = unsafe pcre2_get_ovector_pointer_8(matchData) else {
      throw .other(code: code)
    }
    let start = unsafe vector[0]
    let end = unsafe vector[1]
    // \K in a look-ahead can put the start after the end; there is nothing between them then.
    return start <= end ? start..<end : end..<end
  }
}
