extension PageLines.Segment {
  /// The text: a space where one is drawn or the gap says so.
  mutating func text(runs: [PageLines.Run], glyphs: [PDFGlyph]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(160)
    var order = self.runs
    let isRightToLeft = order.contains { runs[$0].isRightToLeft }
    // What is written from right to left is in the order of the content already.
    if isRightToLeft { order.sort { runs[$0].first < runs[$1].first } }
    var isSpaceWanted = false
    for (position, index) in order.enumerated() {
      let run = runs[index]
      if position > 0, isRightToLeft || hasSpace(before: position, runs: runs) {
        isSpaceWanted = true
      }
      for index in run.first...run.last {
        let glyph = glyphs[index]
        if glyph.isSpace {
          isSpaceWanted = true
          continue
        }
        // The second drawing of a bold letter.
        if index > run.first, glyphs[index - 1].scalar == glyph.scalar,
          abs(glyphs[index - 1].start - glyph.start) < 0.12 * glyph.size
        {
          continue
        }
        // A soft hyphen within a line is not seen.
        if glyph.scalar == "\u{AD}" { continue }
        if isSpaceWanted, !text.isEmpty { text.append(0x20) }
        isSpaceWanted = false
        if glyph.scalar.isASCII {
          text.append(UInt8(truncatingIfNeeded: glyph.scalar.value))
        } else {
          text.append(contentsOf: glyph.scalar.utf8)
        }
      }
    }
    if let last = order.last {
      let end = glyphs[runs[last].last]
      isHyphenated = end.isHyphenated || end.scalar == "\u{AD}"
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Whether the gap before a run is one between words.
  private func hasSpace(before position: Int, runs all: [PageLines.Run]) -> Bool {
    func run(_ index: Int) -> PageLines.Run { all[runs[index]] }
    func gap(_ index: Int) -> Float { max(0, run(index).start - run(index - 1).end) }
    let unit = min(run(position).size, run(position - 1).size)
    let own = gap(position)
    let isSeen = run(position).mayFollowSpace
    guard own > run(position - 1).letterGap(isSpaceSeen: isSeen, unit: unit) else { return false }
    // Letters spaced out evenly are one word: the gap counts only beyond those around it.
    let window = max(0, position - 4)...min(runs.count - 1, position + 3)
    guard window.count >= 4, window.allSatisfy({ run($0).letterCount == 1 }) else { return true }
    let least =
      window.dropFirst().filter { $0 != position }.map(gap).min() ?? 0
    return own > least + 0.2 * unit
  }
}

extension PageLines {
  /// Puts together single letters that stand below one another, as in a word written downwards.
  static func stacked(_ lines: [PDFLine]) -> [PDFLine] {
    guard lines.contains(where: { isLetter($0) }) else { return lines }
    var result: [PDFLine] = []
    var at = 0
    while at < lines.count {
      var end = at
      while end < lines.count, isLetter(lines[end]),
        end == at || follows(lines[end], lines[end - 1])
      {
        end += 1
      }
      if end - at >= 4 {
        var line = lines[at]
        line.text = lines[at..<end].map(\.text).joined()
        result.append(line)
        at = end
      } else {
        result.append(lines[at])
        at += 1
      }
    }
    return result
  }

  private static func isLetter(_ line: PDFLine) -> Bool {
    var letters = line.text.unicodeScalars.makeIterator()
    guard let letter = letters.next(), letters.next() == nil else { return false }
    return letter.properties.isAlphabetic
  }

  private static func follows(_ line: PDFLine, _ previous: PDFLine) -> Bool {
    let step = line.fromTop - previous.fromTop
    return line.isArtifact == previous.isArtifact && step > 0.5 * line.size
      && step < 2.5 * line.size
  }
}
