import Foundation
import TestSupport
import Testing

@Suite("What the tools say while they build")
struct BuildTalkTests {
  /// Runs `build_release` of Tools/lib with a compiler that takes two seconds.
  private func build(_ programs: String, code: Int32) throws -> (code: Int32, lines: [String]) {
    let folder = try TemporaryDirectory()
    let swift = try folder.write("swift", "#!/bin/bash\nsleep 2\nexit \(code)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: swift)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c",
      "set -euo pipefail; . '\(repositoryRoot)/Tools/lib/common.sh'; build_release \(programs)",
    ]
    process.environment = ["PATH": "\(folder.path):/usr/bin:/bin", "VIGIE_BUILD_TICK": "1"]
    let output = try folder.write("output", "")
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    try process.run()
    process.waitUntilExit()
    let text = try String(contentsOfFile: output, encoding: .utf8)
    return (process.terminationStatus, text.split(separator: "\n").map(String.init))
  }

  @Test("which program it is and that it goes on; a build that fails ends it")
  func talk() throws {
    let whole = try build("one two", code: 0)
    #expect(whole.code == 0)
    #expect(whole.lines.contains("── building one (1 of 2)"))
    #expect(whole.lines.contains("── building two (2 of 2)"))
    #expect(whole.lines.contains { $0.hasPrefix("──   still building one (") })
    let failed = try build("one two", code: 7)
    #expect(failed.code == 7)
    #expect(!failed.lines.contains { $0.hasPrefix("── building two") })
  }

  @Test("Tools/demo and Tools/install build that way")
  func used() throws {
    for tool in ["demo", "install"] {
      let text = try String(contentsOfFile: "\(repositoryRoot)/Tools/\(tool)", encoding: .utf8)
      #expect(
        text.contains("\nbuild_release ") && !text.contains("swift build -c release --product")
      )
    }
  }
}
