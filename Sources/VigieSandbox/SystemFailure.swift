import Glibc

/// A call of the system that failed.
package struct SystemFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was tried, in words.
  package let what: String
  /// The error number.
  package let code: CInt

  /// A value from its parts.
  package init(_ what: String, code: CInt = errno) {
    self.what = what
    self.code = code
  }

  /// Both in words, such as `a socket cannot be made: too many open files`.
  package var description: String { "\(what): \(SystemFailure.words(of: code))" }

  /// What an error number says.
  package static func words(of code: CInt) -> String {
    unsafe String(cString: strerror(code)).lowercased()
  }

  /// The result of a call, or its failure where it is negative.
  static func check<Number: SignedInteger>(
    _ what: String,
    _ result: Number
  ) throws(SystemFailure) -> Number {
    guard result >= 0 else { throw SystemFailure(what) }
    return result
  }
}
