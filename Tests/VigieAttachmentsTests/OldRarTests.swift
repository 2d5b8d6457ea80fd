import Foundation
import Testing
import VigieAttachments
import VigieContainers
import VigieCore
import VigieDocuments

@Suite("RARs that libarchive does not know")
struct OldRarTests {
  /// Two files of lines of numbers, packed as one by version 3.
  ///
  /// *Source:* rar3-solid.rar of the tests of rarfile 4.5 (Marko Kreen, ISC); no free program packs RARs.
  static let solid = bytes(
    "UmFyIRoHADvQcwgADQAAAAAAAAArNHSAkCwAXAAAAAAIAAADoua3xbBmzD4dMwoApIEAAHN0ZXN0MS50eHQAwBEM"
      + "zP6MnrD+MYGrrLG7QHeoCmTWSzeDwQe8AeCFku77th0ACCAACIjpeAzSDAdhOkF4S7Nun1IK2sonQLrnC2SKYnH7"
      + "uACRnlAv2FX/+sZY6+vE14h+VJaHH03s2RZ0kJAsAA4AAAAACAAAA6Lmt8WwZsw+HTMKAKSBAABzdGVzdDIudHh0"
      + "AMCxIACIB+vyCmn6/JTe0MQ9ewBABwA="
  )

  /// One file, packed by version 2.
  ///
  /// *Source:* rar2-unix-owner.rar, as above, without what is after its end.
  static let old = bytes(
    "UmFyIRoHAG+Xc0AADQAAAAAAAADJxnSAgCgAEQAAAAQAAAADqGUyfguw71wUMwgAtIEAAGZpbGUudHh0AAQAAAAA"
      + "AAAAiu6Cr/4h3WjDH3cAgBIACAAAAAEBAAQABAByb290cm9vdGTYeADAGgACAgAAFAEAAQAAAFByb3RlY3QhrH8="
  )

  private static func bytes(_ text: String) -> [UInt8] {
    [UInt8](Data(base64Encoded: text) ?? Data())
  }

  private func read(_ bytes: [UInt8], _ limits: DocumentLimits = DocumentLimits()) -> Extraction {
    let place = Place(part: .attachment(0), role: .bodyText)
    return unsafe DocumentFormats.extract(bytes.span.bytes, at: place, limits: limits)
  }

  private func texts(_ extraction: Extraction) -> [String: Int] {
    var counts: [String: Int] = [:]
    for text in extraction.texts where text.place.role == .bodyText {
      guard case .bytes(let bytes) = text.content else { continue }
      counts[text.place.path.joined(separator: "/"), default: 0] += bytes.count
    }
    return counts
  }

  @Test(
    "files of solid and of old archives are read where the library is there",
    .enabled(if: OldRar.isReady)
  )
  func files() {
    let solid = read(OldRarTests.solid)
    #expect(solid.gaps.isEmpty)
    #expect(texts(solid) == ["stest1.txt": 2_048, "stest2.txt": 2_048])
    let old = read(OldRarTests.old)
    #expect(old.gaps.isEmpty)
    #expect(texts(old) == ["file.txt": 4])
  }

  @Test("what is not unpacked is a gap that says why", .enabled(if: !OldRar.isReady))
  func absent() {
    for bytes in [OldRarTests.solid, OldRarTests.old] {
      #expect(read(bytes).gaps.contains { $0.reason == .unsupported && !$0.place.path.isEmpty })
    }
  }

  @Test("limits hold in them", .enabled(if: OldRar.isReady))
  func limits() {
    for limits in [DocumentLimits(maxMemberCount: 1), DocumentLimits(maxMemberByteCount: 2_000)] {
      let extraction = read(OldRarTests.solid, limits)
      #expect(extraction.gaps.contains { $0.reason == .limit })
      #expect(texts(extraction).values.allSatisfy { $0 <= 2_048 })
      #expect(texts(extraction).count < 2 || limits.maxMemberByteCount == 2_000)
    }
  }

  @Test(
    "a damaged file is a gap, and what comes before the damage is read",
    .enabled(if: OldRar.isReady)
  )
  func damaged() {
    for bytes in [OldRarTests.solid, OldRarTests.old] {
      for index in stride(from: 7, to: bytes.count, by: 5) {
        var damaged = bytes
        damaged[index] ^= 0xFF
        let extraction = read(damaged)
        #expect(extraction.gaps.count + extraction.texts.count > 0)
        _ = read(Array(bytes[..<index]))
      }
    }
    var damaged = OldRarTests.solid
    // In the packed data of the second file.
    damaged[204] ^= 0xFF
    let extraction = read(damaged)
    #expect(texts(extraction) == ["stest1.txt": 2_048])
    #expect(extraction.gaps.map(\.reason) == [.corrupt])
    #expect(extraction.gaps.map(\.place.path) == [["stest2.txt"]])
  }
}
