import CPDFium
import Glibc

/// A character at its place on a line of its own direction.
struct PDFGlyph: Sendable, Equatable {
  /// The Unicode scalar.
  var scalar: Unicode.Scalar
  /// The place along the baseline, points.
  var start: Float
  /// Where the next glyph of a word would stand.
  var end: Float
  /// The place across the baseline, points; greater is higher.
  var base: Float
  /// The height of the font.
  var size: Float
  /// The direction of the baseline, whole degrees counterclockwise as a person sees the page.
  var degrees: Int16
  /// The distance of its origin from the top of the page.
  var fromTop: Float
  /// Whether it lies in marked content `/Artifact`.
  var isArtifact: Bool
  /// Whether it lies outside the visible page.
  var isOutside: Bool
  /// Whether PDFium sees a space before it, by a measure of its own.
  var mayFollowSpace = false
  /// Whether a hyphen at the end of the line follows.
  var isHyphenated = false
  /// The origin on the page, points.
  var x: Float
  var y: Float

  /// The origin in steps of a quarter point, to know the same glyph again.
  var cell: UInt64 {
    let column = UInt32(bitPattern: Int32((x * 4).rounded()))
    let row = UInt32(bitPattern: Int32((y * 4).rounded()))
    return UInt64(column) << 32 | UInt64(row)
  }

  /// Whether it is white space.
  var isSpace: Bool
  /// Whether it is written from right to left.
  var isRightToLeft: Bool

  /// Whether a scalar is white space.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  /// Whether a scalar is written from right to left.
  static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x590: false
    case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF:
      true
    default: false
    }
  }
}

/// The characters of a page, without those PDFium made up, in the order of the content.
struct PDFGlyphs: Sendable {
  var all: [PDFGlyph] = []
  /// The height of the page as a person sees it.
  var pageHeight: Float
  /// The letters and digits among them.
  private(set) var letterCount = 0
  /// Glyphs whose letter the font does not say.
  private(set) var unknownCount = 0
  /// Whether there is a layer of an OCR.
  private(set) var hasInvisible = false

  init(_ characters: [vigie_pdfium_character], on page: PDFPageGeometry) {
    pageHeight = page.height
    // What is counted for each letter stays out of memory.
    var glyphs: [PDFGlyph] = []
    glyphs.reserveCapacity(characters.count)
    var letterCount = 0
    var high: UInt32?
    var isSpaceSeen = false
    var frame = Frame(angle: 0, page: page)
    let special = UInt32(VIGIE_PDFIUM_GENERATED | VIGIE_PDFIUM_INVISIBLE | VIGIE_PDFIUM_UNKNOWN)
    for character in characters {
      let lead = high
      high = nil
      var letter: Unicode.Scalar
      var isSpace = false
      if character.flags & special == 0, (0x21...0x7E).contains(character.scalar) {
        // As nearly all are: nothing else is to be asked.
        letter = Unicode.Scalar(UInt8(truncatingIfNeeded: character.scalar))
      } else {
        switch character.scalar {
        case 0x02, 0xFFFE:
          if let last = glyphs.indices.last { glyphs[last].isHyphenated = true }
          continue
        case 0xD800...0xDBFF:
          high = character.scalar
          continue
        default: break
        }
        if character.flags & UInt32(VIGIE_PDFIUM_GENERATED) != 0 {
          isSpaceSeen = true
          continue
        }
        if character.flags & UInt32(VIGIE_PDFIUM_INVISIBLE) != 0 { hasInvisible = true }
        if character.scalar == 0 || character.flags & UInt32(VIGIE_PDFIUM_UNKNOWN) != 0 {
          unknownCount += 1
        }
        guard let scalar = PDFGlyphs.scalar(character.scalar, after: lead) else { continue }
        letter = scalar
        isSpace = PDFGlyph.isSpace(scalar)
      }
      if frame.angle != character.angle { frame = Frame(angle: character.angle, page: page) }
      // Places beyond a million points are no places; they would spoil every comparison.
      guard abs(character.x) < 1e6, abs(character.y) < 1e6 else { continue }
      if !isSpace { letterCount += 1 }
      glyphs.append(
        frame.glyph(character, letter, isSpace: isSpace, mayFollowSpace: isSpaceSeen, on: page)
      )
      isSpaceSeen = false
    }
    all = glyphs
    self.letterCount = letterCount
  }

