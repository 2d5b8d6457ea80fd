/// Puts the glyphs of a page together to lines, by where they stand.
///
/// The order in which a page draws its glyphs proves nothing: words may be drawn letter by letter
/// and in any order. So glyphs that follow one another closely make a *run*, runs on one baseline
/// that stand close together make a *segment*, whatever their order, and only segments are put
/// in the order of the content, which keeps columns apart. Lengths are shares of the font size.
enum PageLines {
  /// The gap within a word that no space explains; a space is 0.2 to 0.3 wide in most fonts.
  static let maxLetterGap: Float = 0.17
  /// The same where PDFium sees a space too, and the letters before are set close.
  static let maxSeenLetterGap: Float = 0.08
  /// How far letters may overlap (kerning, italics, accents).
  static let maxOverlap: Float = 0.45
  /// The gap between two words of a line that were drawn one after the other.
  static let maxWordGap: Float = 1.2
  /// The same where they were not: there may be a gutter between columns.
  static let maxLooseGap: Float = 0.6
  /// The gap between single letters that are spaced out evenly.
  static let maxSpacedGap: Float = 2.5
  /// How far two baselines of one line lie apart.
  static let maxBaseDistance: Float = 0.25

  /// The lines of a page in reading order.
  static func lines(of glyphs: PDFGlyphs) -> [PDFLine] {
    let runs = runs(of: glyphs.all)
    var segments = segments(of: runs)
    segments.sort { $0.first < $1.first }
    var rows: [[Part]] = []
    for var segment in segments {
      let text = segment.text(runs: runs, glyphs: glyphs.all)
      guard let first = segment.runs.first, !text.isEmpty else { continue }
      let glyph = glyphs.all[runs[first].first]
      let line = PDFLine(
        text: text,
        isArtifact: glyph.isArtifact,
        isOutside: glyph.isOutside,
        fromTop: glyph.fromTop,
        pageHeight: glyphs.pageHeight,
        size: segment.size,
        isHyphenated: segment.isHyphenated
      )
      let part = Part(line: line, number: segment.line, start: segment.start, end: segment.end)
      // Parts of one line, such as the cells of a row.
      if let last = rows.last?.last, last.number == part.number, last.end <= part.start {
        rows[rows.count - 1].append(part)
      } else {
        rows.append([part])
      }
    }
    return stacked(byColumns(rows))
  }

  // MARK: Runs

  /// Glyphs that follow one another in the content and on the baseline.
  struct Run {
    /// The glyphs, by their indices.
    var first: Int
    var last: Int
    var start: Float
    var end: Float
    var base: Float
    var size: Float
    var degrees: Int16
    var isArtifact: Bool
    var isOutside: Bool
    var isRightToLeft: Bool
    /// Whether PDFium sees a space before the first glyph.
    var mayFollowSpace: Bool
    /// The gap before the last glyph; infinite where there is one glyph only.
    var lastGap = Float.infinity
    /// Glyphs that are no space.
    var letterCount: Int

    /// The gap after the run, points, that its next word is parted from it by.
    func letterGap(isSpaceSeen: Bool, unit: Float) -> Float {
      let isClose = lastGap <= 0.02 * unit
      return (isSpaceSeen && isClose ? maxSeenLetterGap : maxLetterGap) * unit
    }

    init(_ glyph: PDFGlyph, at index: Int) {
      first = index
      last = index
      start = glyph.start
      end = glyph.end
      base = glyph.base
      size = glyph.size
      degrees = glyph.degrees
      isArtifact = glyph.isArtifact
      isOutside = glyph.isOutside
      isRightToLeft = glyph.isRightToLeft
      mayFollowSpace = glyph.mayFollowSpace
      letterCount = glyph.isSpace ? 0 : 1
    }

    /// Whether a glyph goes on with the run.
    @inline(__always)
    func takes(_ glyph: PDFGlyph, after previous: PDFGlyph) -> Bool {
      guard glyph.degrees == degrees, glyph.isArtifact == isArtifact,
        glyph.isOutside == isOutside,
        abs(glyph.base - base) <= maxBaseDistance * min(glyph.size, size)
      else { return false }
      let unit = max(glyph.size, size)
      let gap = glyph.start - previous.end
      // Letters set close, as nearly all are: the least of the gaps that may part them.
      if gap >= -maxOverlap * unit && gap <= maxSeenLetterGap * unit { return true }
      // Letters that are spaced out have their spaces spaced out too.
      let letterGap = letterGap(isSpaceSeen: glyph.mayFollowSpace, unit: unit)
      let widest =
        glyph.isSpace ? maxWordGap * unit : previous.isSpace ? maxLooseGap * unit : letterGap
      if isRightToLeft || glyph.isRightToLeft {
        // Towards the left; numbers within run the other way.
        let gap = previous.start - glyph.end
        if gap >= -maxOverlap * unit && gap <= widest { return true }
      }
      return gap >= -maxOverlap * unit && gap <= widest
    }

