/// A checksum or test of form that tells an identifier or secret from letters of the same shape.
///
/// A rule names one in `validate:`. None of them allocates: they run wherever a pattern matches.
package enum Validator: String, Sendable, CaseIterable {
  /// Any number with a check digit of Luhn.
  case luhn
  /// An account number of any country of the register.
  case iban
  /// A French bank account without its country.
  case rib
  /// The French social security number.
  case nir
  /// The French tax number of a person.
  case nif
  /// A French company.
  case siren
  /// One of its establishments.
  case siret
  /// A French or Monegasque VAT number.
  case tva
  /// A payment card.
  case card
  /// The lines of a travel document that machines read.
  case mrz
  /// A token of the Matrix Authentication Service.
  case matrixMAS = "matrix-mas"
  /// A token of Synapse.
  case matrixSynapse = "matrix-synapse"
  /// A macaroon of an old Synapse.
  case macaroon
  /// A token of GitHub or npm.
  case github
  /// An access key of AWS.
  case awsKey = "aws-key"
  /// A JSON Web Token.
  case jwt
  /// Letters and digits as random as those of a generated secret.
  case entropy
  /// Letters, or letters and digits, as random as those of a generated secret that may be letters alone.
  case letters
  /// A password, told from words that only stand where one could.
  case password

  /// Whether a match satisfies the checksum; separators do not count in numbers.
  package func accepts(_ match: Span<UInt8>) -> Bool {
    switch self {
    case .luhn: Checksum.luhn(CheckedCharacters(match))
    case .iban: BankAccount.isIBAN(CheckedCharacters(match))
    case .rib: BankAccount.isRIB(CheckedCharacters(match))
    case .nir: FrenchNumber.isNIR(CheckedCharacters(match))
    case .nif: FrenchNumber.isNIF(CheckedCharacters(match))
    case .siren: FrenchNumber.isSIREN(CheckedCharacters(match))
    case .siret: FrenchNumber.isSIRET(CheckedCharacters(match))
    case .tva: FrenchNumber.isTVA(CheckedCharacters(match))
    case .card: PaymentCard.isCard(CheckedCharacters(match))
    case .mrz: MachineReadableZone.isValid(match)
    case .matrixMAS: TokenChecksum.isMatrixAuthentication(match)
    case .matrixSynapse: TokenChecksum.isSynapse(match)
    case .macaroon: EncodedToken.isSynapseMacaroon(match)
    case .github: TokenChecksum.isGitHub(match)
    case .awsKey: SecretForm.isAWSKey(match)
    case .jwt: EncodedToken.isJWT(match)
    case .entropy: SecretForm.isRandom(match, least: SecretForm.leastBits)
    case .letters: SecretForm.isRandomWord(match)
    case .password: SecretForm.isPassword(match)
    }
  }
}
