import VigieCore
import VigieMarkup

/// Reads content, styles and properties of a document of OpenDocument, apart or in one flat file.
///
/// *Source:* OASIS OpenDocument 1.3 part 3.
final class OpenDocumentPart: PartReader {
  /// A run of text that belongs together.
  struct Story {
    var role: Role
    var location: String
    /// The element that opened it, counted from the root.
    var depth: Int
    var text: [UInt8] = []
    /// Open paragraphs: text outside of them is none of the story's.
    var paragraphDepth = 0
    /// Whether text counts without paragraphs.
    var isRaw = false
    var isBinary = false
    /// Whether it counts only where nothing has said it yet.
    var isSaidOnce = false
    /// Name of a property.
    var property: String?
    var cell: Cell?
  }

  /// What a cell says besides its text.
  struct Cell {
    var value: String?
    var formula: String?
  }

  let state: OpenDocumentState
  /// Whether the part is that of an object in the document.
  private let object: String
  private var stories: [Story]
  private var depth = 0
  private var metaDepth = Int.max
  private var style = ""
  private var masterPage = ""
  private var slideCount = 0
  var sheet: Sheet?
  private(set) var isSheet = false
  private var isInDrawing = false

  init(_ state: OpenDocumentState, _ name: String) {
    self.state = state
    let folder = name.split(separator: "/").dropLast().joined(separator: "/")
    object = folder
    stories = [Story(role: folder.isEmpty ? .bodyText : .textBox, location: folder, depth: 0)]
    super.init(state.collector, name.isEmpty ? "" : "part \(name)")
  }

  // MARK: Elements

  override func start(_ element: borrowing MarkupElement) -> Bool {
    depth += 1
    if depth > metaDepth {
      startProperty(element)
      return collector.hasRoom
    }
    guard let tag = element.tag else {
      readUnknown(element)
      return collector.hasRoom
    }
    let top = stories.count - 1
    switch tag {
    case .p, .h:
      stories[top].paragraphDepth += 1
      hideByStyle(element, "paragraph")
    case .span: hideByStyle(element, "text")
    case .s:
      let count = element.attribute(.c).flatMap { Int($0) } ?? 1
      append([UInt8](repeating: 0x20, count: max(1, min(count, 64))))
    case .tab: append([0x09])
    case .line_break: append([0x0A])
    case .table_cell, .covered_table_cell: startCell(element)
    case .table_row: startRow(element)
    case .table: startTable(element)
    case .table_column: startColumn(element)
    case .meta: metaDepth = depth
    default:
      if !startStory(element, tag) { startOther(element, tag) }
    }
    return collector.hasRoom
  }

  /// Starts a text of its own where an element is one.
  private func startStory(_ element: borrowing MarkupElement, _ tag: Tag) -> Bool {
    switch tag {
    case .annotation: push(.comment, state.next("comment"))
    case .deletion: push(.trackedChange, state.next("deleted text"))
    case .note:
      push(
        .footnote,
        state.next(element.attribute(.note_class) == "endnote" ? "endnote" : "footnote")
      )
    case .creator where element.namespace.holds("purl.org/dc"):
      let isComment = stories[stories.count - 1].role == .comment
      pushRaw(.metadata, isComment ? place("author") : "author of a change")
      stories[stories.count - 1].isSaidOnce = true
    case .note_citation: push(.hidden, "citation")
    case .ruby_text: push(.hidden, "phonetic guide")
    case .text_box, .customshape, .rect:
      guard !isInDrawing, !isSheet || tag == .text_box else { return false }
      push(
        boxRole,
        boxRole == .textBox ? state.next("text box") : "\(stories[0].location) text box"
      )
    case .title, .desc:
      push(.alternativeText, place("picture"))
      stories[stories.count - 1].isRaw = true
    case .section:
      let display = element.attribute(.display) ?? "true"
      guard display != "true" else { return false }
      push(.hidden, "hidden section")
    case .header, .header_left, .header_first: push(.header, pagePlace("header", tag))
    case .footer, .footer_left, .footer_first: push(.footer, pagePlace("footer", tag))
    case .header_decl: pushRaw(.header, "header of slides")
    case .footer_decl, .date_time_decl: pushRaw(.footer, "footer of slides")
    case .page: startPage(element)
    case .notes: push(.notes, slideCount > 0 ? "slide \(slideCount) notes" : "notes")
    case .master_page: startMasterPage(element)
    case .frame:
      guard isInDrawing, let kind = element.attribute(.class) else { return false }
      startPlaceholder(kind)
    case .help_message, .error_message:
      push(.formField, "validation")
      append(Array((element.attribute(.title) ?? "").utf8) + [0x0A])
    case .module: pushRaw(.hidden, "macro \(element.attribute(.name) ?? "")")
    case .binary_data:
      pushRaw(.hidden, "")
      stories[stories.count - 1].isBinary = true
    case .text where element.namespace.holds("datastyle"): pushRaw(.hidden, "number format")
    default: return false
    }
    return true
  }

