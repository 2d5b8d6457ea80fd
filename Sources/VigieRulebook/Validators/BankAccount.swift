/// Numbers of bank accounts.
enum BankAccount {
  /// The length of an account number with its country and key.
  ///
  /// *Source:* SWIFT, IBAN Registry, release 101 (ISO 13616-1:2020): the country as two letters, then
  /// the length.
  private static let lengths: StaticString = """
    AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24\
    FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32\
    LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24\
    RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30
    """

  /// Whether characters are an IBAN: the length of their country, key, and for France and Monaco the
  /// key of the account as well.
  ///
  /// *Source:* ISO 13616-1:2020 §6.1 with ISO 7064 MOD 97-10: country and key put last, letters as
  /// 10…35, the number leaves 1 modulo 97.
  static func isIBAN(_ characters: CheckedCharacters) -> Bool {
    guard characters.count >= 15, characters.count <= 34,
      characters.areDigits(in: 2..<4),
      length(ofCountry: characters[0], characters[1]) == characters.count
    else { return false }
    var remainder = 0
    for place in 0..<characters.count {
      let value = characters[(place + 4) % characters.count]
      remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
    }
    guard remainder == 1 else { return false }
    // F R, M C
    let isFrench = (characters[0], characters[1]) == (15, 27)
    let isMonegasque = (characters[0], characters[1]) == (22, 12)
    return !(isFrench || isMonegasque) || hasRIBKey(characters, from: 4)
  }

  /// Whether 23 characters are a French account: bank, branch, account and key.
  static func isRIB(_ characters: CheckedCharacters) -> Bool {
    characters.hasCount(23) && hasRIBKey(characters, from: 0)
  }

  /// *Source:* CFONB, relevé d'identité bancaire: the key is 97 less
  /// (89 × bank + 15 × branch + 3 × account) modulo 97; in the account A and J count 1, B, K and S
  /// count 2, and so on up to I, R and Z with 9.
  private static func hasRIBKey(_ characters: CheckedCharacters, from start: Int) -> Bool {
    guard characters.areDigits(in: start..<(start + 10)),
      characters.areDigits(in: (start + 21)..<(start + 23))
    else { return false }
    var account = 0
    for place in (start + 10)..<(start + 21) {
      account = account * 10 + ribDigit(characters[place])
    }
    let bank = characters.number(start..<(start + 5))
    let branch = characters.number((start + 5)..<(start + 10))
    // An account of nothing but zeros has a key as well, and is none.
    guard bank > 0, account > 0 else { return false }
    let key = characters.number((start + 21)..<(start + 23))
    return 97 - (89 * bank + 15 * branch + 3 * account) % 97 == key
  }

  private static func ribDigit(_ value: Int) -> Int {
    switch value {
    case ...9: value
    // A…I, J…R
    case ...27: (value - 10) % 9 + 1
    // S…Z: there is no letter for 1
    default: value - 26
    }
  }

  private static func length(ofCountry first: Int, _ second: Int) -> Int? {
    let bytes = unsafe UnsafeBufferPointer(
      start: lengths.utf8Start,
      count: lengths.utf8CodeUnitCount
    )
    var place = 0
    while place < bytes.count {
      if unsafe Int(bytes[place]) - 55 == first, unsafe Int(bytes[place + 1]) - 55 == second {
        return unsafe (Int(bytes[place + 2]) - 48) * 10 + Int(bytes[place + 3]) - 48
      }
      place += 4
    }
    return nil
  }
}
