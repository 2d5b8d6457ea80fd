import VigieCore
import VigieJSON
import VigieRulebook

/// The rules in use, for programs: what they find, not how.
enum RulesPage {
  static func bytes(_ set: RuleSet) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("version")
    json.integer(1)
    json.key("ruleset")
    json.string(set.id)
    json.key("rules")
    json.beginArray()
    for rule in set.rules {
      json.beginObject()
      json.key("id")
      json.string(rule.id)
      json.key("family")
      json.string(rule.family)
      json.key("title")
      json.string(rule.title)
      json.key("kind")
      json.string(rule.kind.rawValue)
      json.key("scheme")
      json.string(rule.scheme)
      json.key("level")
      json.string(rule.level.name)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.take()
  }
}
