/// What the files of a rule set tell beyond the rules: who wrote what, and where.
public struct RuleOrigins: Sendable {
  /// Where the cues of evidence were written, by the name of the evidence and the cue.
  public var cuePlaces: [String: [String: SourcePosition]]
  /// Where evidence was written, by its name; where it was changed last, of what a site changes.
  public var evidencePlaces: [String: SourcePosition]
  /// The directory each file lies in, by the name of the file: 0 for the shipped one, then those laid over it.
  public var layers: [String: Int]
  /// The schemes of which the ladder has grades.
  public var gradedSchemes: Set<String>
  /// The rules that overrides name and leave as they are.
  public var idleOverrides: [Located<String>]

  /// A value from its parts; by default nothing is known.
  public init(
    cuePlaces: [String: [String: SourcePosition]] = [:],
    evidencePlaces: [String: SourcePosition] = [:],
    layers: [String: Int] = [:],
    gradedSchemes: Set<String> = [],
    idleOverrides: [Located<String>] = []
  ) {
    self.cuePlaces = cuePlaces
    self.evidencePlaces = evidencePlaces
    self.layers = layers
    self.gradedSchemes = gradedSchemes
    self.idleOverrides = idleOverrides
  }
}
