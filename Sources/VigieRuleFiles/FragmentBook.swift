import VigieCore
import VigieRulebook

/// The named pieces of expressions of one family file, and what patterns make of them.
///
/// A pattern says `%{name}` where the text of the fragment is to stand. Filling in is textual, once, before anything
/// else sees the expression; a fragment is filled in once however often it is named, and no text may grow beyond
/// ``maxByteCount``, so that fragments of fragments cannot multiply.
struct FragmentBook {
  /// The most UTF-8 bytes of an expression with its fragments; the longest shipped one has some three thousand.
  static let maxByteCount = 8192
  /// How deep fragments may stand in one another; the shipped ones do three deep.
  static let maxDepth = 64

  /// One fragment as it is written.
  struct Fragment {
    var name: Located<String>
    /// The expression; more than one are a choice.
    var parts: [Located<String>]
  }

  /// An expression with its fragments filled in.
  struct Filled {
    var text: String
    /// Whether it is a choice that no group holds together: `a|b`.
    var isChoice: Bool
    var splices: [Pattern.Splice] = []
  }

  /// What a name stands for in one place only: the mark of a frame, and what a pattern fills in beside it.
  typealias Fills = [String: Filled]

  /// Names of fragments of other families, each with its file.
  let elsewhere: [String: String]
  private var fragments: [String: Fragment] = [:]
  /// What was filled in already; `nil` for what has a fault, which was told.
  private var filled: [String: Filled?] = [:]
  /// Names that were referred to, from a pattern or from a fragment that was.
  private(set) var used: Set<String> = []
  private(set) var faults: [RuleFault] = []

  /// Reads `fragments:` of a family.
  init(_ node: YAMLNode?, elsewhere: [String: String] = [:]) {
    self.elsewhere = elsewhere
    for entry in node?.entries ?? [] {
      let name = Located(entry.key, at: entry.keyPosition)
      guard entry.key.isFragmentName, entry.key != FragmentBook.markName else {
        faults.append(
          RuleFault(
            at: entry.keyPosition,
            entry.key == FragmentBook.markName
              ? "'mark' is what frames call the short form"
              : "'\(entry.key)' is not a name of a fragment",
            mend: "use small letters a-z, digits, '-' and '.' only, a letter first; not mark"
          )
        )
        continue
      }
      fragments[entry.key] = Fragment(name: name, parts: entry.value.texts)
    }
  }

  /// What a frame calls the short form that is filled in.
  static let markName = "mark"

  /// Takes the faults that came up since they were taken last.
  mutating func takeFaults() -> [RuleFault] {
    defer { faults = [] }
    return faults
  }

  /// Whether there is such a fragment.
  func holds(_ name: String) -> Bool { fragments[name] != nil }

  /// Counts a fragment as used.
  mutating func use(_ name: String) { used.insert(name) }

  /// Fragments that nothing refers to.
  var unused: [Located<String>] {
    fragments.values.map(\.name).filter { !used.contains($0.value) }
      .sorted { ($0.position.line, $0.position.column) < ($1.position.line, $1.position.column) }
  }

  /// Fills in an expression.
  ///
  /// - Parameters:
  ///   - text: The expression as it is written.
  ///   - fills: What more its references may name.
  /// - Returns: The expression, or `nil` where it has a fault, which is kept.
  mutating func fill(_ text: Located<String>, fills: Fills = [:]) -> Filled? {
    fill(text, fills, within: [])
  }

  private mutating func fill(_ text: Located<String>, _ fills: Fills, within path: [String])
    -> Filled?
  {
    // Nearly every pattern of most families.
    guard text.value.utf8.contains(UInt8(ascii: "%")) || !path.isEmpty || !fills.isEmpty else {
      return Filled(text: text.value, isChoice: false)
    }
    let signs = Array(RegexSigns(text.value))
    var result = Filled(text: "", isChoice: false)
    var isWhole = true
    var depth = 0
    var copied = 0
    for (index, sign) in signs.enumerated() {
      switch sign.kind {
      case .opening: depth += 1
      case .closing: depth -= 1
      case .bar where depth == 0: result.isChoice = true
      case .brokenReference:
        isWhole = false
        faults.append(
          RuleFault(
            at: text.position,
            "'%{' begins a reference, and no name and '}' follow",
            mend: "write %{name} with the name of a fragment, or %\\{ for the two signs themselves",
            offset: sign.range.lowerBound
          )
        )
      case .reference(let name):
        guard let piece = self.piece(name, fills, at: (text.position, sign.range), path) else {
          isWhole = false
          continue
        }
        if let reason = FragmentBook.misreading(of: piece, at: index, in: signs) {
          isWhole = false
          faults.append(
            RuleFault(
              at: text.position,
              "'\(name)' \(reason)",
              mend: "write (?:%{\(name)})",
              offset: sign.range.lowerBound
            )
          )
          continue
        }
        result.isChoice = result.isChoice || depth == 0 && piece.isChoice && !sign.isInClass
        result.text += text.value.utf8[copied..<sign.range.lowerBound]
        let start = result.text.utf8.count
        result.text += piece.text
        copied = sign.range.upperBound
        result.splices.append(
          Pattern.Splice(
            name: name,
            range: start..<result.text.utf8.count,
            written: sign.range
          )
        )
        guard result.text.utf8.count <= FragmentBook.maxByteCount else {
          faults.append(
            RuleFault(
              at: text.position,
              "with '\(name)' filled in, the expression has more than \(FragmentBook.maxByteCount) bytes",
              mend: "write it more simply, or as several patterns",
              offset: sign.range.lowerBound
            )
          )
          return nil
        }
      default: break
      }
    }
    result.text += text.value.utf8[copied...]
    return isWhole ? result : nil
  }