  /// The scalar of a code unit, or `nil` where it means nothing.
  private static func scalar(_ unit: UInt32, after lead: UInt32?) -> Unicode.Scalar? {
    if (0xDC00...0xDFFF).contains(unit) {
      guard let lead else { return nil }
      return Unicode.Scalar(0x10000 + (lead - 0xD800) << 10 + (unit - 0xDC00))
    }
    // Controls but the tab say nothing; NUL stands for a glyph whose letter nobody knows.
    if unit < 0x20, unit != 0x09 { return nil }
    return Unicode.Scalar(unit)
  }

  /// Those that do not stand in another value at the same place.
  func without(_ other: PDFGlyphs) -> PDFGlyphs {
    struct Key: Hashable {
      var scalar: Unicode.Scalar
      var cell: UInt64
    }
    let known = Set(other.all.map { Key(scalar: $0.scalar, cell: $0.cell) })
    var rest = self
    rest.all.removeAll { known.contains(Key(scalar: $0.scalar, cell: $0.cell)) }
    return rest
  }

  /// A direction of writing.
  private struct Frame {
    var angle: Float
    var cosine: Float
    var sine: Float
    var degrees: Int16

    init(angle: Float, page: PDFPageGeometry) {
      self.angle = angle
      // Whole degrees: text of one line is one group, however its matrix was rounded.
      let whole = angle.isFinite ? (angle * 180 / .pi).rounded() : 0
      let turned = (Int(whole) - 90 * page.quarterTurns) % 360
      degrees = Int16(turned < 0 ? turned + 360 : turned)
      (cosine, sine) = Frame.direction(Int(whole))
    }

    /// The cosine and sine of whole degrees; exact at quarter turns.
    static func direction(_ degrees: Int) -> (Float, Float) {
      switch (degrees % 360 + 360) % 360 {
      case 0: return (1, 0)
      case 90: return (0, 1)
      case 180: return (-1, 0)
      case 270: return (0, -1)
      default:
        let radians = Double(degrees) * .pi / 180
        return (Float(cos(radians)), Float(sin(radians)))
      }
    }

    /// The glyph of a character whose place is one.
    ///
    /// Inlined, so that its parts are written where they stay: by way of the stack they cost half of the whole.
    @inline(__always)
    func glyph(
      _ character: vigie_pdfium_character,
      _ scalar: Unicode.Scalar,
      isSpace: Bool,
      mayFollowSpace: Bool,
      on page: PDFPageGeometry
    ) -> PDFGlyph {
      let x = character.x
      let y = character.y
      let isFit = character.size.isFinite && character.size > 0
      let size = isFit ? min(max(character.size, 0.5), 5_000) : 10
      let advance = character.advance.isFinite ? min(max(0, character.advance), 4 * size) : 0
      let start = x * cosine + y * sine
      return PDFGlyph(
        scalar: scalar,
        start: start,
        end: start + advance,
        base: y * cosine - x * sine,
        size: size,
        degrees: degrees,
        fromTop: page.fromTop(x: x, y: y),
        isArtifact: character.flags & UInt32(VIGIE_PDFIUM_ARTIFACT) != 0,
        isOutside: page.isOutside(x: x, y: y),
        mayFollowSpace: mayFollowSpace,
        x: x,
        y: y,
        isSpace: isSpace,
        isRightToLeft: PDFGlyph.isRightToLeft(scalar)
      )
    }
  }
}
