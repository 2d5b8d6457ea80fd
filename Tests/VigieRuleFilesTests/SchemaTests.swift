import Foundation
import Testing
import VigieRuleFiles

@Suite("JSON Schema of rule files")
struct SchemaTests {
  @Test("is JSON in which every reference leads somewhere and every key is explained")
  func sound() throws {
    for kind in [nil] + RuleFileKind.allCases.map(Optional.some) {
      let text = RuleSchema.text(for: kind)
      let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
      let root = try #require(object as? [String: Any])
      let definitions = try #require(root["$defs"] as? [String: Any])
      for reference in references(in: root) {
        #expect(definitions[String(reference.dropFirst("#/$defs/".count))] != nil)
      }
      for case let definition as [String: Any] in definitions.values {
        let keys = try #require(definition["properties"] as? [String: Any])
        #expect(!keys.isEmpty)
        for case let key as [String: Any] in keys.values {
          #expect((key["description"] as? String)?.isEmpty == false)
        }
      }
    }
  }

  @Test("names the keys the loader knows and requires")
  func keys() throws {
    let text = RuleSchema.text(for: .family)
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let definitions = (object as? [String: Any])?["$defs"] as? [String: Any]
    let rule = try #require(definitions?["rule"] as? [String: Any])
    let required = try #require(rule["required"] as? [String])
    #expect(required == ["id", "title", "level", "cites", "examples"])
    let keys = try #require(rule["properties"] as? [String: Any])
    for key in keys.keys {
      let faults = try RuleDirectory([
        "markings/xx.yaml": "family: xx\nrules: [{ \(key): }]"
      ]).faults()
      #expect(!faults.contains { $0.contains("unknown key '\(key)'") })
    }
  }

  /// Every `$ref` below a value.
  private func references(in value: Any) -> [String] {
    if let list = value as? [Any] { return list.flatMap(references(in:)) }
    guard let object = value as? [String: Any] else { return [] }
    return object.flatMap { key, value in
      key == "$ref" ? [value as? String ?? ""] : references(in: value)
    }
  }
}