  /// What a reference stands for; `nil` after its fault was kept.
  private mutating func piece(
    _ name: String,
    _ fills: Fills,
    at place: (text: SourcePosition, range: Range<Int>),
    _ path: [String]
  ) -> Filled? {
    if let fill = fills[name] { return fill }
    used.insert(name)
    if let known = filled[name] { return known }
    func refuse(_ reason: String, mend: String) -> Filled? {
      faults.append(
        RuleFault(at: place.text, reason, mend: mend, offset: place.range.lowerBound)
      )
      return nil
    }
    if let first = path.firstIndex(of: name) {
      let circle = (path[first...] + [name]).joined(separator: " → ")
      return refuse(
        "the fragment '\(name)' holds itself: \(circle)",
        mend: "write out what one of them means"
      )
    }
    guard path.count < FragmentBook.maxDepth else {
      return refuse(
        "more than \(FragmentBook.maxDepth) fragments stand in one another",
        mend: "write out what some of them mean"
      )
    }
    guard let fragment = fragments[name] else {
      if name == FragmentBook.markName {
        return refuse(
          "%{mark} stands outside a frame",
          mend: "write the short form, or make it a frame"
        )
      }
      if let file = elsewhere[name] {
        return refuse(
          "the fragment '\(name)' is one of \(file), and holds in that file alone",
          mend: "write it under fragments: of this file as well"
        )
      }
      return refuse(
        "there is no fragment '\(name)'",
        mend: suggestion(for: name, among: (Array(fragments.keys) + fills.keys).sorted())
          ?? "add it to fragments:, or write %\\{ for the two signs themselves"
      )
    }
    let parts = fragment.parts.map { fill($0, [:], within: path + [name]) }
    let whole = parts.compactMap { $0 }
    var value: Filled? = nil
    if whole.count == parts.count {
      let text = whole.map(\.text).joined(separator: "|")
      value = Filled(text: text, isChoice: whole.count > 1 || whole.contains(where: \.isChoice))
      // It must be an expression by itself, so that its faults are told here. All at once, as nearly always it is.
      if let fault = Pattern(regex: Located(text, at: fragment.name.position)).faultOfExpression {
        value = nil
        let own = zip(fragment.parts, whole).compactMap { part, piece in
          Pattern(regex: Located(piece.text, at: part.position), splices: piece.splices)
            .faultOfExpression
        }
        // Parts that are well by themselves may clash, such as two groups of one name.
        faults +=
          own.isEmpty
          ? [RuleFault(at: fault.position, fault.reason, mend: fault.mend)] : own
      }
    }
    filled[name] = .some(value)
    return value
  }

  /// Why a piece would be read otherwise than its author means beside what stands there; `nil` where it is not.
  private static func misreading(of piece: Filled, at index: Int, in signs: [RegexSigns.Sign])
    -> String?
  {
    guard !signs[index].isInClass else { return nil }
    let before = signs[..<index].last { $0.kind != .setting }?.kind
    let after = signs[(index + 1)...].first { $0.kind != .setting }?.kind
    if after == .quantifier { return "is repeated, and only its last sign would be" }
    let isAlone = [nil, .opening, .bar].contains(before) && [nil, .closing, .bar].contains(after)
    return piece.isChoice && !isAlone ? "is a choice, and stands beside something" : nil
  }
}

extension String.UTF8View {
  /// The text of a range of bytes that ends and starts between scalars.
  fileprivate subscript(range: Range<Int>) -> String {
    String(
      Substring(
        self[
          index(
            startIndex,
            offsetBy: range.lowerBound
          )..<index(startIndex, offsetBy: range.upperBound)
        ]
      )
    )
  }

  fileprivate subscript(range: PartialRangeFrom<Int>) -> String {
    self[range.lowerBound..<count]
  }
}
