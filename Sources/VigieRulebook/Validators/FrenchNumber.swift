/// Numbers that French authorities give to persons and companies.
enum FrenchNumber {
  /// Whether 15 characters are a social security number with its key.
  ///
  /// *Source:* INSEE, NIR: the key is 97 less the first 13 digits modulo 97; the Corsican
  /// departments 2A and 2B count as 19 and 18. The first digit is 1 or 2 (3, 4: being registered;
  /// 7, 8: provisional), the month 1…12, or from 20 on where it is not known.
  static func isNIR(_ characters: CheckedCharacters) -> Bool {
    guard characters.hasCount(15) else { return false }
    var characters = characters
    if characters[5] == 2, characters[6] == 10 || characters[6] == 11 {
      let department: UInt8 = characters[6] == 10 ? 19 : 18
      characters.set(5, department / 10)
      characters.set(6, department % 10)
    }
    guard characters.areDigits(in: 0..<15) else { return false }
    switch characters[0] {
    case 1...4, 7, 8: break
    default: return false
    }
    let month = characters.number(3..<5)
    guard (1...12).contains(month) || month >= 20 else { return false }
    return 97 - characters.number(0..<13) % 97 == characters.number(13..<15)
  }

  /// Whether 13 digits are a tax number.
  ///
  /// *Source:* European Commission, TIN algorithms, France: the last three digits are the first ten
  /// modulo 511; the first is 0…3.
  static func isNIF(_ characters: CheckedCharacters) -> Bool {
    characters.hasCount(13) && characters.areDigits && characters[0] <= 3
      && characters.number(0..<10) % 511 == characters.number(10..<13)
  }

  /// Whether nine digits are a company.
  ///
  /// *Source:* INSEE, SIREN: check digit of Luhn. No number starts with five zeros.
  static func isSIREN(_ characters: CheckedCharacters) -> Bool {
    characters.hasCount(9) && characters.number(0..<5) > 0 && Checksum.luhn(characters)
  }

  /// The company La Poste, whose establishments are too many for the check digit of Luhn.
  private static let laPoste = 356_000_000
  /// The number of its head office, which has that check digit.
  private static let laPosteHead = 35_600_000_000_048

  /// Whether 14 digits are an establishment.
  ///
  /// *Source:* INSEE, SIRET: check digit of Luhn over all digits, and over the first nine; of La Poste
  /// the sum of the digits is a multiple of five, but for the head office.
  static func isSIRET(_ characters: CheckedCharacters) -> Bool {
    guard characters.hasCount(14), characters.areDigits, characters.number(0..<5) > 0,
      Checksum.luhn(characters, count: 9)
    else { return false }
    guard characters.number(0..<9) == laPoste, characters.number(0..<14) != laPosteHead else {
      return Checksum.luhn(characters)
    }
    var sum = 0
    for index in 0..<14 { sum += characters[index] }
    return sum % 5 == 0
  }

  /// Whether `FR`, two check characters and nine digits are a VAT number.
  ///
  /// *Source:* article 286 ter of the Code général des impôts; European Commission, VIES: the key of
  /// two digits is the SIREN followed by 12, modulo 97. In a key with a letter the letters have the
  /// values 10…33, without I and O: a letter first weighs 34, a digit first 24, less 100 and 10; the
  /// sum is 11 times a number that the SIREN takes in, and a rest. Numbers of Monaco start with 000
  /// and are no SIREN.
  static func isTVA(_ characters: CheckedCharacters) -> Bool {
    guard characters.hasCount(13), characters[0] == 15, characters[1] == 27,
      characters.areDigits(in: 4..<13)
    else { return false }
    let company = characters.number(4..<13)
    guard company >= 1_000_000 ? hasLuhn(company) : company > 0 else { return false }
    let (first, second) = (characters[2], characters[3])
    if first <= 9, second <= 9 {
      return (company * 100 + 12) % 97 == first * 10 + second
    }
    guard let high = keyValue(first), let low = keyValue(second) else { return false }
    let sum = first <= 9 ? high * 24 + low - 10 : high * 34 + low - 100
    return (company + 1 + sum / 11) % 11 == sum % 11
  }

  /// The value of a character of a new key: no I, no O.
  private static func keyValue(_ value: Int) -> Int? {
    switch value {
    case 18, 24: nil
    case ...17: value
    case ...23: value - 1
    default: value - 2
    }
  }

  /// The check digit of Luhn over a number of up to nine digits.
  private static func hasLuhn(_ number: Int) -> Bool {
    var (left, sum, isDouble) = (number, 0, false)
    while left > 0 {
      let digit = isDouble ? left % 10 * 2 : left % 10
      sum += digit > 9 ? digit - 9 : digit
      left /= 10
      isDouble.toggle()
    }
    return sum % 10 == 0
  }
}