  private func startOther(_ element: borrowing MarkupElement, _ tag: Tag) {
    switch tag {
    case .spreadsheet: isSheet = true
    case .presentation, .drawing: isInDrawing = true
    case .hidden_text, .hidden_paragraph, .conditional_text:
      for value in [Tag.string_value, .value_if_true, .value_if_false] {
        collector.add(element.attribute(value) ?? "", .hidden, place("hidden text"))
      }
    case .bookmark, .bookmark_start:
      let name = element.attribute(.name) ?? ""
      if !name.hasPrefix("_") { state.addOnce(name, .bookmark, "bookmark") }
    case .named_range, .named_expression:
      state.addOnce(element.attribute(.name) ?? "", .metadata, "name of a range")
    case .style:
      style = "\(element.attribute(.family) ?? "")/\(element.attribute(.name) ?? "")"
    case .text_properties:
      if element.attribute(.display) == "none" { state.hidingStyles.insert(style) }
    case .table_properties:
      if element.attribute(.display) == "false" { state.hidingStyles.insert(style) }
    case .drawing_page_properties:
      if element.attribute(.visibility) == "hidden" { state.hidingStyles.insert(style) }
    default: readUnknown(element)
    }
    if let address = element.attribute(.href), OpenDocumentPart.isAddress(address) {
      state.addOnce(address, .link, "link")
    }
  }

  override func end(_ name: Int) {
    let tag = Tag.of(name)
    while let last = stories.last, last.depth == depth, stories.count > 1 { pop() }
    if tag == .p || tag == .h {
      let top = stories.count - 1
      if stories[top].paragraphDepth > 0 {
        stories[top].paragraphDepth -= 1
        stories[top].text.append(0x0A)
      }
    }
    if tag == .table { endTable() }
    if tag == .master_page { isInDrawing = false }
    if depth == metaDepth { metaDepth = Int.max }
    depth = max(0, depth - 1)
  }

  override func characters(_ text: Span<UInt8>) {
    let top = stories.count - 1
    if stories[top].paragraphDepth > 0 || stories[top].isRaw { stories[top].text.append(text) }
  }

  override func finish() {
    while stories.count > 1 { pop() }
    emit(stories.removeLast())
    endTable()
  }

  // MARK: Stories

  func push(_ role: Role, _ location: String) {
    // What lies in something hidden is hidden as well.
    let isHidden = stories[stories.count - 1].role == .hidden
    stories.append(Story(role: isHidden ? .hidden : role, location: location, depth: depth))
  }

  private func pushRaw(_ role: Role, _ location: String) {
    push(role, location)
    stories[stories.count - 1].isRaw = true
  }

  /// Starts the text of a cell.
  func push(_ cell: Cell, isHidden: Bool, _ location: String) {
    push(isHidden ? .hidden : .tableCell, location)
    stories[stories.count - 1].cell = cell
  }

  func append(_ bytes: [UInt8]) { stories[stories.count - 1].text += bytes }

  private func pop() { emit(stories.removeLast()) }

  private func emit(_ story: Story) {
    if let cell = story.cell { return endCell(cell, story) }
    if story.isBinary { return open(story.text) }
    let text = String(decoding: story.text, as: UTF8.self)
    if let property = story.property {
      Labels.add(property, text, to: collector)
    } else if story.isSaidOnce {
      state.addOnce(text, story.role, story.location)
    } else if story.location == "number format" {
      // A sign of currency or a unit is no text.
      if text.count(where: \.isLetter) > 3 { collector.add(text, story.role, story.location) }
    } else if story.location != "citation" {
      collector.add(story.text, story.role, story.location)
    }
  }

