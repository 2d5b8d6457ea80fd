/// A way in which an expression can be made to backtrack without reasonable end.
public struct RegexHazard: Sendable, Equatable {
  /// How the work grows with the length of the text.
  public enum Growth: Sendable, Equatable {
    /// Doubles, at least, with each pump.
    case exponential
    /// With this power of the length: 2 or more.
    case polynomial(degree: Int)
  }

  /// How the work grows.
  public var growth: Growth
  /// What leads into the loop.
  public var prefix: String
  /// What the loop can read in several ways.
  public var pump: String
  /// What makes the match fail, so that every way is tried; empty where nothing was found.
  public var suffix: String

  /// A hazard from its parts.
  public init(growth: Growth, prefix: String, pump: String, suffix: String) {
    self.growth = growth
    self.prefix = prefix
    self.pump = pump
    self.suffix = suffix
  }

  /// A text that makes the expression backtrack.
  ///
  /// - Parameter count: How often the pump is repeated.
  /// - Returns: Prefix, pumps and suffix.
  public func attack(pumps count: Int) -> String {
    prefix + String(repeating: pump, count: count) + suffix
  }
}

/// What can be said of an expression's cost without running it.
public enum RegexCost: Sendable, Equatable {
  /// No hazard was found.
  case bounded
  /// The worst hazard found.
  case hazard(RegexHazard)
  /// The expression is too large or uses what cannot be analysed; why, in words.
  case unknown(String)

  /// Looks for catastrophic backtracking: nested loops that overlap, alternatives that overlap in
  /// a loop, loops one after the other that overlap.
  ///
  /// The expression is read as an automaton in which two different ways from a state back to
  /// itself over one text mean exponential work, and two loops that one text can go round in, and
  /// from the one to the other, mean polynomial work. Back references, look-around and the order
  /// of alternatives are left out of account: what is found is worth a proof by running the
  /// ``RegexHazard/attack(pumps:)``, what is not found is safe but for them.
  /// The attack on a look-around assertion holds what the assertion reads, not what leads to it.
  ///
  /// *Source:* N. Weideman et al., "Analyzing matching time behavior of backtracking regular
  /// expression matchers by using ambiguity of NFA" (2016); A. Weber, H. Seidl, "On the degree of
  /// ambiguity of finite automata" (1991), criteria EDA and IDA.
  ///
  /// - Parameter regex: A PCRE2 expression.
  /// - Returns: The worst that was found.
  public static func of(_ regex: String) -> RegexCost {
    let nodes: [RegexNode]
    do {
      nodes = try RegexParser.parse(regex)
    } catch {
      return .unknown(error.reason)
    }
    var cost = RegexCost.bounded
    for node in nodes { cost = worse(cost, of(node)) }
    return cost
  }

  private static func of(_ node: RegexNode) -> RegexCost {
    // Counted loops are written out as far as they fit; above 4 × 4 even "bounded" nests blow up.
    let exact =
      RegexAutomaton(node, counting: .loopsAbove(4))
      ?? RegexAutomaton(node, counting: .loopsAbove(1))
    guard let exact else { return .unknown("too large to be analysed") }
    var search = HazardSearch(exact)
    if let hazard = search.exponential() { return .hazard(hazard) }
    let isUnsure = search.isExhausted
    if let short = RegexAutomaton(node, counting: .shortUpTo(100)) {
      search = HazardSearch(short)
      if let hazard = search.polynomial() { return .hazard(hazard) }
    }
    return isUnsure ? .unknown("too large to be analysed") : .bounded
  }

  private static func worse(_ left: RegexCost, _ right: RegexCost) -> RegexCost {
    func rank(_ cost: RegexCost) -> Int {
      switch cost {
      case .bounded: 0
      case .unknown: 1
      case .hazard(let hazard):
        if case .polynomial(let degree) = hazard.growth { degree } else { .max }
      }
    }
    return rank(right) > rank(left) ? right : left
  }
}
