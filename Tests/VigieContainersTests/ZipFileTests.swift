import Testing
import VigieContainers
import VigieCore

@Suite("ZIP in memory")
struct ZipFileTests {
  static let two = [TestZip.File("a.txt", "alpha"), TestZip.File("b/c.txt", "gamma")]
  /// "deflate deflate deflate deflate" as raw DEFLATE data with one fixed block.
  static let deflated: [UInt8] = [
    0x4B, 0x49, 0x4D, 0xCB, 0x49, 0x2C, 0x49, 0x55, 0x48, 0xC1, 0x4E, 0x03, 0x00,
  ]

  @Test("members are listed and unpacked by name")
  func members() throws {
    let found = unpack(TestZip(files: Self.two, comment: Array("note".utf8)).bytes)
    #expect(found.members.map(\.name) == ["a.txt", "b/c.txt"])
    #expect(found.members.map(\.text) == ["alpha", "gamma"])
    #expect(found.gaps.isEmpty)
    let zip = try #require(found.zip)
    #expect(zip.rawComment == Array("note".utf8))
    #expect(zip.strays.isEmpty)
    #expect(zip.faults.isEmpty)
    #expect(zip.entries(named: "b/c.txt").count == 1)
  }

  @Test("an empty ZIP holds nothing, other bytes are none")
  func empty() {
    let found = unpack(TestZip(files: []).bytes)
    #expect(found.zip?.entries.isEmpty == true)
    #expect(found.zip?.faults.isEmpty == true)
    #expect(unpack([]).zip == nil)
    #expect(unpack(Array("PK is not enough, nor are some more bytes".utf8)).zip == nil)
  }

  @Test("DEFLATE is unpacked; what ends early or is damaged is a gap after what came out")
  func deflate() {
    var file = TestZip.File("d", "deflate deflate deflate deflate")
    file.method = 8
    file.packed = Self.deflated
    #expect(
      unpack(TestZip(files: [file]).bytes).members.first?.text == "deflate deflate deflate deflate"
    )
    #expect(unpack(TestZip(files: [file]).bytes).gaps.isEmpty)
    file.packed = Array(Self.deflated.prefix(8))
    let cut = unpack(TestZip(files: [file]).bytes)
    #expect(cut.gaps.map(\.reason) == [.truncated])
    #expect(cut.members.first?.text?.hasPrefix("def") == true)
    file.packed = Array(Self.deflated.prefix(6)) + [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
    #expect(!unpack(TestZip(files: [file]).bytes).gaps.isEmpty)
  }

  @Test("bytes in front move every offset")
  func prefixed() throws {
    var zip = TestZip(files: Self.two)
    zip.prefix = Array("MZ a program that unpacks itself".utf8)
    let found = unpack(zip.bytes)
    #expect(found.members.map(\.text) == ["alpha", "gamma"])
    #expect(found.zip?.strays == [0..<zip.prefix.count])
    #expect(unsafe ZipFile.ends(zip.bytes.span.bytes))
  }

  @Test("behind another document, what does not lie where the directory says is not listed")
  func appended() {
    // Four bytes before the second member, as a workbook puts between the pieces of a long record.
    var bytes = TestZip(files: Self.two).bytes
    bytes.insert(contentsOf: [0x3C, 0, 0, 0], at: 40)
    let zip = unsafe ZipFile(bytes.span.bytes, isAppended: true)
    #expect(zip?.entries.map(\.name) == ["a.txt"])
    bytes.replaceSubrange(0..<4, with: [0, 0, 0, 0])
    bytes.replaceSubrange(44..<48, with: [0, 0, 0, 0])
    #expect(unsafe ZipFile(bytes.span.bytes, isAppended: true) == nil)
  }

  @Test("bytes after the end are told")
  func suffixed() {
    let zip = TestZip(files: Self.two).bytes
    let found = unpack(zip + Array("hidden".utf8))
    #expect(found.members.map(\.text) == ["alpha", "gamma"])
    #expect(found.zip?.strays == [zip.count..<zip.count + 6])
  }

  @Test("a comment that looks like an end does not hide the files")
  func fakeEnd() {
    let comment = Array(TestZip(files: []).bytes.dropLast()) + [7]
    let found = unpack(TestZip(files: Self.two, comment: comment).bytes)
    #expect(found.members.map(\.text) == ["alpha", "gamma"])
  }

  @Test("files that the directory does not name are listed after the others")
  func unlisted() {
    var hidden = TestZip.File("hidden.txt", "secret")
    hidden.isListed = false
    let found = unpack(TestZip(files: [Self.two[0], hidden, Self.two[1]]).bytes)
    #expect(found.members.map(\.name) == ["a.txt", "b/c.txt", "hidden.txt"])
    #expect(found.members.last?.text == "secret")
    #expect(found.zip?.entries.map(\.isListed) == [true, true, false])
  }

