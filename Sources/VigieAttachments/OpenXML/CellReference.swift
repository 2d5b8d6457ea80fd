/// The names of cells: columns are letters, rows are numbers.
enum CellReference {
  /// The letters of a column; 1 is `A`.
  static func letters(_ column: Int) -> String {
    var column = max(1, column)
    var letters: [UInt8] = []
    while column > 0 {
      letters.append(UInt8(0x41 + (column - 1) % 26))
      column = (column - 1) / 26
    }
    return String(decoding: letters.reversed(), as: UTF8.self)
  }

  /// The column of a reference such as `B7`; `nil` for none.
  static func column(of reference: String) -> Int? {
    var column = 0
    var count = 0
    for byte in reference.utf8 {
      let letter = byte | 0x20
      guard (0x61...0x7A).contains(letter) else { break }
      column = column * 26 + Int(letter - 0x60)
      count += 1
      guard count <= 4 else { return nil }
    }
    return count > 0 ? column : nil
  }
}

/// Numbers as a person would have typed them.
enum CellNumber {
  /// The digits from which a number may be a card, an account or an identity.
  static let longDigitCount = 6

  /// The text of a stored number: an integer is written fully, whatever its exponent.
  static func text(_ stored: [UInt8]) -> [UInt8] {
    guard stored.contains(where: { $0 == 0x45 || $0 == 0x65 || $0 == 0x2E }), stored.count < 64,
      let value = Double(String(decoding: stored, as: UTF8.self)), abs(value) < 1e18,
      value == value.rounded(), let integer = Int(exactly: value)
    else { return stored }
    return Array(String(integer).utf8)
  }

  /// Whether a number has so many digits that it may be more than an amount.
  static func isLong(_ text: [UInt8]) -> Bool {
    text.count { (0x30...0x39).contains($0) } >= longDigitCount
  }
}