  /// Opens a file that stands in a flat document as Base64.
  private func open(_ text: [UInt8]) {
    let bytes = Base64Text.decode(text)
    collector.open(bytes, named: state.next("embedded file"), packed: text.count)
  }

  // MARK: Places

  private func place(_ what: String) -> String {
    let location = stories[stories.count - 1].location
    return location.isEmpty ? what : "\(location) \(what)"
  }

  /// A box in a header is header too.
  private var boxRole: Role {
    let role = stories[stories.count - 1].role
    return role == .header || role == .footer ? role : .textBox
  }

  private func pagePlace(_ what: String, _ tag: Tag) -> String {
    var place = what
    switch tag {
    case .header_left, .footer_left: place += " of left pages"
    case .header_first, .footer_first: place += " of the first page"
    default: break
    }
    return masterPage.isEmpty ? place : "\(place) of page style '\(masterPage)'"
  }

  private func startMasterPage(_ element: borrowing MarkupElement) {
    masterPage = element.attribute(.display_name) ?? element.attribute(.name) ?? ""
    push(.textBox, "master page '\(masterPage)'")
    isInDrawing = true
  }

  private func startPage(_ element: borrowing MarkupElement) {
    slideCount += 1
    isInDrawing = true
    let isHidden = isHiding(element, "drawing-page")
    push(isHidden ? .hidden : .bodyText, "slide \(slideCount)")
    let name = element.attribute(.name) ?? ""
    // `page3` is what the program calls it.
    if !name.isEmpty, !name.lowercased().hasPrefix("page") {
      collector.add(name, isHidden ? .hidden : .metadata, "slide \(slideCount) name")
    }
  }

  private func startPlaceholder(_ kind: String) {
    switch kind {
    case "header": push(.header, place("header"))
    case "footer", "date-time": push(.footer, place("footer"))
    default: break
    }
  }

  // MARK: Styles

  /// Whether the style of an element hides it.
  func isHiding(_ element: borrowing MarkupElement, _ family: String) -> Bool {
    guard !state.hidingStyles.isEmpty, let name = element.attribute(.style_name) else {
      return false
    }
    return state.hidingStyles.contains("\(family)/\(name)")
  }

  private func hideByStyle(_ element: borrowing MarkupElement, _ family: String) {
    guard isHiding(element, family), stories.last?.role != .hidden else { return }
    pushRaw(.hidden, place("hidden text"))
  }

  // MARK: Properties

  private func startProperty(_ element: borrowing MarkupElement) {
    guard depth - 1 == metaDepth else { return }
    let name = element.localName
    guard !OpenDocumentPart.plain.contains(name) else { return }
    pushRaw(.metadata, "")
    stories[stories.count - 1].property =
      element.tag == .user_defined ? element.attribute(.name) ?? name : name
  }

  private static let plain: Set<String> = [
    "generator", "creation-date", "date", "print-date", "editing-cycles", "editing-duration",
    "document-statistic",
  ]

  // MARK: Elements of other kinds

  /// Reads the attributes of elements that hold text in them: forms, fields, numbering.
  private func readUnknown(_ element: borrowing MarkupElement) {
    guard element.attributeCount > 0 else { return }
    if element.namespace.holds("xmlns:form:") {
      for index in 0..<element.attributeCount
      where OpenDocumentPart.formTexts.contains(element.attributeLocalName(index)) {
        state.addOnce(element.attributeValue(index), .formField, "form field")
      }
      return
    }
    if let value = element.attribute(.string_value) {
      state.addOnce(value, .hidden, place("field"))
    }
    for name in [Tag.num_prefix, .num_suffix] {
      if let text = element.attribute(name), text.hasLetters {
        state.addOnce(text, .bodyText, "numbering")
      }
    }
  }

  private static let formTexts: Set<String> = [
    "label", "value", "current-value", "title", "help-text", "name", "default-value",
  ]

  private static func isAddress(_ address: String) -> Bool {
    address.contains(":") || address.hasPrefix("../") || address.hasPrefix("//")
  }
}
