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
  /// A German tax number of a person.
  case deTax = "de-tax"
  /// A German pension insurance number.
  case dePension = "de-pension"
  /// A Swiss insurance number.
  case chInsurance = "ch-insurance"
  /// An Austrian insurance number.
  case atInsurance = "at-insurance"
  /// A Dutch citizen's number.
  case nlCitizen = "nl-citizen"
  /// A Belgian register number.
  case beRegister = "be-register"
  /// A Spanish number of a citizen or a foreigner.
  case esIdentity = "es-identity"
  /// An Italian tax code of a person.
  case itTax = "it-tax"
  /// A Portuguese tax number.
  case ptTax = "pt-tax"
  /// A Polish PESEL.
  case plPerson = "pl-person"
  /// A Czech or Slovak number of birth.
  case czBirth = "cz-birth"
  /// A Romanian CNP.
  case roPerson = "ro-person"
  /// A Finnish number.
  case fiPerson = "fi-person"
  /// A Swedish number.
  case sePerson = "se-person"
  /// A Norwegian number.
  case noPerson = "no-person"
  /// A code of Estonia or Lithuania.
  case balticPerson = "baltic-person"
  /// A Latvian code.
  case lvPerson = "lv-person"
  /// A Bulgarian EGN.
  case bgPerson = "bg-person"
  /// A Greek AMKA.
  case grInsurance = "gr-insurance"
  /// A Croatian OIB.
  case hrPerson = "hr-person"
  /// A Slovenian EMŠO.
  case siPerson = "si-person"
  /// A Hungarian TAJ.
  case huInsurance = "hu-insurance"
  /// An Irish PPS number.
  case iePerson = "ie-person"
  /// A British health number.
  case gbHealth = "gb-health"
  /// An American social security number.
  case usSocial = "us-social"
  /// A Canadian insurance number.
  case caInsurance = "ca-insurance"
  /// An Australian tax file number.
  case auTax = "au-tax"
  /// An Australian Medicare card.
  case auMedicare = "au-medicare"
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
    case .deTax: NationalNumber.isGermanTax(CheckedCharacters(match))
    case .dePension: NationalNumber.isGermanPension(CheckedCharacters(match))
    case .chInsurance: NationalNumber.isSwiss(CheckedCharacters(match))
    case .atInsurance: NationalNumber.isAustrian(CheckedCharacters(match))
    case .nlCitizen: NationalNumber.isDutch(CheckedCharacters(match))
    case .beRegister: NationalNumber.isBelgian(CheckedCharacters(match))
    case .esIdentity: NationalNumber.isSpanish(CheckedCharacters(match))
    case .itTax: NationalNumber.isItalian(CheckedCharacters(match))
    case .ptTax: NationalNumber.isPortuguese(CheckedCharacters(match))
    case .plPerson: NationalNumber.isPolish(CheckedCharacters(match))
    case .czBirth: NationalNumber.isCzech(CheckedCharacters(match))
    case .roPerson: NationalNumber.isRomanian(CheckedCharacters(match))
    case .fiPerson: NationalNumber.isFinnish(CheckedCharacters(match))
    case .sePerson: NationalNumber.isSwedish(CheckedCharacters(match))
    case .noPerson: NationalNumber.isNorwegian(CheckedCharacters(match))
    case .balticPerson: NationalNumber.isBaltic(CheckedCharacters(match))
    case .lvPerson: NationalNumber.isLatvian(CheckedCharacters(match))
    case .bgPerson: NationalNumber.isBulgarian(CheckedCharacters(match))
    case .grInsurance: NationalNumber.isGreek(CheckedCharacters(match))
    case .hrPerson: NationalNumber.isCroatian(CheckedCharacters(match))
    case .siPerson: NationalNumber.isSlovenian(CheckedCharacters(match))
    case .huInsurance: NationalNumber.isHungarian(CheckedCharacters(match))
    case .iePerson: NationalNumber.isIrish(CheckedCharacters(match))
    case .gbHealth: EnglishNumber.isHealth(CheckedCharacters(match))
    case .usSocial: EnglishNumber.isSocialSecurity(CheckedCharacters(match))
    case .caInsurance: EnglishNumber.isCanadian(CheckedCharacters(match))
    case .auTax: EnglishNumber.isAustralianTax(CheckedCharacters(match))
    case .auMedicare: EnglishNumber.isMedicare(CheckedCharacters(match))
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
