/// The words on one slide, parted by what its shapes are.
struct SlideText {
  /// Text of placeholders: title, body, and the outline's.
  private(set) var body: [UInt8]
  /// Text of shapes that are no placeholders, such as stamps.
  private(set) var boxes: [[UInt8]] = []
  /// Text of header placeholders.
  private(set) var headers: [[UInt8]] = []
  /// Text of footer placeholders.
  private(set) var footers: [[UInt8]] = []
  /// WordArt and descriptions of shapes.
  private(set) var art = OfficeArt()

  private typealias Record = LegacyPowerPoint.Record
  private static let maxDepth = 20
  /// Text of neither a title nor a body nor notes.
  ///
  /// *Source:* [MS-PPT] §2.13.33 (TextTypeEnum).
  private static let other = 4

  /// A slide whose outline holds some text.
  init(outline: [UInt8]) { body = outline }

  /// Reads the shapes of a slide.
  mutating func read(_ slide: Octets) { read(slide, 0) }

  private mutating func read(_ bytes: Octets, _ depth: Int) {
    guard depth < SlideText.maxDepth else { return }
    for record in Records(bytes) {
      switch record.type {
      case Record.shape: readShape(record.body)
      case 0xF002, Record.shapeGroup, Record.drawing: read(record.body, depth + 1)
      default: break
      }
    }
  }

  private mutating func readShape(_ shape: Octets) {
    var text: [UInt8] = []
    var placeholder: Int?
    var kind = SlideText.other
    for record in Records(shape) {
      switch record.type {
      case 0xF00B, 0xF121, 0xF122: art.readProperties(record.body, count: record.instance)
      case Record.clientTextbox:
        for part in Records(record.body) {
          switch part.type {
          case Record.textHeader: kind = part.body.u32(0) ?? kind
          case Record.textCharacters, Record.textBytes:
            if !text.isEmpty { text.append(0x0A) }
            text += LegacyPowerPoint.text(of: part)
          default: break
          }
        }
      case 0xF011:
        for part in Records(record.body) where part.type == Record.placeholder {
          placeholder = part.body.u8(4)
        }
      default: break
      }
    }
    // A star stands for the number, the date or the words that the page's settings give.
    guard !text.isEmpty, text != [0x2A] else { return }
    // *Source:* [MS-PPT] §2.13.8 (PlaceholderEnum).
    switch placeholder {
    case nil where kind == SlideText.other: boxes.append(text)
    case 0x0A: headers.append(text)
    case 0x07, 0x08, 0x09: footers.append(text)
    default:
      if !body.isEmpty { body.append(0x0A) }
      body += text
    }
  }
}
