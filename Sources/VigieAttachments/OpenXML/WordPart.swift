import VigieCore
import VigieMarkup

/// Reads a part of WordprocessingML: body, headers and footers, notes, comments, settings.
///
/// *Source:* ISO/IEC 29500-1 §17; [MS-ODRAWXML] for text boxes; ISO/IEC 29500-4 §19 (VML).
final class WordPart: PartReader {
  private let package: OfficePackage
  private let root: Tag?
  /// The stories around the present place, the innermost last.
  private var stories: [WordStory] = []
  /// The kind of text that an open element holds.
  private var textKind: Tag?
  /// What a group of alternatives said so far.
  private var alternatives = Alternatives()
  /// Properties of a content control or of a form field, until it ends.
  private var control: [String]?
  private var authors: Set<String> = []
  private var style = ""

  init(_ package: OfficePackage, _ name: String, _ root: Tag?) {
    self.package = package
    self.root = root
    super.init(package.collector, "part \(name)")
    let digits = String(name.split(separator: "/").last ?? "").filter { $0.isASCII && $0.isNumber }
    switch root {
    case .hdr:
      stories = [WordStory(.header, digits.isEmpty ? package.next("header") : "header \(digits)")]
    case .ftr:
      stories = [WordStory(.footer, digits.isEmpty ? package.next("footer") : "footer \(digits)")]
    case .document: stories = [WordStory(.bodyText, "")]
    case .glossaryDocument: stories = [WordStory(.hidden, "building blocks")]
    default: stories = [WordStory(.bodyText, location)]
    }
  }

  // MARK: Elements

  override func start(_ element: borrowing MarkupElement) -> Bool {
    guard let tag = element.tag else { return collector.hasRoom }
    let top = stories.count - 1
    switch tag {
    case .t, .delText, .instrText, .delInstrText: textKind = tag
    case .r:
      stories[top].isInRun = true
      stories[top].isRunHidden = false
    case .p: stories[top].isParagraphHidden = false
    case .del, .moveFrom: stories[top].deletionDepth += 1
    case .rPrChange: stories[top].changeDepth += 1
    case .vanish: vanish(element)
    case .rStyle, .pStyle: applyStyle(element, tag)
    case .style: style = element.attribute(.styleId) ?? ""
    case .tab where stories[top].isInRun, .ptab: stories[top].append("\t")
    case .br, .cr: stories[top].append("\n")
    case .noBreakHyphen: stories[top].append("\u{2011}")
    case .sym: symbol(element)
    case .footnote, .endnote, .comment: if isOfNotes { startNote(element, tag) }
    case .txbxContent: push(boxRole, package.next("text box"))
    case .AlternateContent: alternatives.start()
    case .Choice, .Fallback: alternatives.startBranch(depth: stories.count, stories[top].text.count)
    default: startMore(element, tag)
    }
    return collector.hasRoom
  }

  private func startMore(_ element: borrowing MarkupElement, _ tag: Tag) {
    switch tag {
    case .textpath: addStory(element.attribute(.string) ?? "", boxRole, place("watermark"))
    case .docPr, .cNvPr, .shape, .imagedata, .pic: addAlternativeText(of: element)
    case .fldSimple: addCode(element.attribute(.instr) ?? "")
    case .hyperlink:
      collector.add(element.attribute(.tooltip) ?? "", .link, "link")
    case .bookmarkStart: addBookmark(element.attribute(.name) ?? "")
    case .sdtPr, .ffData: control = []
    case .alias, .tag, .helpText, .statusText, .listEntry, .default, .name:
      if control != nil, element.val.hasLetters { control?.append(element.val) }
    case .listItem:
      let shown = element.attribute(.displayText) ?? element.attribute(.value) ?? ""
      if control != nil, !shown.isEmpty { control?.append(shown) }
    case .docVar:
      let name = element.attribute(.name) ?? ""
      collector.add("\(name): \(element.val)", .metadata, "document variable \(name)")
    case .lvlText:
      // Bullets lie among the letters of symbol fonts.
      if element.val.contains(where: \.isLetter) {
        collector.add(element.val, .bodyText, "numbering")
      }
    case .connectString, .query: collector.add(element.val, .metadata, "mail merge")
    case .person: addAuthor(element.attribute(.author) ?? "")
    default: break
    }
  }

