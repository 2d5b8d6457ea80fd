/// Numbers that states of Europe give to each person, those of France apart.
///
/// *Source* of each algorithm, unless another is named: the TIN pages of the European Commission ("TIN by country"),
/// and the law that the rule cites; the tests hold them against numbers computed by another implementation.
enum NationalNumber {
  /// German tax number (IdNr): of its first ten digits just one stands there more than once, twice or three times.
  static func isGermanTax(_ number: CheckedCharacters) -> Bool {
    guard number.hasCount(11), number.areDigits, number[0] > 0 else { return false }
    var counts = [10 of UInt8](repeating: 0)
    for place in 0..<10 { counts[number[place]] += 1 }
    var repeated = 0
    for digit in 0..<10 where counts[digit] > 1 {
      repeated += counts[digit] > 3 ? 2 : 1
    }
    return repeated == 1 && number.hasMod11And10
  }

  /// German pension insurance number: area, date of birth, letter, serial number, check digit.
  ///
  /// *Source:* VKVV (Verordnung über die Vergabe der Versicherungsnummer), § 2: the letter counts as its two digits
  /// in the alphabet, a product as the sum of its digits.
  static func isGermanPension(_ number: CheckedCharacters) -> Bool {
    guard number.hasCount(12), number.areDigits(in: 0..<8), (10...35).contains(number[8]),
      number.areDigits(in: 9..<12), (1...12).contains(number.number(4..<6)),
      // Days of persons with the same number go on from 32.
      (1...80).contains(number.number(2..<4))
    else { return false }
    let letter = number[8] - 9
    var digits = [12 of Int](repeating: 0)
    for place in 0..<8 { digits[place] = number[place] }
    digits[8] = letter / 10
    digits[9] = letter % 10
    for place in 9..<11 { digits[place + 1] = number[place] }
    let weights: [12 of Int] = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]
    var sum = 0
    for place in 0..<12 {
      let product = digits[place] * weights[place]
      sum += product / 10 + product % 10
    }
    return sum % 10 == number[11]
  }

  /// Swiss insurance number (AHV, AVS): an article number of the country 756.
  static func isSwiss(_ number: CheckedCharacters) -> Bool {
    number.hasCount(13) && number.areDigits && number.number(0..<3) == 756
      && number.hasArticleDigit
  }

  /// Austrian insurance number: the fourth digit checks the others; the day of birth follows.
  ///
  /// Months 13…15 are those of days that had no number left.
  static func isAustrian(_ number: CheckedCharacters) -> Bool {
    number.hasCount(10) && number.areDigits && number[0] > 0
      && (1...31).contains(number.number(4..<6)) && (1...15).contains(number.number(6..<8))
      && number.weighted("3790584216") % 11 == number[3]
  }

  /// Dutch citizen's number: the weights make a multiple of eleven.
  static func isDutch(_ number: CheckedCharacters) -> Bool {
    guard number.hasCount(9), number.areDigits, number.number(0..<9) > 0 else { return false }
    return (number.weighted("98765432") - number[8]) % 11 == 0
  }

  /// Belgian register number: 97 less the rest of the first nine digits, a 2 before them for births from 2000 on.
  static func isBelgian(_ number: CheckedCharacters) -> Bool {
    guard number.hasCount(11), number.areDigits, number.number(0..<9) > 0,
      number.number(2..<4) % 20 <= 12, number.number(4..<6) <= 31
    else { return false }
    let stem = number.number(0..<9)
    let key = number.number(9..<11)
    return 97 - stem % 97 == key || 97 - (2_000_000_000 + stem) % 97 == key
  }

  /// Spanish number of a citizen (DNI) or a foreigner (NIE): the letter goes by the rest modulo 23.
  static func isSpanish(_ number: CheckedCharacters) -> Bool {
    guard number.hasCount(9), number.areDigits(in: 1..<8), number[8] > 9 else { return false }
    let stem: Int
    switch number[0] {
    case ...9: stem = number.number(0..<8)
    // X, Y, Z count as 0, 1, 2.
    case 33...35: stem = (number[0] - 33) * 10_000_000 + number.number(1..<8)
    default: return false
    }
    return stem > 0 && letter(stem % 23, of: "TRWAGMYFPDXBNJZSQVHLCKE") == number[8]
  }

  /// Italian tax code: letters and digits weigh otherwise in odd places than in even ones.
  ///
  /// *Source:* decreto ministeriale 23 dicembre 1976, n. 13813; of two that are alike, digits become letters (L…V).
  static func isItalian(_ number: CheckedCharacters) -> Bool {
    guard number.hasCount(16), number[15] > 9 else { return false }
    // What the values 0…9 and A…Z weigh in odd places, as letters from A for 0.
    let odd: StaticString = "BAFHJNPRTVBAFHJNPRTVCESULDGIMOQKWZYX"
    var sum = 0
    for place in 0..<15 {
      let value = number[place]
      sum += place % 2 == 0 ? letter(value, of: odd) - 10 : value > 9 ? value - 10 : value
    }
    return sum % 26 == number[15] - 10
  }

  /// Portuguese tax number.
  static func isPortuguese(_ number: CheckedCharacters) -> Bool {
    guard number.hasCount(9), number.areDigits, number[0] > 0 else { return false }
    return (11 - number.weighted("98765432") % 11) % 11 % 10 == number[8]
  }

  /// Polish PESEL; months of other centuries have 20, 40, 60 or 80 added.
  static func isPolish(_ number: CheckedCharacters) -> Bool {
    number.hasCount(11) && number.areDigits && number.isDate(day: 4, month: 2, added: 20)
      && number.weighted("13791379131") % 10 == 0
  }

  /// Czech and Slovak number of birth; months of women have 50 added, 20 more where the numbers of a day ran out.
  static func isCzech(_ number: CheckedCharacters) -> Bool {
    guard number.hasCount(10), number.areDigits, (1...31).contains(number.number(4..<6)) else {
      return false
    }
    let month = number.number(2..<4) % 50
    return (1...12).contains(month > 20 ? month - 20 : month)
      && number.number(0..<9) % 11 % 10 == number[9]
  }

  /// Romanian CNP: sex and century, date of birth, county, serial number, check digit.
  static func isRomanian(_ number: CheckedCharacters) -> Bool {
    guard number.hasCount(13), number.areDigits, number[0] > 0, number.isDate(day: 5, month: 3)
    else { return false }
    let rest = number.weighted("279146358279") % 11
    return (rest == 10 ? 1 : rest) == number[12]
  }

  /// Finnish number: the sign of the century is left out before; the last character goes by the rest modulo 31.
  static func isFinnish(_ match: CheckedCharacters) -> Bool {
    // A letter for the century counts as a character, the older signs do not.
    let extra = match.count - 10
    guard extra == 0 || extra == 1 && match[6] > 9, match.areDigits(in: 0..<6),
      match.areDigits(in: (6 + extra)..<(9 + extra)), match.isDate(day: 0, month: 2)
    else { return false }
    let serial = match.number((6 + extra)..<(9 + extra))
    let rest = (match.number(0..<6) * 1_000 + serial) % 31
    return serial >= 2
      && letter(rest, of: "0123456789ABCDEFHJKLMNPRSTUVWXY") == match[9 + extra]
  }

  /// Swedish number of ten digits, or of twelve with the century; days of co-ordination numbers have 60 added.
  static func isSwedish(_ number: CheckedCharacters) -> Bool {
    guard number.areDigits, number.hasCount(10) || number.hasCount(12) else { return false }
    let start = number.count - 10
    guard (1...12).contains(number.number((start + 2)..<(start + 4))),
      (1...31).contains(number.number((start + 4)..<(start + 6)) % 60)
    else { return false }
    var sum = 0
    for place in 0..<10 {
      let value = place % 2 == 0 ? number[start + place] * 2 : number[start + place]
      sum += value > 9 ? value - 9 : value
    }
    return sum % 10 == 0
  }

  /// Norwegian number with its two check digits; days of D numbers have 40 added, months of help numbers 40.
  static func isNorwegian(_ number: CheckedCharacters) -> Bool {
    number.hasCount(11) && number.areDigits && (1...31).contains(number.number(0..<2) % 40)
      && (1...12).contains(number.number(2..<4) % 40)
      && number.weighted("3761894521") % 11 == 0 && number.weighted("54327654321") % 11 == 0
  }

  /// The code of Estonia and Lithuania: sex and century, date of birth, serial number, check digit.
  static func isBaltic(_ number: CheckedCharacters) -> Bool {
    guard number.hasCount(11), number.areDigits, number[0] > 0, number.isDate(day: 5, month: 3)
    else { return false }
    var rest = number.weighted("1234567891") % 11
    if rest == 10 { rest = number.weighted("3456789123") % 11 }
    return rest % 10 == number[10]
  }

  /// Latvian code with a date of birth, or that of today, which starts with 32 and has none.
  static func isLatvian(_ number: CheckedCharacters) -> Bool {
    guard number.hasCount(11), number.areDigits,
      number.number(0..<2) == 32 || number.isDate(day: 0, month: 2) && number[6] <= 2
    else { return false }
    return (1 + number.weighted("A584216379")) % 11 % 10 == number[10]
  }

  /// Bulgarian EGN; months have 20 added for births before 1900, 40 from 2000 on.
  static func isBulgarian(_ number: CheckedCharacters) -> Bool {
    number.hasCount(10) && number.areDigits && number.isDate(day: 4, month: 2, added: 20)
      && number.number(2..<4) <= 52 && number.weighted("2485A9736") % 11 % 10 == number[9]
  }

  /// Greek insurance number (AMKA): a date of birth and a check digit of Luhn.
  static func isGreek(_ number: CheckedCharacters) -> Bool {
    number.hasCount(11) && number.isDate(day: 0, month: 2) && Checksum.luhn(number)
  }

  /// Croatian OIB.
  static func isCroatian(_ number: CheckedCharacters) -> Bool {
    number.hasCount(11) && number.areDigits && number.number(0..<10) > 0 && number.hasMod11And10
  }

  /// Slovenian EMŠO, as in other countries of the former Yugoslavia.
  static func isSlovenian(_ number: CheckedCharacters) -> Bool {
    number.hasCount(13) && number.areDigits && number.isDate(day: 0, month: 2)
      && (11 - number.weighted("765432765432") % 11) % 11 % 10 == number[12]
  }

  /// Hungarian insurance number (TAJ).
  static func isHungarian(_ number: CheckedCharacters) -> Bool {
    number.hasCount(9) && number.areDigits && number.number(0..<8) > 0
      && number.weighted("37373737") % 10 == number[8]
  }

  /// Irish PPS number: seven digits and a letter, since 2013 with a second one.
  static func isIrish(_ number: CheckedCharacters) -> Bool {
    guard number.hasCount(8) || number.hasCount(9), number.areDigits(in: 0..<7),
      number.number(0..<7) > 0
    else { return false }
    var sum = number.weighted("8765432")
    // W counts nothing: it marked a wife who had her husband's number.
    if number.hasCount(9), number[8] != 32 {
      guard number[8] > 9 else { return false }
      sum += (number[8] - 9) * 9
    }
    return letter(sum % 23, of: "WABCDEFGHIJKLMNOPQRSTUV") == number[7]
  }

  /// The value of a character of an alphabet, as ``CheckedCharacters`` has it.
  private static func letter(_ index: Int, of alphabet: StaticString) -> Int {
    precondition(index < alphabet.utf8CodeUnitCount)
    let byte = unsafe Int(alphabet.utf8Start[index])
    return byte > 0x39 ? byte - 0x41 + 10 : byte - 0x30
  }
}

