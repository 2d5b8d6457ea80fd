import VigiePatterns

extension Pattern {
  /// A stretch of an expression that stands where its author wrote the name of a fragment.
  public struct Splice: Sendable, Equatable {
    /// The name of the fragment.
    public var name: String
    /// The UTF-8 bytes of the expression that the fragment became.
    public var range: Range<Int>
    /// The UTF-8 bytes of the reference in what was written.
    public var written: Range<Int>

    /// A value from its parts.
    public init(name: String, range: Range<Int>, written: Range<Int>) {
      self.name = name
      self.range = range
      self.written = written
    }
  }

  /// Where a byte of the expression was written: its place, and the fragment it came from, if any.
  func place(ofByte offset: Int) -> (offset: Int, fragment: String?) {
    guard let last = splices.last(where: { $0.range.lowerBound <= offset }) else {
      return (offset, nil)
    }
    if offset < last.range.upperBound { return (last.written.lowerBound, last.name) }
    return (last.written.upperBound + offset - last.range.upperBound, nil)
  }

  /// What PCRE2 says against the expression, at the place where it was written; `nil` where it is one.
  package var faultOfExpression: RuleFault? {
    do throws(ExpressionFault) {
      _ = try Expression(regex.value)
      return nil
    } catch {
      return fault(error)
    }
  }

  /// What PCRE2 says of the expression, at the place where it was written.
  func fault(_ fault: ExpressionFault) -> RuleFault {
    let place = place(ofByte: fault.offset)
    let whence = place.fragment.map { ", in its fragment '\($0)'" } ?? ""
    return RuleFault(
      at: regex.position,
      "the pattern is no regular expression: \(fault.reason), at its byte \(place.offset)\(whence)",
      mend: "correct it; the syntax is that of PCRE2 (pcre2pattern)",
      offset: place.offset
    )
  }
}
