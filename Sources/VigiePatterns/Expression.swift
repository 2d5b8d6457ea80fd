internal import CPCRE2

/// Why a regular expression cannot be used.
package struct ExpressionFault: Error, Sendable, Equatable {
  /// Where in the expression, UTF-8 bytes.
  package var offset: Int
  /// What PCRE2 says of it.
  package var reason: String

  /// A fault from its parts.
  package init(offset: Int, reason: String) {
    self.offset = offset
    self.reason = reason
  }
}

/// A compiled regular expression (PCRE2 with JIT), shared by every thread.
///
/// Matching never fails on malformed UTF-8: a match simply does not cross it.
@safe package final class Expression: @unchecked Sendable {
  // Sendable: the code is compiled in `init` and only read afterwards; PCRE2 allows any number of
  // threads to match one compiled (and JIT-compiled) pattern at once (pcre2api, "MULTITHREADING").
  let code: OpaquePointer

  /// The compiled code by itself, for who matches it often and keeps the expression besides: no reference is counted.
  ///
  /// Only ``ExpressionMatcher`` can do anything with it; after the expression's end it must not be used.
  @safe package struct Code: @unchecked Sendable {
    let code: OpaquePointer
  }

  /// The compiled code by itself.
  package var lent: Code { unsafe Code(code: code) }

  /// Compiles an expression; a space in it stands for any blank (``BlankSpelling``).
  ///
  /// - Throws: ``ExpressionFault`` where PCRE2 refuses it.
  package init(_ regex: String) throws(ExpressionFault) {
    let compiled: OpaquePointer
    do throws(ExpressionFault) {
      unsafe compiled = try Expression.compiled(BlankSpelling.of(regex))
    } catch {
      // The author looks for the fault in what was written, not in what it stands for.
      unsafe pcre2_code_free_8(try Expression.compiled(regex))
      throw error
    }
    // A build of PCRE2 without JIT answers PCRE2_ERROR_JIT_BADOPTION and interprets: same results.
    let jit = unsafe pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE)
    if jit != 0, jit != PCRE2_ERROR_JIT_BADOPTION {
      unsafe pcre2_code_free_8(compiled)
      throw ExpressionFault(offset: 0, reason: Expression.message(of: jit))
    }
    unsafe self.code = compiled
  }

  deinit { unsafe pcre2_code_free_8(code) }

  private static func compiled(_ regex: String) throws(ExpressionFault) -> OpaquePointer {
    let options =
      PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_USE_OFFSET_LIMIT
      | PCRE2_NEVER_BACKSLASH_C
    var errorCode: Int32 = 0
    var errorOffset = 0
    let bytes = Array(regex.utf8)
    let compiled = unsafe bytes.withUnsafeBufferPointer { pointer in
      // An empty array has no address; PCRE2 wants one even for zero bytes.
      let start = unsafe pointer.baseAddress ?? UnsafePointer(bitPattern: 1)
      return unsafe pcre2_compile_8(start, pointer.count, options, &errorCode, &errorOffset, nil)
    }
    guard let compiled = unsafe compiled else {
      throw ExpressionFault(offset: errorOffset, reason: Expression.message(of: errorCode))
    }
    return unsafe compiled
  }

  /// The words of PCRE2 for one of its codes; they hold nothing of the subject.
  static func message(of code: Int32) -> String {
    // *Source:* pcre2_get_error_message(3): 120 code units are enough for every message.
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = unsafe buffer.withUnsafeMutableBufferPointer { pointer in
      unsafe pcre2_get_error_message_8(code, pointer.baseAddress, pointer.count)
    }
    guard length > 0 else { return "PCRE2 error \(code)" }
    return String(decoding: buffer.prefix(Int(length)), as: UTF8.self)
  }
}
