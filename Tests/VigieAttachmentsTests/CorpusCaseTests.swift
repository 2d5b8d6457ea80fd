import Foundation
import Testing
import VigieAttachments
import VigieCore
import VigieDocuments

/// What one document of the Corpus must give: `Corpus/attachments/<format>/<name>.<ending>` beside
/// `<name>.case.json`.
struct DocumentCase: Decodable, Sendable, CustomTestStringConvertible {
  /// A text that must be found where a person would look for it.
  struct Text: Decodable, Sendable {
    var path: [String]?
    var role: String
    var location: String?
    /// It stands in the text.
    var text: String
  }

  /// Something that cannot be read.
  struct Miss: Decodable, Sendable, Hashable {
    var path: [String]?
    var reason: String
  }

  /// The file beside this description.
  var file: String
  var texts: [Text]?
  /// Exactly these, whatever their order and number.
  var gaps: [Miss]?
  /// What stands in no text.
  var absent: [String]?
  /// The folder of both files; not in the description.
  var folder: String?

  var testDescription: String { "\(folder ?? "")/\(file)" }

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Corpus/attachments").standardizedFileURL.path

  /// Every case of the Corpus.
  static let all: [DocumentCase] = {
    let walker = FileManager.default.enumerator(atPath: root)
    let names = (walker?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".case.json") }
    return names.sorted().map { name in
      guard let data = FileManager.default.contents(atPath: "\(root)/\(name)"),
        var found = try? JSONDecoder().decode(DocumentCase.self, from: data)
      else { return DocumentCase(file: "unreadable description \(name)") }
      found.folder = (name as NSString).deletingLastPathComponent
      return found
    }
  }()
}

@Suite("The rehearsal")
struct RehearsalTests {
  @Test("every document of it is read, and wholly")
  func rehearsal() {
    let extraction = DocumentFormats.rehearsal()
    #expect(extraction.gaps.isEmpty)
    let members = Set(extraction.texts.compactMap(\.place.path.first))
    #expect(members.count == 12)
    for member in members {
      let texts = extraction.texts.filter { $0.place.path.first == member }
      #expect(texts.contains { $0.place.role != .filename && $0.place.role != .metadata })
    }
  }
}

@Suite("Documents of the Corpus")
struct CorpusCaseTests {
  @Test("give their texts in their roles and places, and their gaps", arguments: DocumentCase.all)
  func document(_ wanted: DocumentCase) throws {
    let path = "\(DocumentCase.root)/\(wanted.folder ?? "")/\(wanted.file)"
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let extraction = extract(bytes)
    let texts = extraction.texts.map { found -> (place: Place, text: String) in
      switch found.content {
      case .verbatim(let range): (found.place, String(decoding: bytes[range], as: UTF8.self))
      case .bytes(let decoded): (found.place, String(decoding: decoded, as: UTF8.self))
      case .file(let file):
        (found.place, unsafe file.withBytes { unsafe String(decoding: $0, as: UTF8.self) })
      }
    }
    for want in wanted.texts ?? [] {
      let isThere = texts.contains { place, text in
        place.path == want.path ?? [] && place.role.rawValue == want.role
          && place.location == want.location ?? "" && text.contains(want.text)
      }
      let near = texts.filter { $0.text.contains(want.text) }.map { "\($0.place)" }
      #expect(isThere, "\(want) — the words stand at \(near)")
    }
    // What another process reads, if it is installed; without it a picture is a gap.
    let pictures = extraction.pictures.map {
      DocumentCase.Miss(path: $0.place.path, reason: GapReason.componentMissing.rawValue)
    }
    let gaps =
      pictures
      + extraction.gaps.map { DocumentCase.Miss(path: $0.place.path, reason: $0.reason.rawValue) }
    let wantedGaps = (wanted.gaps ?? []).map {
      DocumentCase.Miss(path: $0.path ?? [], reason: $0.reason)
    }
    #expect(Set(gaps) == Set(wantedGaps), "\(extraction.gaps)")
    for word in wanted.absent ?? [] {
      #expect(!texts.contains { $0.text.contains(word) }, "\(word)")
    }
  }
}
