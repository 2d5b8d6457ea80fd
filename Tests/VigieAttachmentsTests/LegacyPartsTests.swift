import Foundation
import Testing
import VigieAttachments
import VigieCore
import VigieDocuments

@testable import VigieAttachments

@Suite("Charsets")
struct CharsetTests {
  @Test(
    "decode the words of their languages",
    arguments: [
      ("windows-1251", [0xD1, 0xE5, 0xEA, 0xF0, 0xE5, 0xF2] as [UInt8], "Секрет"),
      ("koi8-r", [0xF3, 0xC5, 0xCB, 0xD2, 0xC5, 0xD4], "Секрет"),
      ("ISO-8859-15", [0xA4, 0x20, 0xE9], "€ é"), ("macintosh", [0x8E], "é"),
      ("shift_jis", [0x95, 0x94, 0x8A, 0x4F, 0x94, 0xE9], "部外秘"),
      ("gb2312", [0xBB, 0xFA, 0xC3, 0xDC], "机密"), ("big5", [0xBE, 0xF7, 0xB1, 0x4B], "機密"),
      ("euc-kr", [0xB4, 0xEB, 0xBF, 0xDC, 0xBA, 0xF1], "대외비"),
      ("utf-7", Array("+AFI-estreint".utf8), "Restreint"),
      ("utf-16be", [0x00, 0x44, 0x00, 0x52], "DR"), ("cp437", [0x82], "é"),
    ]
  )
  func decoding(_ name: String, _ bytes: [UInt8], _ expected: String) throws {
    let codePage = try #require(Charset.named(name))
    #expect(Charset.decode(bytes, codePage)?.string == expected)
  }

  @Test("have one table of 128 scalars each")
  func tables() {
    #expect(Charset.tables.count == Charset.tableNumbers.count)
    #expect(Charset.tables.allSatisfy { $0.count == 128 })
  }
}

@Suite("Inner encodings")
struct InnerEncodingTests {
  @Test("deflated data is unpacked, and a gap where it ends early")
  func inflate() {
    // *Source:* zlib 1.2.13. "DIFFUSION RESTREINTE " three times, in one block of fixed codes.
    let packed: [UInt8] = [
      0x73, 0xF1, 0x74, 0x73, 0x0B, 0x0D, 0xF6, 0xF4, 0xF7, 0x53, 0x08, 0x72, 0x0D, 0x0E, 0x09,
      0x72,
      0xF5, 0xF4, 0x0B, 0x71, 0x55, 0x70, 0x21, 0x5A, 0x10, 0x00,
    ]
    let text = String(repeating: "DIFFUSION RESTREINTE ", count: 3)
    func unpacked(_ packed: [UInt8]) -> (text: String?, gaps: [GapReason]) {
      var extraction = Extraction(limits: DocumentLimits()) { bytes, place, extraction in
        extraction.add(unsafe bytes.withUnsafeBytes { unsafe Array($0) }, at: place)
      }
      extraction.openDeflated(
        Octets(packed),
        expected: 0,
        at: Place(part: .attachment(0), role: .bodyText)
      )
      guard case .bytes(let read)? = extraction.texts.first?.content else {
        return (nil, extraction.gaps.map(\.reason))
      }
      return (read.string, extraction.gaps.map(\.reason))
    }
    #expect(unpacked(packed) == (text, []))
    let cut = unpacked(packed.dropLast(4))
    #expect(cut.gaps == [.corrupt] && text.hasPrefix(cut.text ?? "?"))
    #expect(unpacked([0xFF]) == (nil, [.corrupt]))
  }

  @Test("numbers of Excel's short form")
  func rk() {
    #expect(LegacyExcel.number(1250 << 2 | 3) == 12.5)
    #expect(LegacyExcel.number(Int(UInt32(bitPattern: -7) << 2 | 2)) == -7)
    #expect(LegacyExcel.digits(1e300).string == "1e+300")
  }

  @Test("codes of printed headers")
  func headers() {
    let code = Array(#"&L&"Arial,Bold"&14NATO&C&K00-012DR && Co&RPage &P"#.utf8)
    #expect(SheetHeader.text(code).string == "NATO\nDR & Co\nPage ")
  }

  @Test("encoded words cut inside a character")
  func words() {
    let raw = Array("=?utf-8?q?t=C3?=\u{20}=?utf-8?q?=A9?= x =?x?z?=".utf8)
    #expect(EncodedWords.decode(raw).string == "té x =?x?z?=")
  }
}

@Suite("Outlook messages")
struct OutlookMessageTests {
  @Test("a subject that the headers say too is said once")
  func subject() throws {
    let path = "\(DocumentCase.root)/outlook/message.msg"
    let found = extract([UInt8](try Data(contentsOf: URL(filePath: path))))
    let subjects = found.texts.filter {
      $0.place.location == "header Subject" && $0.place.path.isEmpty
    }
    #expect(subjects.count == 1)
  }
}

@Suite("Names in RAR 4")
struct RarNameTests {
  @Test("each kind of step gives its letters")
  func steps() {
    // Codes 0, 1, 2, 3 in one byte, then a run that is moved.
    let short = Array("abcdefg".utf8)[...]
    let moved: [UInt8] = [0x30, 0b0001_1011, 0x61, 0x42, 0x43, 0x4F, 0x00, 0b1100_0000, 0x80, 0x01]
    let wanted: [UInt16] = [0x61, 0x3042, 0x4F43, 0x64, 0x65, 0x3067, 0x3068]
    #expect(RarName.wide(short, moved[...]) == wanted)
  }

  @Test("a run beyond the name, or one that is cut, is no name")
  func damage() {
    let short = Array("ab".utf8)[...]
    #expect(RarName.wide(short, [0x30, 0b1100_0000, 0x01][...]) == nil)
    #expect(RarName.wide(short, [0x30, 0b1100_0000, 0x80][...]) == nil)
    #expect(RarName.wide(short, [0x30, 0b1000_0000, 0x01][...]) == nil)
    #expect(RarName.wide(short, []) == nil)
  }
}
