import VigieCore
import VigieRulebook

extension Reading {
  /// What the patterns of one family file are made of.
  struct PatternBook {
    var fragments: FragmentBook
    /// The frames by name, each with the place of its name.
    var frames: [String: (name: Located<String>, node: YAMLNode)]
    var usedFrames: Set<String> = []
  }

  /// Reads `fragments:` and `frames:` of a family.
  mutating func patternBook(of document: Document) -> PatternBook {
    var elsewhere: [String: String] = [:]
    for other in documents(.family) where other.file.path != document.file.path {
      for entry in other.root["fragments"]?.entries ?? [] { elsewhere[entry.key] = other.file.path }
    }
    var frames: [String: (name: Located<String>, node: YAMLNode)] = [:]
    for entry in document.root["frames"]?.entries ?? [] {
      if !entry.key.isFragmentName {
        faults.append(
          RuleFault(
            at: entry.keyPosition,
            "'\(entry.key)' is not a name of a frame",
            mend: "use small letters a-z, digits, '-' and '.' only, a letter first"
          )
        )
      }
      frames[entry.key] = (Located(entry.key, at: entry.keyPosition), entry.value)
    }
    return PatternBook(
      fragments: FragmentBook(document.root["fragments"], elsewhere: elsewhere),
      frames: frames
    )
  }

  /// Takes the faults of a family's fragments, and says which fragments and frames nothing uses.
  mutating func close(_ book: consuming PatternBook, of document: Document) {
    // Those of frames hold references as well: what none of the rules uses is said of the frame.
    for (name, frame) in book.frames where !book.usedFrames.contains(name) {
      for case .reference(let piece) in RegexSigns(frame.node["regex"]?.text ?? "").map(\.kind) {
        book.fragments.use(piece)
      }
    }
    faults += book.fragments.takeFaults()
    // Of a file with a fault nobody can say what it leaves unused.
    guard !faults.contains(where: { $0.position.file == document.file.path }) else { return }
    let frames = book.frames.values.map(\.name).filter { !book.usedFrames.contains($0.value) }
    for name in book.fragments.unused {
      faults.append(
        RuleFault(
          at: name.position,
          "no pattern uses the fragment '\(name.value)'",
          mend: "write %{\(name.value)} where it is meant, or remove it"
        )
      )
    }
    for name in frames {
      faults.append(
        RuleFault(
          at: name.position,
          "no rule uses the frame '\(name.value)'",
          mend: "name it under frames: of a pattern, or remove it"
        )
      )
    }
  }

  /// The patterns that one entry of `patterns:` stands for: one, or one for each of its frames and marks.
  mutating func patterns(from node: YAMLNode, _ book: inout PatternBook) -> [Pattern] {
    if node["frames"] != nil { return framedPatterns(from: node, &book) }
    for key in ["marks", "fills"] {
      guard let stray = node[key] else { continue }
      faults.append(
        stray.fault(
          "\(key): fills in frames, and the pattern names none",
          mend: "add frames: with their names, or remove \(key):"
        )
      )
    }
    if case .map = node.content, node["regex"] == nil,
      !ObjectShape.pattern.meantKeys(of: node).contains("regex")
    {
      faults.append(
        node.fault(
          "the key 'regex' is missing in a pattern",
          mend: "add regex: PCRE2 expression, or frames: with marks:"
        )
      )
    }
    let written = (node["regex"] ?? node).located
    // One with a fault is left out: what else could be said of it would be said of what nobody wrote.
    guard let filled = book.fragments.fill(written) else { return [] }
    return [
      Pattern(
        regex: Located(filled.text, at: written.position),
        anchors: anchors(node["anchors"]),
        reach: node["reach"]?.text.flatMap { Int($0) } ?? 128,
        digits: node["digits"]?.text.flatMap { Int($0) } ?? 0,
        mostDigits: node["digits-most"]?.text.flatMap { Int($0) } ?? 0,
        splices: filled.splices
      )
    ]
  }

  /// The most patterns that one entry of `patterns:` may stand for.
  private static let maxFramedCount = 256

