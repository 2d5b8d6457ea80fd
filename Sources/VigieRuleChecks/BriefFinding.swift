import VigieCore
import VigieJSON

extension JSONWriter {
  /// Writes what tells a finding from others of its message, or null: rule, level, usage,
  /// confidence, range.
  mutating func brief(_ finding: Finding?) {
    guard let finding else { return null() }
    beginObject()
    key("rule")
    string(finding.rule)
    key("level")
    string(finding.level.name)
    key("usage")
    string(finding.usage.rawValue)
    key("confidence")
    double(finding.confidence, decimals: 4)
    key("range")
    beginArray()
    integer(finding.range.lowerBound)
    integer(finding.range.upperBound)
    endArray()
    endObject()
  }
}
