import ArgumentParser
import VigieOptions
import VigieAudit
import VigieExposure
import VigieReports
import VigieRuleChecks
import VigieRuleFiles
import VigieStore
import VigieWire

/// `vigie rules schema`: the published JSON Schemas.
struct RulesSchema: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema of rule files, or of what Vigie reads and writes.",
    discussion: """
      Without a name: any rule file. Names: \(names.joined(separator: ", ")).

      EXAMPLES
        vigie rules schema > rules.schema.json
        vigie rules schema review-line
      """
  )

  @Argument(help: ArgumentHelp("The shape.", valueName: "name"))
  var name: String?

  /// The schemas that are no rule files, by name.
  private static var outputs: [(name: String, text: () -> String)] {
    WireSchema.all.map { schema in (schema.name, { schema.text }) } + [
      ("check", { ReportSchema.check }), ("scan", { ReportSchema.scan }),
      ("findings", { FindingSchema.list }), ("findings-message", { MessageAnswer.schema }),
      ("doctor", { ReportSchema.doctor }),
      ("exposure", { ExposureSchema.text }),
      ("rules-list", { RuleCheckSchema.list }), ("rules-eval", { RuleCheckSchema.evaluation }),
      ("rules-evade", { RuleCheckSchema.evasion }), ("rules-bench", { RuleCheckSchema.bench }),
      ("rules-diff", { RuleCheckSchema.difference }),
    ] + AuditSchema.all.map { schema in (schema.name, { schema.text }) }
  }

  private static var names: [String] {
    RuleFileKind.allCases.map(\.rawValue) + outputs.map(\.name)
  }

  func run() throws {
    let output = Output.standard()
    if let name, let found = RulesSchema.outputs.first(where: { $0.name == name }) {
      output.write(found.text())
    } else if let name {
      guard let kind = RuleFileKind(rawValue: name) else {
        throw CommandFailure(
          "there is no schema '\(name)'",
          mend: "name one of \(RulesSchema.names.joined(separator: ", "))"
        )
      }
      output.write(RuleSchema.text(for: kind))
    } else {
      output.write(RuleSchema.text())
    }
    try output.finishCommand()
  }
}