  private mutating func framedPatterns(from node: YAMLNode, _ book: inout PatternBook) -> [Pattern]
  {
    for key in ["regex", "digits", "digits-most"] {
      guard let stray = node[key] else { continue }
      faults.append(
        stray.fault(
          "the pattern names frames and \(key): as well",
          mend: "make it two entries of patterns:"
        )
      )
    }
    let marks = node["marks"]?.texts ?? []
    if marks.isEmpty, !ObjectShape.pattern.meantKeys(of: node).contains("marks") {
      faults.append(
        node.fault(
          "the frames have no short form to be wanted for",
          mend: "add marks: to the pattern, such as marks: [DR]"
        )
      )
    }
    let names = node["frames"]?.texts ?? []
    guard names.count * marks.count <= Reading.maxFramedCount else {
      faults.append(
        node.fault(
          "the frames and marks make more than \(Reading.maxFramedCount) patterns",
          mend: "name fewer of them"
        )
      )
      return []
    }
    let given = anchors(node["anchors"])
    var fills: FragmentBook.Fills = [:]
    for fill in node["fills"]?.entries ?? [] {
      guard fill.key.isFragmentName, fill.key != FragmentBook.markName,
        !book.fragments.holds(fill.key)
      else {
        faults.append(
          RuleFault(
            at: fill.keyPosition,
            "'\(fill.key)' cannot be filled in: "
              + (fill.key == FragmentBook.markName
                ? "marks: says it"
                : fill.key.isFragmentName ? "a fragment has that name" : "it is no name"),
            mend: "give it a name of its own: small letters, digits, '-' and '.', a letter first"
          )
        )
        continue
      }
      fills[fill.key] =
        book.fragments.fill(fill.value.located) ?? FragmentBook.Filled(text: "", isChoice: false)
    }
    var named: Set<String> = []
    var patterns: [Pattern] = []
    for name in names {
      guard let frame = book.frames[name.value] else {
        faults.append(
          RuleFault(
            at: name.position,
            "there is no frame '\(name.value)'",
            mend: suggestion(for: name.value, among: book.frames.keys.sorted())
              ?? "add it to frames: of this file"
          )
        )
        continue
      }
      let written = (frame.node["regex"] ?? frame.node).located
      let holes = RegexSigns(written.value).compactMap { sign -> String? in
        if case .reference(let name) = sign.kind { name } else { nil }
      }
      named.formUnion(holes)
      if book.usedFrames.insert(name.value).inserted, !holes.contains(FragmentBook.markName) {
        faults.append(
          RuleFault(
            at: written.position,
            "the frame '\(name.value)' has no %{mark}",
            mend: "write %{mark} where the short form stands"
          )
        )
      }
      for mark in marks {
        fills[FragmentBook.markName] = FragmentBook.Filled(
          text: mark.value.quotedForRegex,
          isChoice: false
        )
        guard let filled = book.fragments.fill(written, fills: fills) else { break }
        patterns.append(
          Pattern(
            regex: Located(filled.text, at: written.position),
            anchors: given.isEmpty ? [mark.value.longestASCIIWord] : given,
            reach: (node["reach"] ?? frame.node["reach"])?.text.flatMap { Int($0) } ?? 128,
            splices: filled.splices
          )
        )
      }
    }
    for fill in node["fills"]?.entries ?? [] where !named.contains(fill.key) {
      guard fills[fill.key] != nil, !named.isEmpty else { continue }
      faults.append(
        RuleFault(
          at: fill.keyPosition,
          "none of the frames has %{\(fill.key)}",
          mend: suggestion(for: fill.key, among: named.sorted()) ?? "remove it"
        )
      )
    }
    return patterns
  }

  private mutating func anchors(_ node: YAMLNode?) -> [String] {
    let anchors = node?.texts ?? []
    for anchor in anchors where !anchor.value.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) {
      faults.append(
        RuleFault(
          at: anchor.position,
          "the anchor '\(anchor.value)' is not ASCII",
          mend: "choose a run of ASCII letters that every match holds"
        )
      )
    }
    return anchors.map(\.value)
  }
}

extension String {
  /// The expression that matches this text and nothing else.
  fileprivate var quotedForRegex: String {
    var quoted = ""
    for scalar in unicodeScalars {
      if "\\^$.|?*+()[]{}#".unicodeScalars.contains(scalar) { quoted += "\\" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted
  }

  /// The longest run of ASCII without spaces: an anchor that no spelling of a space hides.
  fileprivate var longestASCIIWord: String {
    let words = unicodeScalars.split { !$0.isASCII || $0 == " " }
    return words.max { $0.count < $1.count }.map { String($0) } ?? ""
  }
}
