import Testing
import TestSupport
import VigieRulebook

@Suite("Checksums of national numbers")
struct NationalNumberTests {
  /// Numbers of one kind, made up.
  struct Kind: Sendable, CustomTestStringConvertible {
    let validator: Validator
    /// Such as are valid.
    ///
    /// *Source:* computed with python-stdnum 2.2; pension, TAJ and Medicare numbers, which it does not have, from their
    /// definitions.
    let valid: [String]
    /// The same with one digit changed, which python-stdnum refuses.
    let wrong: [String]

    var testDescription: String { validator.rawValue }
  }

  static let kinds: [Kind] = [
    Kind(
      validator: .deTax,
      valid: [
        "71830534963", "17308250464", "56951028738", "26897141539", "33091854767", "76047392184",
      ],
      wrong: [
        "71830534363", "33091854737", "26897141939", "26897141569", "56897141539", "86951028738",
      ]
    ),
    Kind(
      validator: .dePension,
      valid: [
        "65 170839 J 003", "13071199S000", "65101186R090", "15040569H071", "65020461G060",
        "12180367D007", "13010876D047",
      ],
      wrong: []
    ),
    Kind(
      validator: .chInsurance,
      valid: [
        "756.9217.0769.85", "7567062598874", "7568582251027", "7569597133964", "7561357206253",
        "7563583753983", "7567082506378",
      ],
      wrong: [
        "7566082506378", "7563582753983", "7563513753983", "7547062598874", "3569597133964",
        "7569597133564",
      ]
    ),
    Kind(
      validator: .atInsurance,
      valid: [
        "1237 010180", "2571050350", "3415280968", "2762201051", "3951080468", "8269120650",
        "3361150390",
      ],
      wrong: ["3415220968", "3361158390", "2762201055", "8269128650", "2571056350", "3951880468"]
    ),
    Kind(
      validator: .nlCitizen,
      valid: [
        "111222333", "770305854", "849208130", "459966704", "390580235", "408621424", "329503315",
      ],
      wrong: ["459966709", "408421424", "390580205", "170305854", "849508130", "859966704"]
    ),
    Kind(
      validator: .beRegister,
      valid: [
        "85.07.30-033.28", "81062019872", "73062580718", "69021372161", "78082021011",
        "50112232842", "97122493578",
      ],
      wrong: [
        "69021472161", "73062080718", "69021372661", "81062019272", "78092021011", "50112232882",
      ]
    ),
    Kind(
      validator: .esIdentity,
      valid: [
        "X1234567L", "27232856M", "96566805V", "82895927V", "61204778F", "07752344X", "67830714B",
      ],
      wrong: ["96566801V", "96546805V", "27233856M", "64830714B", "61224778F", "27236856M"]
    ),
    Kind(
      validator: .itTax,
      valid: [
        "RSSMRA85T10A562S", "FNDLCD94C09L292D", "NLPLBR78R06B335E", "NNDBPC50A03I746H",
        "LGCTPN95E08B153N", "MFPBLF87S18L627J", "NBDVLN59S06H604Q",
      ],
      wrong: [
        "NNDBPC80A03I746H", "NNDBPC53A03I746H", "NLPLBR78R06B331E", "LGCTPN35E08B153N",
        "LGCTPN95E08B453N", "FNDLCD94C09L297D",
      ]
    ),
    Kind(
      validator: .ptTax,
      valid: ["209426500", "266080456", "113151675", "195656199", "108566196", "213056020"],
      wrong: ["113151695", "209726500", "163151675", "213026020", "268080456", "213056220"]
    ),
    Kind(
      validator: .plPerson,
      valid: [
        "99032638219", "57050473797", "89082734652", "51091443102", "63060830990", "73010267523",
      ],
      wrong: [
        "99032631219", "63060830490", "73010267533", "60060830990", "01091443102", "73010267543",
      ]
    ),
    Kind(
      validator: .czBirth,
      valid: ["6053024021", "8809191149", "6012124228", "6002015481", "8312258526", "9659227743"],
      wrong: ["8312258576", "6202015481", "6053020021", "6002013481", "6012824228", "6012128228"]
    ),
    Kind(
      validator: .roPerson,
      valid: [
        "1621025154609", "2590804089370", "2600826230624", "2540528323716", "1770801233256",
        "2530606383954",
      ],
      wrong: [
        "2590804089360", "2590804089375", "2790804089370", "2540588323716", "2680826230624",
        "8590804089370",
      ]
    ),
    Kind(
      validator: .fiPerson,
      valid: [
        "131052-308T", "131052A308T", "051083-0455", "260758-2072", "280455-006N", "090465-7223",
        "040883-151A", "050265-443W",
      ],
      wrong: [
        "059265-443W", "051083-9455", "050165-443W", "260758-2077", "560758-2072", "260858-2072",
      ]
    ),
    Kind(
      validator: .sePerson,
      valid: [
        "19811228-9874", "611201-6370", "741117-6089", "580522-3368", "610710-8489", "671222-2105",
        "980516-0885",
      ],
      wrong: [
        "671222-2125", "511201-6370", "280516-0885", "746117-6089", "580522-3338", "980216-0885",
      ]
    ),
    Kind(
      validator: .noPerson,
      valid: [
        "26068496860", "02117325655", "11128544455", "22038942712", "12076052830", "16129110213",
      ],
      wrong: [
        "22038932712", "16129110212", "16169110213", "02117325455", "11128543455", "12076059830",
      ]
    ),
    Kind(
      validator: .balticPerson,
      valid: [
        "38504149344", "48512078967", "48810255864", "48503037791", "49606038938", "39605021412",
      ],
      wrong: [
        "38504449344", "49606038939", "45512078967", "78504149344", "39605021492", "38503037791",
      ]
    ),
    Kind(
      validator: .lvPerson,
      valid: [
        "161175-19997", "26099916102", "21097913466", "28106814948", "15039317016", "22038110561",
        "11106919440",
      ],
      wrong: [
        "21097913406", "26599916102", "22078110561", "26099916402", "26399916102", "26038110561",
      ]
    ),
    Kind(
      validator: .bgPerson,
      valid: ["5108041668", "5408050676", "6505106864", "9401265730", "5310240884", "9008164096"],
      wrong: ["9401261730", "5310240874", "5108040668", "0008164096", "0401265730", "5408056676"]
    ),
    Kind(
      validator: .grInsurance,
      valid: [
        "20017151901", "13058405922", "06098817668", "13016169453", "14037779965", "16068970504",
      ],
      wrong: [
        "20057151901", "20017151601", "19037779965", "16068470504", "16060970504", "20017150901",
      ]
    ),
    Kind(
      validator: .hrPerson,
      valid: [
        "88606825175", "27597016058", "09884071572", "55610801759", "41251172618", "52689837282",
      ],
      wrong: [
        "55610821759", "09884071570", "27597116058", "52689837212", "55610871759", "52689832282",
      ]
    ),
    Kind(
      validator: .siPerson,
      valid: [
        "0110959503729", "1707985500975", "2212978500557", "1109958503313", "1810987503420",
        "1904951505528",
      ],
      wrong: [
        "2212978800557", "0110059503729", "1707915500975", "1169958503313", "2212978500553",
        "1810987403420",
      ]
    ),
    Kind(
      validator: .huInsurance,
      valid: ["379132263", "732433154", "999555837", "282756293", "207731033", "688962773"],
      wrong: []
    ),
    Kind(
      validator: .iePerson,
      valid: [
        "1234567T", "1796896E", "2825205L", "2436673WB", "7263786JA", "2314329BB", "1858035O",
      ],
      wrong: ["2825225L", "7263886JA", "7253786JA", "1258035O", "0825205L", "6796896E"]
    ),
    Kind(
      validator: .gbHealth,
      valid: [
        "943 476 5919", "7112467195", "7287957329", "9854271870", "9544435425", "7661751151",
        "7816160771",
      ],
      wrong: ["7816160761", "9854271570", "7287257329", "7826160771", "9854271970", "9544437425"]
    ),
    Kind(
      validator: .usSocial,
      valid: ["319120391", "094206708", "496351880", "293635024", "112999830", "109738255"],
      wrong: []
    ),
    Kind(
      validator: .caInsurance,
      valid: ["643628621", "766487532", "142078799", "262879919", "599082773", "511814865"],
      wrong: ["511814864", "511814365", "262829919", "736487532", "267879919", "643628611"]
    ),
    Kind(
      validator: .auTax,
      valid: [
        "123 456 782", "213869292", "127211593", "577251550", "822411371", "562509156", "837667623",
      ],
      wrong: ["127411593", "273869292", "213869282", "213869222", "127210593", "577257550"]
    ),
    Kind(
      validator: .auMedicare,
      valid: ["6253905352", "5850454013", "3742080312", "6862138422", "5722145151", "6826166632"],
      wrong: []
    ),
  ]