  @Test("two ZIPs in a row are both read")
  func concatenated() {
    let first = TestZip(files: [TestZip.File("one", "1")]).bytes
    let found = unpack(first + TestZip(files: [TestZip.File("two", "2")]).bytes)
    #expect(Set(found.members.compactMap(\.text)) == ["1", "2"])
  }

  @Test("a ZIP that was cut off is read as far as it goes")
  func cut() throws {
    for flags in [0, 8] {
      var files = Self.two
      files[0].flags = flags
      files[1].method = 8
      files[1].data = Array("deflate deflate deflate deflate".utf8)
      files[1].packed = Self.deflated
      files[1].flags = flags
      let found = unpack(TestZip(files: files, hasDirectory: false).bytes)
      #expect(found.members.map(\.text) == ["alpha", "deflate deflate deflate deflate"])
      #expect(found.zip?.faults.map(\.reason) == [.truncated])
      #expect(found.gaps.isEmpty)
    }
  }

  @Test("a name that stands twice stands twice")
  func duplicates() throws {
    let files = [TestZip.File("x", "first"), TestZip.File("x", "second")]
    let found = unpack(TestZip(files: files).bytes)
    #expect(found.members.map(\.text) == ["first", "second"])
    #expect(found.zip?.entries(named: "x").count == 2)
  }

  @Test("encrypted members, wrong checksums, headers that disagree and bad offsets are gaps")
  func gaps() {
    var file = TestZip.File("x", "text")
    file.flags = 1
    #expect(unpack(TestZip(files: [file]).bytes).gaps.map(\.reason) == [.encrypted])
    file.flags = 0
    file.checksum = 1
    #expect(unpack(TestZip(files: [file]).bytes).gaps.map(\.reason) == [.corrupt])
    #expect(unpack(TestZip(files: [file]).bytes).members.first?.text == "text")
    file.checksum = nil
    file.localName = Array("y".utf8)
    #expect(unpack(TestZip(files: [file]).bytes).gaps.map(\.reason) == [.corrupt])
    #expect(unpack(TestZip(files: [file]).bytes).members.first?.text == "text")
    file.localName = nil
    file.method = 77
    let unknown = unpack(TestZip(files: [file]).bytes)
    #expect(unknown.gaps.map(\.reason) == [.unsupported])
    #expect(unknown.members.first?.text == nil)
  }

  @Test("limits stop unpacking with a gap")
  func limits() {
    var limits = DocumentLimits()
    limits.maxMemberByteCount = 4
    let found = unpack(TestZip(files: Self.two).bytes, limits: limits)
    #expect(Set(found.gaps.map(\.reason)) == [.limit])
    #expect(found.members.map(\.text) == ["alph", "gamm"])
    limits = DocumentLimits()
    limits.maxMemberCount = 1
    #expect(unpack(TestZip(files: Self.two).bytes, limits: limits).gaps.map(\.reason) == [.limit])
  }

  @Test("every cut and many changes of a ZIP are read without a crash")
  func mutations() {
    var file = TestZip.File("d", "deflate deflate deflate deflate")
    file.method = 8
    file.packed = Self.deflated
    var streamed = file
    streamed.flags = 8
    let zip = TestZip(files: Self.two + [file, streamed], comment: Array("note".utf8)).bytes
    for count in 0..<zip.count { _ = unpack(Array(zip[..<count])) }
    var random = SeededNumbers(state: 7)
    for _ in 0..<2_000 {
      var bytes = zip
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        bytes[index] =
          [0, 0xFF, 0x80, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random)
          ?? 0
      }
      _ = unpack(bytes)
    }
  }
}

/// The same numbers at every run.
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

@Suite("Names inside archives")
struct MemberNameTests {
  @Test("are told from their bytes")
  func names() {
    #expect(MemberName(Array("été.txt".utf8)).text == "été.txt")
    #expect(MemberName([0x82, 0x74, 0x82, 0x2E, 0x74]).text == "été.t")
    #expect(MemberName([0xE9, 0x74, 0xE9, 0x2E, 0x74]).text == "été.t")
    #expect(MemberName(Array(#"a\b.txt"#.utf8)).text == "a/b.txt")
    // "SECRET DÉFENSE" in code page 850.
    let capital = Array("SECRET D".utf8) + [0x90] + Array("FENSE".utf8)
    #expect(MemberName(capital).text == "SECRET DÉFENSE")
    #expect(CodePageCheck.sizes == Array(repeating: 128, count: 6))
  }
}

enum CodePageCheck {
  /// Each table has one scalar for each byte.
  static var sizes: [Int] {
    let all = (0x80...0xFF).map { UInt8($0) }
    let name = MemberName(all)
    return ([name.text] + name.alternatives).map { $0.unicodeScalars.count }
  }
}
