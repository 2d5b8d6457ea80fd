/// Sums that check digits are made of, over the digits of a number from its start.
extension CheckedCharacters {
  /// The digits times their weights, added up.
  ///
  /// - Parameter weights: One for each digit from the first, `0`…`9`, and `A` for ten.
  /// - Returns: The sum.
  func weighted(_ weights: StaticString) -> Int {
    let bytes = unsafe UnsafeBufferPointer(
      start: weights.utf8Start,
      count: weights.utf8CodeUnitCount
    )
    var sum = 0
    for place in 0..<bytes.count {
      let byte = unsafe Int(bytes[place])
      sum += self[place] * (byte > 0x39 ? byte - 0x41 + 10 : byte - 0x30)
    }
    return sum
  }

  /// Whether all digits fit the check digit of ISO/IEC 7064, MOD 11,10.
  var hasMod11And10: Bool {
    var check = 5
    for place in 0..<count {
      check = ((check == 0 ? 10 : check) * 2 % 11 + self[place]) % 10
    }
    return check == 1
  }

  /// Whether all digits fit the check digit of an article number (EAN-13): every second counts three times.
  var hasArticleDigit: Bool {
    var sum = 0
    for place in 0..<count { sum += self[place] * ((count - place) % 2 == 0 ? 3 : 1) }
    return sum % 10 == 0
  }

  /// Whether two digits are a day of a month, and two others a month.
  ///
  /// - Parameters:
  ///   - day: The first place of the day.
  ///   - month: That of the month.
  ///   - step: What is added to months of other centuries: 20 where 1…12, 21…32 and so on all count.
  /// - Returns: Whether both may be.
  func isDate(day: Int, month: Int, added step: Int = 100) -> Bool {
    (1...31).contains(number(day..<(day + 2)))
      && (1...12).contains(number(month..<(month + 2)) % step)
  }
}