  @Test("every kind has numbers here")
  func complete() {
    let tried = Set(NationalNumberTests.kinds.map(\.validator))
    let national = Validator.allCases.filter { validator in
      let parts = validator.rawValue.split(separator: "-")
      return parts.count == 2 && (parts[0].count == 2 || parts[0] == "baltic")
    }
    #expect(Set(national) == tried)
    #expect(tried.count == 28)
  }

  @Test("computed numbers are taken, in groups as well", arguments: kinds)
  func valid(_ kind: Kind) {
    #expect(kind.valid.count >= 6)
    for number in kind.valid {
      #expect(kind.validator.accepts(number), "\(number)")
      let grouped = number.map { String($0) }.joined(separator: " ")
      #expect(kind.validator.accepts(grouped), "\(grouped)")
    }
  }

  @Test("with one digit changed they are refused", arguments: kinds)
  func wrong(_ kind: Kind) {
    for number in kind.wrong { #expect(!kind.validator.accepts(number), "\(number)") }
  }

  @Test("a digit more or less, or a letter in it, is refused", arguments: kinds)
  func otherForms(_ kind: Kind) {
    for number in kind.valid {
      #expect(!kind.validator.accepts(number + "00000"), "\(number)")
      #expect(!kind.validator.accepts(String(number.prefix(number.count / 2))), "\(number)")
      #expect(!kind.validator.accepts("K" + number.dropFirst()), "\(number)")
    }
  }

  @Test("of random numbers no more are taken than one check digit lets through", arguments: kinds)
  func chance(_ kind: Kind) {
    // American numbers have no check digit: only what is never given out is refused.
    guard kind.validator != .usSocial, let form = kind.valid.last else { return }
    var generator = SeededGenerator(seed: 20_261_128)
    var taken = 0
    for _ in 0..<4_000 {
      // What stands first says the country or a date, which chance would seldom hit.
      let number =
        form.prefix(4)
        + form.dropFirst(4).map { character in
          character.isNumber
            ? Character(String(Int.random(in: 0...9, using: &generator))) : character
        }
      if kind.validator.accepts(String(number)) { taken += 1 }
    }
    // 4,000 / 10, and five times the deviation of that.
    #expect(taken > 0 && taken < 500)
  }
}