  override func end(_ name: Int) {
    guard let tag = Tag.of(name) else { return }
    let top = stories.count - 1
    switch tag {
    case .t, .delText, .instrText, .delInstrText: textKind = nil
    case .r:
      stories[top].isInRun = false
      stories[top].isRunHidden = false
    case .p: stories[top].endParagraph()
    case .del, .moveFrom: stories[top].deletionDepth = max(0, stories[top].deletionDepth - 1)
    case .rPrChange: stories[top].changeDepth = max(0, stories[top].changeDepth - 1)
    case .fldChar where !stories[top].code.isEmpty: stories[top].code.append(0x20)
    case .footnote, .endnote, .comment: if isOfNotes { pop() }
    case .txbxContent: pop()
    case .AlternateContent: alternatives.end()
    case .Choice, .Fallback:
      alternatives.endBranch(depth: stories.count, &stories[top].text)
    case .sdtPr, .ffData:
      let texts = control ?? []
      control = nil
      let kind = tag == .sdtPr ? "content control" : "form field"
      if !texts.isEmpty { addStory(texts.joined(separator: "\n"), .formField, package.next(kind)) }
    default: break
    }
  }

  override func characters(_ text: Span<UInt8>) {
    guard let textKind else { return }
    let top = stories.count - 1
    switch textKind {
    case .instrText, .delInstrText: stories[top].code.append(text)
    default: stories[top].append(text, isDeletedText: textKind == .delText)
    }
  }

  override func finish() { while !stories.isEmpty { emit(stories.removeLast()) } }

  // MARK: Stories

  /// Whether it holds notes: elements of their names stand among the settings too.
  private var isOfNotes: Bool { root == .footnotes || root == .endnotes || root == .comments }

  /// Text boxes of a header are header too: stamps and watermarks are made so.
  private var boxRole: Role {
    switch root {
    case .hdr: .header
    case .ftr: .footer
    default: .textBox
    }
  }

  /// A place in a header or footer names it.
  private func place(_ what: String) -> String {
    root == .hdr || root == .ftr ? "\(stories[0].location) \(what)" : what
  }

  private func push(_ role: Role, _ location: String) {
    let location = root == .hdr || root == .ftr ? place("text box") : location
    stories.append(WordStory(role, location))
  }

  private func startNote(_ element: borrowing MarkupElement, _ tag: Tag) {
    if let author = element.attribute(.author) { addAuthor(author) }
    switch tag {
    case .comment: stories.append(WordStory(.comment, package.next("comment")))
    default:
      let kind = element.attribute(.type) ?? "normal"
      let name = tag == .footnote ? "footnote" : "endnote"
      let isNote = kind == "normal"
      stories.append(WordStory(.footnote, isNote ? package.next(name) : "\(name) separator"))
    }
  }

  private func pop() {
    guard stories.count > 1 else { return }
    emit(stories.removeLast())
  }

  private func emit(_ story: WordStory) {
    addStory(story.text, story.role, story.location)
    let suffix = story.location.isEmpty ? "" : " in \(story.location)"
    addStory(story.deleted, .trackedChange, "deleted text" + suffix)
    addStory(story.hidden, .hidden, "hidden text" + suffix)
    addStory(story.code, .hidden, "field codes" + suffix, isWorthIt: FieldCode.saysSomething)
  }

  private func addStory(_ text: String, _ role: Role, _ location: String) {
    addStory(Array(text.utf8), role, location)
  }

  /// Adds a text unless an alternative of the same place said it already.
  private func addStory(
    _ text: [UInt8],
    _ role: Role,
    _ location: String,
    isWorthIt: ([UInt8]) -> Bool = { _ in true }
  ) {
    guard !text.isEmpty, isWorthIt(text), alternatives.isNew(text) else { return }
    collector.add(text, role, location)
  }

  // MARK: Properties

  private func vanish(_ element: borrowing MarkupElement) {
    guard element.val.isOn else { return }
    if root == .styles {
      if !style.isEmpty { package.hiddenStyles.insert(style) }
      return
    }
    let top = stories.count - 1
    if stories[top].isInRun, stories[top].changeDepth == 0 { stories[top].isRunHidden = true }
  }

