import Foundation
import TestSupport
import Testing

/// A file of the repository that we wrote.
struct OwnFile: Sendable, CustomTestStringConvertible {
  /// The path from the root.
  var path: String
  var text: String

  var testDescription: String { path }

  /// The lines of the file.
  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// The modules it imports.
  var imports: [String] {
    lines.compactMap { line in
      var words = line.split(separator: " ").map(String.init)
      if ["public", "package", "internal", "@testable"].contains(words.first) {
        words.removeFirst()
      }
      return words.count == 2 && words[0] == "import" ? words[1] : nil
    }
  }

  /// Every file with one of these endings below a folder, in order.
  static func all(below folder: String, endings: [String]) -> [OwnFile] {
    let walker = FileManager.default.enumerator(atPath: repositoryRoot + "/" + folder)
    return (walker?.compactMap { $0 as? String } ?? []).sorted().compactMap { name in
      guard endings.contains(where: name.hasSuffix), !name.contains(".build"),
        let text = try? String(
          contentsOfFile: "\(repositoryRoot)/\(folder)/\(name)",
          encoding: .utf8
        )
      else { return nil }
      return OwnFile(path: "\(folder)/\(name)", text: text)
    }
  }
}

@Suite("House rules")
struct HouseTests {
  /// The rows of the house, the lowest first; a target imports from its own row and below.
  static let rows: [[String]] = [
    [
      "VigieCore", "VigieUnicode", "VigieJSON", "VigieMarkup", "VigieCrypto", "VigiePatterns",
      "VigieText", "VigieThreads", "VigieSandbox",
    ],
    ["VigieRulebook", "VigiePolicy", "VigieScanning", "VigieFilter", "VigieRuleFiles"],
    [
      "VigieDocuments", "VigieContainers", "VigiePDF", "VigieAttachments", "VigieOCR",
      "VigieZygote",
      "VigieWorkers",
      "VigieArchives", "VigieMatrix",
    ],
    ["VigieWire", "VigieReports", "VigieAudit", "VigieStore"],
    ["VigieInspection", "VigieBatch", "VigieExposure", "VigieHook", "VigieRuleChecks"],
    ["VigieOptions", "VigieServer"],
    ["vigie", "vigie-serve", "vigie-parse-worker", "vigie-ocr-worker", "CVigie"],
  ]
  /// The libraries that have one importer, and that target; SQLite has two: what Vigie keeps, and databases of others.
  static let importers: [String: Set<String>] = [
    "CPCRE2": ["VigiePatterns"], "CXML2": ["VigieMarkup"], "CArchive": ["VigieContainers"],
    "CZlib": ["VigieContainers"], "CDeflate": ["VigieContainers"], "CPDFium": ["VigiePDF"],
    "CQPDF": ["VigiePDF"],
    "CTesseract": ["VigieOCR"], "CUnarr": ["VigieContainers"], "CZstandard": ["VigieContainers"],
    "GRDB": ["VigieStore"],
    "GRDBSQLite": ["VigieStore", "VigieArchives"],
    "CVigieHeader": ["CVigie"], "CICU": ["VigieAttachments"],
    "CSandbox": ["VigieSandbox"], "CYAML": ["VigieRuleFiles"], "CNettle": ["VigieCrypto"],
    "CVigieKernel": ["VigieRulebook"], "CVigieJSON": ["VigieJSON"],
  ]

  static let sources = OwnFile.all(below: "Sources", endings: [".swift"])

  static func target(of file: OwnFile) -> String {
    file.path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
  }

  @Test("every target stands in a row, and nothing imports upwards or in a circle")
  func rowsHold() {
    #expect(!HouseTests.sources.isEmpty)
    var row: [String: Int] = [:]
    for (index, names) in HouseTests.rows.enumerated() {
      for name in names { row[name] = index }
    }
    var edges: [String: Set<String>] = [:]
    for file in HouseTests.sources {
      let target = HouseTests.target(of: file)
      guard let own = row[target] else {
        Issue.record("\(target) stands in no row of HouseTests.rows")
        continue
      }
      for name in file.imports {
        guard let other = row[name] else { continue }
        #expect(other <= own, "\(file.path) imports \(name), which stands above it")
        if name != target { edges[target, default: []].insert(name) }
      }
    }
    for target in row.keys {
      var reached: Set<String> = []
      var open = Array(edges[target] ?? [])
      while let next = open.popLast() {
        if reached.insert(next).inserted { open += edges[next] ?? [] }
      }
      #expect(!reached.contains(target), "\(target) imports itself in a circle")
    }
  }

  @Test("no source imports Foundation, and C libraries have their importers")
  func imports() {
    for file in HouseTests.sources {
      #expect(!file.imports.contains("Foundation"), "\(file.path) imports Foundation")
      for (library, importers) in HouseTests.importers where file.imports.contains(library) {
        #expect(importers.contains(HouseTests.target(of: file)), "\(file.path) imports \(library)")
      }
    }
  }

  /// What judges a message, from its bytes to the verdict; a rule's patterns are compiled behind a lock, on first use.
  static let judging: Set<String> = [
    "VigieCore", "VigieUnicode", "VigieText", "VigiePatterns", "VigieScanning", "VigieFilter",
    "VigiePolicy",
  ]

