import Testing
import VigieText
import VigieUnicode

@Suite("Word lists")
struct WordListTests {
  /// The words of a text, each after a sign for what stands before it: `,` nothing, `/` a line end,
  /// `.` the end of a sentence, `¶` the end of a paragraph.
  private func words(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var list = WordList()
    list.read(bytes.span, 0..<bytes.count)
    let signs: [WordList.Break: String] = [
      .none: ",", .line: "/", .sentence: ".", .paragraph: "¶",
    ]
    return list.words.map { word in
      signs[word.before, default: "?"]
        + String(decoding: list.letters[word.letters], as: UTF8.self)
    }.joined()
  }

  /// What a list holds, in a form that expectations may name.
  private func read(
    _ text: [UInt8]
  ) -> (words: [WordList.Word], lastBreak: WordList.Break, endsInQuestion: Bool) {
    var list = WordList()
    list.read(text.span, 0..<text.count)
    return (list.words, list.lastBreak, list.endsInQuestion)
  }

  @Test("a semicolon asks after a Greek word, and parts no other")
  func greekQuestion() {
    #expect(
      read(Array("Πρέπει να είναι απόρρητο; Ναι".utf8)).words.map(\.followsQuestion) == [
        false, false, false, false, true,
      ]
    )
    #expect(read(Array("c'est secret; oui".utf8)).words.allSatisfy { !$0.followsQuestion })
    #expect(read(Array("это секретно; да".utf8)).words.allSatisfy { !$0.followsQuestion })
  }

  @Test("case, accents and compatibility forms do not count; apostrophes and hyphens part words")
  func folding() {
    #expect(
      words("C’est ci-joint : L’ÉTÉ ﬁn ＤＲ Œuvre 42") == "¶c,est,ci,joint,l,ete,fin,dr,oeuvre,42"
    )
    #expect(words("e\u{301}te\u{301} so\u{AD}us") == "¶ete,sous")
    #expect(words("") == "")
    #expect(words("… !") == "")
  }

  @Test("bytes of ASCII are folded as their scalars are, and words of digits are numbers")
  func ascii() {
    for byte in UInt8(0)..<0x80 {
      let folded = ScalarFold.word(UInt32(byte))
      let (list, _, _) = read([byte])
      #expect(list.count == (folded == 0 ? 0 : 1))
      #expect(
        list.first.map(\.hash) == (folded == 0 ? nil : WordList.hash(WordList.emptyHash, folded))
      )
    }
    #expect(
      read(Array("12 a1 1a ４２ ① é 7".utf8)).words.map(\.isNumber) == [
        true, false, false, true, true, false, true,
      ]
    )
  }

  @Test("words of other scripts are told apart, without case and accents")
  func otherScripts() {
    func hashes(_ text: String) -> [UInt64] {
      var list = WordList()
      let bytes = Array(text.utf8)
      list.read(bytes.span, 0..<bytes.count)
      return list.words.map(\.hash)
    }
    #expect(hashes("προς Πρός ΠΡΟΣ").count == 3)
    #expect(Set(hashes("πρός Πρός ΠΡΌΣ")).count == 1)
    #expect(Set(hashes("доклад заявка писмо отчет справка")).count == 5)
    #expect(Set(hashes("слово олово")).count == 2)
    #expect(Set(hashes("会議 資料")).count == 4)
  }

  @Test(
    "where no blanks part words each letter is one; syllables of Hangul stand together and are told apart"
  )
  func unspaced() {
    func places(_ text: String) -> [Range<Int>] { read(Array(text.utf8)).words.map(\.range) }
    #expect(places("添付のA4版") == [0..<3, 3..<6, 6..<9, 9..<11, 11..<14])
    // A mark is no word, and what it stands on is one by itself.
    #expect(places("か\u{3099}アｱ") == [0..<3, 6..<9, 9..<12])
    #expect(places("대외비는 זה") == [0..<12, 13..<17])
    let syllables = (UInt32(0xAC00)...0xD7A3).compactMap { Unicode.Scalar($0).map(String.init) }
    #expect(Set(syllables.map { read(Array($0.utf8)).words[0].hash }).count == 11_172)
    let all = (UInt32(0x4E00)...0x9FFF).compactMap { Unicode.Scalar($0).map(String.init) }
    let hashes = Set(all.map { read(Array($0.utf8)).words[0].hash })
    // Fourteen bits: a few of the rarest share theirs.
    #expect(hashes.count > 16_000)
  }

  @Test("a full stop of Japanese ends a sentence without a blank after it")
  func wideStops() {
    func breaks(_ text: String) -> [WordList.Break] { read(Array(text.utf8)).words.map(\.before) }
    #expect(breaks("秘。公")[1] == .sentence)
    #expect(breaks("秘！公")[1] == .sentence)
    #expect(breaks("秘、公")[1] == .none)
    let asked = read(Array("秘？公".utf8))
    #expect(asked.words[1].before == .sentence && asked.words[1].followsQuestion)
  }

  @Test("the parts of an address and the last part of a host are names, no words of the sentence")
  func names() {
    func names(_ text: String) -> [String] {
      let bytes = Array(text.utf8)
      var list = WordList()
      list.read(bytes.span, 0..<bytes.count)
      var names: [String] = []
      for word in list.words where word.isName {
        names.append(String(decoding: list.letters[word.letters], as: UTF8.self))
      }
      return names
    }
    #expect(
      names("un exemple: https://forge.region-exemple.fr/draft?test=1 puis un exemple")
        == ["forge", "region", "exemple", "fr", "draft", "test", "1"]
    )
    #expect(names("voir (ldaps://cn=test@hote/a), test") == ["cn", "test", "hote", "a"])
    #expect(names("voir evil.example et index.html, draft") == ["example", "html"])
    // A dot in brackets, as addresses are written that nobody shall open.
    #expect(
      names("bloquer evil[.]example et cdn(.)invalid, [draft] (note). fin") == [
        "example", "invalid",
      ]
    )
    #expect(names("un://deux\u{A0}trois : //quatre") == ["deux"])
    #expect(names("https : // exemple") == [])
  }

  @Test("what parts sentences, lines and paragraphs")
  func breaks() {
    #expect(words("Un point. Deux ! Trois ? Quatre… Cinq") == "¶un,point.deux.trois.quatre.cinq")
    #expect(words("M. n. 3. un.deux") == "¶m,n,3,un,deux")
    #expect(words("un, deux; trois: quatre") == "¶un,deux,trois,quatre")
    #expect(words("un\ndeux") == "¶un.deux")
    #expect(words("Objet :\nla note") == "¶objet/la,note")
    #expect(words("un\n\ndeux") == "¶un¶deux")
    #expect(words("un\r\n\r\ndeux") == "¶un¶deux")
    #expect(words("Liste :\n\nun") == "¶liste/un")
    let long = String(repeating: "mot ", count: 13)
    #expect(words(long + "fin\nsuite").hasSuffix(",fin/suite"))
    #expect(words(long + "fin\nSuite").hasSuffix(",fin.suite"))
    #expect(words("un.\ndeux") == "¶un.deux")
  }

  @Test("the end of the text has a break and a question of its own")
  func end() {
    let text = Array("Est-ce DR ?\nOui.\nNon\n\n".utf8)
    let whole = read(text)
    #expect(whole.words.map(\.followsQuestion) == [false, false, false, true, false])
    #expect(!whole.endsInQuestion)
    #expect(whole.lastBreak == .paragraph)
    let start = read(Array(text[..<11]))
    #expect(start.endsInQuestion)
    #expect(start.words.last?.range == 7..<9)
  }

  @Test("hashes are those of the folded letters")
  func hashes() {
    let text = Array("Étampé etampe".utf8)
    let list = read(text)
    #expect(list.words.count == 2)
    #expect(list.words.first?.hash == list.words.last?.hash)
    #expect(
      list.words.first?.hash
        == "etampe".utf8.reduce(WordList.emptyHash) { WordList.hash($0, $1) }
    )
    // *Source:* draft-eastlake-fnv-21, appendix C: FNV-1a of "a", 64 bits.
    #expect(WordList.hash(WordList.emptyHash, UInt8(ascii: "a")) == 0xAF63_DC4C_8601_EC8C)
  }

  @Test("malformed bytes part words and keep every range in place")
  func malformed() {
    let text: [UInt8] = [0x61, 0xFF, 0x62, 0xC3, 0x20, 0xC3, 0xA9, 0x80]
    let list = read(text)
    #expect(list.words.map(\.range) == [0..<1, 2..<3, 5..<7])
  }
}
