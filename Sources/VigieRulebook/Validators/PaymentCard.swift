/// Numbers of payment cards.
enum PaymentCard {
  /// Whether digits are a card: an issuer's range, a length of that issuer, and the check digit.
  ///
  /// One number of ten has the check digit by chance; of those with 16 digits the ranges keep about
  /// a third.
  static func isCard(_ characters: CheckedCharacters) -> Bool {
    guard (13...19).contains(characters.count), characters.areDigits,
      let lengths = lengths(ofPrefix: characters.number(0..<6)),
      lengths.contains(characters.count)
    else { return false }
    return Checksum.luhn(characters)
  }

  /// The lengths that an issuer's numbers have, by the first six digits.
  ///
  /// *Source:* ISO/IEC 7812-1:2017 §4 and the issuers' ranges: Visa 4; Mastercard 51–55 and
  /// 2221–2720; American Express 34, 37; Diners 300–305, 3095, 36, 38–39; Discover 6011,
  /// 622126–622925, 644–649, 65; JCB 3528–3589; UnionPay 62, 81; Maestro 5018, 5020, 5038, 5893,
  /// 6304, 6759, 6761–6763. UnionPay and Maestro of other lengths than 16 and 19 are hardly issued;
  /// Visa with 13 digits is not any more.
  private static func lengths(ofPrefix prefix: Int) -> ClosedRange<Int>? {
    switch prefix {
    case 340_000...349_999, 370_000...379_999: 15...15
    case 300_000...305_999, 309_500...309_599, 360_000...369_999, 380_000...399_999: 14...14
    case 352_800...358_999: 16...16
    case 400_000...499_999: 16...16
    case 510_000...559_999, 222_100...272_099: 16...16
    case 501_800...501_899, 502_000...502_099, 503_800...503_899, 589_300...589_399,
      630_400...630_499, 675_900...675_999, 676_100...676_399:
      16...19
    case 601_100...601_199, 644_000...659_999: 16...16
    case 620_000...629_999, 810_000...819_999: 16...19
    default: nil
    }
  }
}