    mutating func append(_ glyph: PDFGlyph, at index: Int) {
      last = index
      lastGap = glyph.start - end
      start = min(start, glyph.start)
      end = max(end, glyph.end)
      size = max(size, glyph.size)
      if glyph.isRightToLeft { isRightToLeft = true }
      if !glyph.isSpace { letterCount += 1 }
    }

    /// Whether a run may stand in one line with another, its place apart.
    func isLike(_ other: Run) -> Bool {
      degrees == other.degrees && isArtifact == other.isArtifact && isOutside == other.isOutside
    }
  }

  static func runs(of glyphs: [PDFGlyph]) -> [Run] {
    guard let first = glyphs.first else { return [] }
    var runs: [Run] = []
    var run = Run(first, at: 0)
    for index in 1..<glyphs.count {
      let glyph = glyphs[index]
      let previous = glyphs[run.last]
      // A letter drawn twice at one place is bold, not double.
      if previous.scalar == glyph.scalar, previous.degrees == glyph.degrees,
        abs(previous.start - glyph.start) < 0.12 * glyph.size,
        abs(previous.base - glyph.base) < 0.12 * glyph.size, run.last == index - 1
      {
        run.last = index
      } else if run.takes(glyph, after: previous) {
        run.append(glyph, at: index)
      } else {
        if run.letterCount > 0 { runs.append(run) }
        run = Run(glyph, at: index)
      }
    }
    if run.letterCount > 0 { runs.append(run) }
    return runs
  }

  // MARK: Segments

  /// Runs of one line without a wide gap between them.
  struct Segment {
    /// The runs, by their indices, from left to right.
    var runs: [Int]
    /// The line it lies on, a number of its own for each baseline.
    var line: Int
    /// The first glyph in the order of the content.
    var first: Int
    var start: Float
    var end: Float
    var size: Float
    /// The gap before the last run, where both beside it are single letters.
    var pitch: Float?
    var isHyphenated = false
  }

  static func segments(of runs: [Run]) -> [Segment] {
    let order = runs.indices.sorted { left, right in
      let (one, two) = (runs[left], runs[right])
      if one.degrees != two.degrees { return one.degrees < two.degrees }
      if one.isArtifact != two.isArtifact { return two.isArtifact }
      if one.isOutside != two.isOutside { return two.isOutside }
      if one.base != two.base { return one.base > two.base }
      return one.start < two.start
    }
    var segments: [Segment] = []
    var line = 0
    var at = 0
    while at < order.count {
      let head = runs[order[at]]
      var end = at + 1
      while end < order.count, head.isLike(runs[order[end]]),
        head.base - runs[order[end]].base
          <= maxBaseDistance * min(head.size, runs[order[end]].size)
      {
        end += 1
      }
      let members = order[at..<end].sorted {
        runs[$0].start != runs[$1].start ? runs[$0].start < runs[$1].start : $0 < $1
      }
      segments += parts(of: members, runs: runs, line: line)
      line += 1
      at = end
    }
    return segments
  }

  /// Parts the runs of one baseline where the gaps are wide.
  private static func parts(of members: [Int], runs: [Run], line: Int) -> [Segment] {
    var parts: [Segment] = []
    for index in members {
      let run = runs[index]
      // Text over text makes several segments grow side by side: a few of them are enough.
      var chosen: Int?
      var narrowest = Float.infinity
      for candidate in parts.indices.suffix(8).reversed() {
        guard let gap = gap(from: parts[candidate], to: run, runs: runs) else { continue }
        if abs(gap) < narrowest {
          narrowest = abs(gap)
          chosen = candidate
        }
      }
      guard let chosen else {
        parts.append(
          Segment(
            runs: [index],
            line: line,
            first: run.first,
            start: run.start,
            end: run.end,
            size: run.size
          )
        )
        continue
      }
      let last = runs[parts[chosen].runs[parts[chosen].runs.count - 1]]
      let isSpaced = last.letterCount == 1 && run.letterCount == 1
      parts[chosen].pitch = isSpaced ? run.start - last.end : nil
      parts[chosen].runs.append(index)
      parts[chosen].first = min(parts[chosen].first, run.first)
      parts[chosen].end = max(parts[chosen].end, run.end)
      parts[chosen].size = max(parts[chosen].size, run.size)
    }
    return parts
  }

  /// The gap between a segment and a run that goes on with it, or `nil` where it does not.
  private static func gap(from segment: Segment, to run: Run, runs: [Run]) -> Float? {
    let last = runs[segment.runs[segment.runs.count - 1]]
    let unit = min(max(run.size, last.size), 2 * min(run.size, last.size))
    let gap = run.start - segment.end
    guard gap >= -maxOverlap * unit else { return nil }
    let isNext = run.first == last.last + 1 || last.isRightToLeft && last.first == run.last + 1
    if gap <= (isNext ? maxWordGap : maxLooseGap) * unit { return gap }
    // Letters that are spaced out: all single, and as far apart as the two before.
    guard last.letterCount == 1, run.letterCount == 1, gap <= maxSpacedGap * unit else {
      return nil
    }
    if let pitch = segment.pitch, abs(pitch - gap) > 0.3 * unit { return nil }
    return isNext ? gap : nil
  }
}