  @Test("what judges a message takes no lock, waits for nobody and belongs to no actor")
  func synchronous() {
    let files = HouseTests.sources.filter { HouseTests.judging.contains(HouseTests.target(of: $0)) }
    #expect(Set(files.map(HouseTests.target)) == HouseTests.judging)
    for file in files {
      #expect(!file.imports.contains("Synchronization"), "\(file.path)")
      let code = file.lines.filter { !$0.drop { $0 == " " }.hasPrefix("//") }
      for line in code {
        let words = line.split { !$0.isLetter && $0 != "_" && $0 != "@" }
        #expect(
          !words.contains {
            ["async", "await", "actor", "Task", "@MainActor", "Mutex"].contains($0)
          },
          "\(file.path): \(line)"
        )
      }
    }
  }

  @Test("no file is longer than 500 lines, generated tables apart")
  func length() {
    let files =
      HouseTests.sources + OwnFile.all(below: "Tests", endings: [".swift"])
      + OwnFile.all(below: "Tools", endings: [".py", ".sh", ".swift"])
    for file in files where !file.path.contains("+Generated") {
      #expect(file.lines.count <= 501, "\(file.path) has \(file.lines.count) lines")
    }
  }

  @Test("no file names a path of somebody's machine")
  func paths() {
    let files =
      HouseTests.sources
      + OwnFile.all(below: "Tests", endings: [".swift"])
      + OwnFile.all(below: "Tools", endings: ["", ".py", ".sh"])
      + OwnFile.all(below: "Rules", endings: [".yaml"])
    for folder in ["work", "home", "Users"] {
      let path = "/" + folder + "/"
      let found = files.filter { $0.text.contains(path) }.map(\.path)
      #expect(found.isEmpty, "\(path) stands in \(found)")
    }
  }

  @Test("the version stands in one place, and what is packed apart has the same")
  func version() throws {
    let place = "Sources/VigieCore/Version.swift"
    let source = try #require(HouseTests.sources.first { $0.path == place })
    let words = source.text.split(separator: "\"")
    try #require(words.count == 3, "\(place) holds one string")
    let version = "\"\(words[1])\""
    for file in HouseTests.sources where file.path != place {
      #expect(!file.text.contains(version), "\(file.path) says \(version); vigieVersion does")
    }
    let package = try String(
      contentsOfFile: repositoryRoot + "/Tools/synapse-vigie/pyproject.toml",
      encoding: .utf8
    )
    #expect(package.contains("\nversion = \(version)\n"))
  }

  @Test("every target has its page")
  func pages() {
    for target in HouseTests.rows.dropLast().joined() {
      let path = "Sources/\(target)/\(target).docc/\(target).md"
      let text = try? String(contentsOfFile: repositoryRoot + "/" + path, encoding: .utf8)
      #expect(text?.hasPrefix("# ``\(target)``") == true, "\(path) is missing")
    }
  }

  @Test("the top level holds what belongs there and nothing else")
  func topLevel() throws {
    let wanted: Set<String> = [
      "README.md", "CONTRIBUTING.md", "LICENSE", "Package.swift", ".gitignore", ".ci", "Sources",
      "Tests", "Rules", "Corpus", "Tools",
    ]
    let ignored: Set<String> = [
      ".git", "Package.resolved", ".swiftpm", ".DS_Store", ".cache", ".idea", ".vscode",
    ]
    let names = try FileManager.default.contentsOfDirectory(atPath: repositoryRoot)
      .filter { !$0.hasPrefix(".build") && !ignored.contains($0) }
    #expect(Set(names).subtracting(wanted).isEmpty)
    #expect(wanted.subtracting(names).isEmpty)
  }
}

@Suite("Registries")
struct RegistryTests {
  /// Folder of formats, the protocol they follow, and the file with the `all` list.
  static let registries = [
    (
      folder: "Sources/VigieAttachments/Formats", format: "DocumentFormat",
      list: "Sources/VigieAttachments/DocumentFormats.swift"
    ),
    (
      folder: "Sources/VigieReports/Formats", format: "ReportFormat",
      list: "Sources/VigieReports/ReportFormat.swift"
    ),
    (
      folder: "Sources/VigieArchives/Formats", format: "ArchiveFormat",
      list: "Sources/VigieArchives/ArchiveFormat.swift"
    ),
  ]

  @Test("hold every format of their folder", arguments: registries.indices)
  func complete(_ index: Int) throws {
    let registry = RegistryTests.registries[index]
    let files = OwnFile.all(below: registry.folder, endings: [".swift"])
    let list = try String(contentsOfFile: repositoryRoot + "/" + registry.list, encoding: .utf8)
    var count = 0
    for file in files where file.text.contains(": \(registry.format) {") {
      count += 1
      let name = ((file.path as NSString).lastPathComponent as NSString).deletingPathExtension
      #expect(list.contains("\(name).self"), "add \(name).self, to `all` in \(registry.list)")
    }
    #expect(count > 0)
  }
}
