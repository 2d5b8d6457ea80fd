import VigieCore
import VigieMarkup

/// Reads a page of HTML.
final class HTMLPart: PartReader {
  /// The names that matter.
  private enum Name: String, CaseIterable {
    case title, script, style, meta, img, a, input, textarea, iframe, br, td, th, area, object,
      embed
    case link, source, button, option, optgroup
    case p, div, tr, table, ul, ol, li, h1, h2, h3, h4, h5, h6, head, body, html, header, footer
    case section, article, aside, nav, main, form, blockquote, pre, hr, dl, dt, dd, caption, thead
    // Attributes.
    case alt, label = "aria-label", value, placeholder, href, src, data, background, action, srcdoc
    case type, checked, selected
    case hidden, content, name, property, equiv = "http-equiv"
    case tbody, tfoot, figure, figcaption, address, fieldset, legend, details, summary, select
  }

  static let vocabulary = MarkupVocabulary(Name.allCases.map(\.rawValue))
  private static let names = Name.allCases

  /// Text that lies in an element of its own kind.
  private struct Story {
    var role: Role
    var location: String
    var depth: Int
    var text: [UInt8] = []
  }

  private var stories: [Story]
  private var depth = 0
  private var seen: Set<String> = []
  private let level: Int
  private var embeddedCount = 0

  /// - Parameters:
  ///   - collector: Where texts go.
  ///   - role: What the page is where it stands.
  ///   - location: Where it stands.
  ///   - level: How many pages lie around it.
  init(
    _ collector: Collector,
    role: Role = .bodyText,
    location: String = "",
    level: Int = 0
  ) {
    self.level = level
    stories = [Story(role: role, location: location, depth: 0)]
    super.init(collector, location)
  }

  override func start(_ element: borrowing MarkupElement) -> Bool {
    depth += 1
    let name = HTMLPart.name(element.name)
    switch name {
    case .br: append(0x0A)
    case .td, .th: append(0x09)
    case .title: push(.metadata, "title")
    case .script: push(.hidden, "script")
    case .style: push(.hidden, "style sheet")
    case .header: push(.header, "header")
    case .footer: push(.footer, "footer")
    case .some(let name) where HTMLPart.isBlock(name): endLine()
    default: break
    }
    if name == .option || name == .input { drawBox(element, name) }
    if element.attributeCount > 0 { read(element, name) }
    return collector.hasRoom
  }

  override func end(_ name: Int) {
    if let last = stories.last, last.depth == depth, stories.count > 1 {
      emit(stories.removeLast())
    }
    if let name = HTMLPart.name(name), HTMLPart.isBlock(name) { endLine() }
    depth = max(0, depth - 1)
  }

  override func characters(_ text: Span<UInt8>) { stories[stories.count - 1].text.append(text) }

  override func comment(_ text: Span<UInt8>) {
    var bytes: [UInt8] = []
    bytes.append(text)
    // What is meant for one program only is a page of its own.
    guard bytes.starts(with: Array("[if".utf8)), level < 4 else {
      return collector.add(bytes, .comment, "comment")
    }
    let start = bytes.firstIndex(of: 0x3E).map { $0 + 1 } ?? 0
    inner(Array(bytes[start...]), role: .hidden, location: "conditional comment")
  }

  override func finish() { while !stories.isEmpty { emit(stories.removeLast()) } }

  // MARK: Stories

  private static func name(_ number: Int) -> Name? {
    number >= 0 && number < names.count ? names[number] : nil
  }

  /// Whether an element starts and ends a line.
  private static func isBlock(_ name: Name) -> Bool {
    switch name {
    case .a, .img, .input, .td, .th, .title, .script, .style, .meta, .iframe, .area, .object,
      .embed, .link, .source:
      false
    default: true
    }
  }

  private func append(_ byte: UInt8) { stories[stories.count - 1].text.append(byte) }
  /// Draws the box of an option or of an input to tick as the page shows it, ticked where it is chosen: a form
  /// says of its content what is ticked, and nothing by the rest.
  private func drawBox(_ element: borrowing MarkupElement, _ name: Name?) {
    var isBox = name == .option
    var isTicked = false
    for index in 0..<element.attributeCount {
      switch HTMLPart.name(element.attributeName(index)) {
      case .type?:
        let type = element.attributeValue(index).lowercased()
        if name == .input, type == "checkbox" || type == "radio" { isBox = true }
      case .checked?: isTicked = isTicked || name == .input
      case .selected?: isTicked = isTicked || name == .option
      default: break
      }
    }
    guard isBox else { return }
    for byte in (isTicked ? "\u{2611}" : "\u{2610}").utf8 { append(byte) }
  }