/// Numbers of persons where English is spoken.
enum EnglishNumber {
  /// British health number.
  static func isHealth(_ number: CheckedCharacters) -> Bool {
    guard number.hasCount(10), number.areDigits, number.number(0..<9) > 0 else { return false }
    return (11 - number.weighted("A98765432") % 11) % 11 == number[9]
  }

  /// American social security number: there is no check digit, but parts that are never given out.
  ///
  /// *Source:* 20 CFR § 422.103; Social Security Administration, randomization of 2011.
  static func isSocialSecurity(_ number: CheckedCharacters) -> Bool {
    guard number.hasCount(9), number.areDigits else { return false }
    let area = number.number(0..<3)
    return area > 0 && area != 666 && area < 900 && number.number(3..<5) > 0
      && number.number(5..<9) > 0
  }

  /// Australian tax file number.
  static func isAustralianTax(_ number: CheckedCharacters) -> Bool {
    number.hasCount(9) && number.areDigits && number.number(0..<9) > 0
      && number.weighted("14375869A") % 11 == 0
  }

  /// Australian Medicare card: the ninth digit checks, the tenth counts the cards.
  static func isMedicare(_ number: CheckedCharacters) -> Bool {
    number.hasCount(10) && number.areDigits && (2...6).contains(number[0]) && number[9] > 0
      && number.weighted("13791379") % 10 == number[8]
  }

  /// Canadian insurance number: Luhn; none starts with 0 or 8.
  static func isCanadian(_ number: CheckedCharacters) -> Bool {
    number.hasCount(9) && number[0] > 0 && number[0] != 8 && Checksum.luhn(number)
  }
}
