import VigieCore
import VigieRulebook
import VigieScanning

/// What a scanner reports of a text, one line a finding.
func report(_ scanner: Scanner, _ rules: CompiledRules, _ text: [UInt8], role: Role = .body)
  -> [String]
{
  scanner.scan(text.span, role: role)
  return scanner.judgements.filter { $0.isLikely && $0.coveredBy == nil }.map { judgement in
    let names = judgement.disguise.names.joined(separator: "+")
    return "\(rules.rules[judgement.rule].id) \(judgement.range) \(names)"
  }
}

extension Scanner {
  /// Scans bytes; see ``scan(_:role:)``.
  @discardableResult
  func scan(_ text: [UInt8], _ role: Role = .body) -> Bool { scan(text.span, role: role) }
}