  private func applyStyle(_ element: borrowing MarkupElement, _ tag: Tag) {
    guard !package.hiddenStyles.isEmpty, package.hiddenStyles.contains(element.val) else { return }
    let top = stories.count - 1
    if tag == .rStyle, stories[top].isInRun {
      stories[top].isRunHidden = true
    } else if tag == .pStyle {
      stories[top].isParagraphHidden = true
    }
  }

  /// A character of a font: those of symbol fonts lie in the private area, above their code.
  ///
  /// *Source:* ISO/IEC 29500-1 §17.3.3.30.
  private func symbol(_ element: borrowing MarkupElement) {
    guard var value = UInt32(element.attribute(.char) ?? "", radix: 16) else { return }
    if (0xF020...0xF07E).contains(value) { value -= 0xF000 }
    if let scalar = Unicode.Scalar(value), value >= 0x20 {
      stories[stories.count - 1].append(scalar)
    }
  }

  private func addCode(_ code: String) {
    stories[stories.count - 1].code.append(contentsOf: Array(code.utf8) + [0x20])
  }

  private func addAlternativeText(of element: borrowing MarkupElement) {
    var texts: [String] = []
    for tag in [Tag.title, .descr, .alt] {
      if let text = element.attribute(tag), !text.isEmpty, !texts.contains(text) {
        texts.append(text)
      }
    }
    guard !texts.isEmpty else { return }
    addStory(texts.joined(separator: "\n"), .alternativeText, place("picture"))
  }

  /// Adds a bookmark, unless the program made it itself.
  private func addBookmark(_ name: String) {
    guard !name.hasPrefix("_"), !name.hasPrefix("OLE_LINK") else { return }
    collector.add(name, .bookmark, "bookmark")
  }

  private func addAuthor(_ name: String) {
    if authors.insert(name).inserted { collector.add(name, .metadata, "author") }
  }
}

/// Codes of fields.
enum FieldCode {
  /// Fields that say nothing but what kind of number or date they show.
  ///
  /// *Source:* ISO/IEC 29500-1 §17.16.5.
  private static let plain: Set<Substring> = [
    "PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "PAGEREF", "TOC", "DATE", "TIME", "SEQ", "REF",
    "NOTEREF", "MERGEFORMAT", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "CREATEDATE", "SAVEDATE",
    "PRINTDATE", "NUMWORDS", "NUMCHARS", "ARABIC", "EDITTIME", "FILESIZE", "REVNUM",
  ]

  /// Whether codes hold more than the names of common fields.
  static func saysSomething(_ codes: [UInt8]) -> Bool {
    let words = String(decoding: codes, as: UTF8.self).split { $0.isWhitespace }
    return words.contains { word in
      !word.hasPrefix("\\") && !plain.contains(word) && !word.hasPrefix("_Toc")
        && !word.hasPrefix("_Ref") && word.count > 2
    }
  }
}

/// What the branches of alternative content said, so that the same is not said twice.
///
/// *Source:* ISO/IEC 29500-3 §7.6 (`mc:AlternateContent`).
struct Alternatives {
  private var depth = 0
  private var texts: Set<[UInt8]> = []
  /// Where the open branches began, and in which story.
  private var starts: [(depth: Int, start: Int)] = []
  private var branches: [[UInt8]] = []

  mutating func start() { depth += 1 }

  mutating func end() {
    depth = max(0, depth - 1)
    if depth == 0 {
      texts = []
      branches = []
    }
  }

  mutating func startBranch(depth: Int, _ start: Int) { starts.append((depth, start)) }

  /// Takes a branch out again where another one said the same.
  mutating func endBranch(depth: Int, _ text: inout [UInt8]) {
    guard let (opened, start) = starts.popLast(), opened == depth, start <= text.count else {
      return
    }
    let said = Array(text[start...])
    guard !said.isEmpty else { return }
    if branches.contains(said) {
      text.removeSubrange(start...)
    } else if branches.count < 64 {
      branches.append(said)
    }
  }

  /// Whether no branch of the open group said a text.
  mutating func isNew(_ text: [UInt8]) -> Bool {
    depth == 0 || texts.insert(text).inserted
  }
}
