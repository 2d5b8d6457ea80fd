/// Where the lines of a page belong.
package struct PDFPageParts: Sendable, Equatable {
  /// A part of a page as a person names it.
  package enum Zone: Sendable, Hashable, CaseIterable {
    /// A running header or footer: marked as such, or repeated over the pages.
    case header, footer
    /// A block of its own at the edge of the page, of which nothing proves that it is running.
    case top, bottom
    /// All else that is seen.
    case body
    /// Text beside the visible page.
    case outside
  }

  /// The lines by zone, each in reading order.
  package var lines: [Zone: [PDFLine]] = [:]
}

/// Tells running headers and footers from the text of the pages.
package enum RunningLines {
  /// The share of a page at its top and at its bottom in which a repeated line is a running one.
  static let band: Float = 0.14
  /// The share in which a block apart from the text is worth a place of its own.
  static let edge: Float = 0.08
  /// The share in which marked furniture is a header or a footer.
  static let artifactBand: Float = 0.25
  /// The height in which a line lies on page after page, points.
  static let step: Float = 6
  /// The pages below which a repetition proves nothing.
  static let minPageCount = 3

  /// The lines of every page by zone.
  package static func parts(of pages: [PDFPageText]) -> [PDFPageParts] {
    // A key is looked at twice, and making it takes longer than all else here.
    let mayRepeat = pages.count >= minPageCount
    let keys = pages.map { page in
      page.lines.map { mayRepeat && !$0.isOutside ? key(of: $0) : nil }
    }
    let repeated = repeatedKeys(of: pages, keys)
    return pages.indices.map { index in
      var parts = PDFPageParts()
      var body: [PDFLine] = []
      for (line, key) in zip(pages[index].lines, keys[index]) {
        if line.isOutside {
          parts.lines[.outside, default: []].append(line)
        } else if let zone = runningZone(of: line, key, repeated: repeated) {
          parts.lines[zone, default: []].append(line)
        } else {
          body.append(line)
        }
      }
      let (top, rest, bottom) = edges(of: body)
      if !top.isEmpty { parts.lines[.top] = top }
      if !bottom.isEmpty { parts.lines[.bottom] = bottom }
      if !rest.isEmpty { parts.lines[.body] = rest }
      return parts
    }
  }

  // MARK: Repetition

  /// A line as it comes back on other pages: its place, and its text with digits made alike.
  private struct Key: Hashable {
    var isTop: Bool
    var band: Int
    /// UTF-8: what is compared so often is not normalized each time.
    var text: [UInt8]
  }

  private static func key(of line: PDFLine) -> Key? {
    guard line.pageHeight > 0, line.fromTop.isFinite else { return nil }
    let share = line.fromTop / line.pageHeight
    let isTop = share <= band
    guard isTop && share >= 0 || share >= 1 - band && share <= 1 else { return nil }
    let distance = isTop ? line.fromTop : line.pageHeight - line.fromTop
    guard let number = Int(exactly: (distance / step).rounded(.down)) else { return nil }
    // Runs of digits are one: "9" on one page is "10" on the next.
    var text: [UInt8] = []
    text.reserveCapacity(line.text.utf8.count)
    var isNumber = false
    for scalar in line.text.unicodeScalars {
      // The table of Unicode is asked only where it is needed.
      let isDigit =
        scalar.isASCII
        ? (0x30...0x39).contains(scalar.value) : scalar.properties.numericType == .decimal
      if isDigit && isNumber { continue }
      isNumber = isDigit
      if isDigit { text.append(0x30) } else { text.append(contentsOf: scalar.utf8) }
    }
    return Key(isTop: isTop, band: number, text: text)
  }

  private static func repeatedKeys(of pages: [PDFPageText], _ keys: [[Key?]]) -> Set<Key> {
    guard pages.count >= minPageCount else { return [] }
    var counts: [Key: Int] = [:]
    for page in keys {
      for key in Set(page.compactMap { $0 }) { counts[key, default: 0] += 1 }
    }
    // Pages without any text, such as plates, neither prove nor disprove a header.
    let written = pages.count { !$0.lines.isEmpty }
    guard written >= minPageCount else { return [] }
    return Set(counts.lazy.filter { $0.value * 2 >= written }.map(\.key))
  }

  private static func runningZone(
    of line: PDFLine,
    _ key: Key?,
    repeated: Set<Key>
  ) -> PDFPageParts.Zone? {
    if line.isArtifact, line.pageHeight > 0 {
      let share = line.fromTop / line.pageHeight
      if share <= artifactBand { return .header }
      if share >= 1 - artifactBand { return .footer }
      return nil
    }
    guard !repeated.isEmpty, let key, repeated.contains(key) else { return nil }
    return key.isTop ? .header : .footer
  }

  // MARK: Edges

  /// Parts the blocks at the edges from the text, where a gap lies between them.
  ///
  /// Without a gap the first line of a dense page would be torn from the second one, and a marking
  /// that goes over both with it.
  private static func edges(
    of lines: [PDFLine]
  ) -> (top: [PDFLine], rest: [PDFLine], bottom: [PDFLine]) {
    func share(_ line: PDFLine) -> Float {
      line.pageHeight > 0 ? line.fromTop / line.pageHeight : 0.5
    }
    var top = lines.filter { share($0) <= edge }
    var bottom = lines.filter { share($0) >= 1 - edge }
    // As on most pages.
    if top.isEmpty && bottom.isEmpty { return ([], lines, []) }
    var first: Float?
    var last: Float?
    for line in lines where share(line) > edge && share(line) < 1 - edge {
      first = min(first ?? line.fromTop, line.fromTop)
      last = max(last ?? line.fromTop, line.fromTop)
    }
    func isApart(_ one: Float?, _ two: Float?, _ size: Float) -> Bool {
      guard let one, let two else { return true }
      return abs(two - one) >= 2 * size
    }
    let topSize = top.map(\.size).max() ?? 0
    if !isApart(top.map(\.fromTop).max(), first, topSize) { top = [] }
    let bottomSize = bottom.map(\.size).max() ?? 0
    if !isApart(bottom.map(\.fromTop).min(), last, bottomSize) {
      bottom = []
    }
    // A page with nothing between its edges is all text.
    if first == nil && !top.isEmpty && !bottom.isEmpty { return (top, [], bottom) }
    let rest = lines.filter { line in
      (top.isEmpty || share(line) > edge) && (bottom.isEmpty || share(line) < 1 - edge)
    }
    return (top, rest, bottom)
  }
}