  private func endLine() { stories[stories.count - 1].text.endLine() }

  private func push(_ role: Role, _ location: String) {
    guard stories.count < 256 else { return }
    let role = stories[stories.count - 1].role == .hidden ? .hidden : role
    stories.append(Story(role: role, location: location, depth: depth))
  }

  private func emit(_ story: Story) {
    // A style sheet shows text by `content` alone.
    if story.location == "style sheet",
      !String(decoding: story.text, as: UTF8.self).holds("content")
    {
      return
    }
    collector.add(story.text, story.role, story.location)
  }

  private func inner(_ bytes: [UInt8], role: Role, location: String) {
    guard level < 4, !bytes.isEmpty else { return }
    let part = HTMLPart(collector, role: role, location: location, level: level + 1)
    unsafe HTML.read(bytes.span.bytes, part, collector)
  }

  // MARK: Attributes

  private func read(_ element: borrowing MarkupElement, _ name: Name?) {
    if name == .meta { readMeta(element) }
    let isField = name == .input || name == .button || name == .textarea || name == .option
    var isHidden = false
    var style = ""
    for index in 0..<element.attributeCount {
      guard let attribute = HTMLPart.name(element.attributeName(index)) else { continue }
      switch attribute {
      case .alt, .title, .label:
        add(element.attributeValue(index), .alternativeText, attribute.rawValue)
      case .value, .placeholder:
        if isField { add(element.attributeValue(index), .formField, "form field") }
      case .href, .src, .data, .background, .action:
        readAddress(element.attributeValue(index), isLink: attribute == .href)
      case .srcdoc:
        let page = Array(element.attributeValue(index).utf8)
        inner(page, role: .bodyText, location: "frame")
      case .style: style = element.attributeValue(index)
      case .hidden: isHidden = true
      default: break
      }
    }
    if !style.isEmpty {
      let plain = style.utf8.filter { $0 > 0x20 }.map {
        (0x41...0x5A).contains($0) ? $0 | 0x20 : $0
      }
      let folded = String(decoding: plain, as: UTF8.self)
      if folded.holds("mso-element:header") { push(.header, "header") }
      if folded.holds("mso-element:footer") { push(.footer, "footer") }
      isHidden = isHidden || HTMLPart.hiding.contains { folded.holds($0) }
    }
    if isHidden { push(.hidden, "hidden text") }
  }

  /// Styles by which text is there and not seen.
  private static let hiding: [StaticString] = [
    "display:none", "visibility:hidden", "mso-hide:all", "font-size:0;", "font-size:0px",
    "opacity:0;",
  ]

  private func readMeta(_ element: borrowing MarkupElement) {
    var values: [Name: String] = [:]
    for index in 0..<element.attributeCount {
      if let name = HTMLPart.name(element.attributeName(index)) {
        values[name] = element.attributeValue(index)
      }
    }
    guard let content = values[.content] else { return }
    let name = values[.name] ?? values[.property] ?? values[.equiv] ?? "meta"
    guard !HTMLPart.dullMeta.contains(name.lowercased()) else { return }
    Labels.add(name, content, to: collector)
  }

  private static let dullMeta: Set<String> = [
    "viewport", "content-type", "x-ua-compatible", "robots",
  ]

  private func readAddress(_ address: String, isLink: Bool) {
    guard address.utf8.starts(with: "data:".utf8) else {
      if isLink, !address.hasPrefix("#") { add(address, .link, "link") }
      return
    }
    guard let comma = address.utf8.firstIndex(of: 0x2C) else { return }
    let isBase64 = String(address[..<comma]).holds("base64")
    let rest = address.utf8[address.utf8.index(after: comma)...]
    let bytes = isBase64 ? Base64Text.decode(rest) : HTMLPart.percentDecoded(rest)
    embeddedCount += 1
    let name = "embedded file \(embeddedCount)"
    collector.open(bytes, named: name, packed: address.utf8.count)
  }

  private static func percentDecoded(_ text: Substring.UTF8View) -> [UInt8] {
    var bytes: [UInt8] = []
    let source = Array(text)
    var index = 0
    while index < source.count {
      if source[index] == 0x25, index + 2 < source.count,
        let value = UInt8(
          String(decoding: source[(index + 1)...(index + 2)], as: UTF8.self),
          radix: 16
        )
      {
        bytes.append(value)
        index += 3
      } else {
        bytes.append(source[index])
        index += 1
      }
    }
    return bytes
  }

  private func add(_ text: String, _ role: Role, _ location: String) {
    if seen.insert("\(role) \(text)").inserted { collector.add(text, role, location) }
  }
}
