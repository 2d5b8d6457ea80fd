import VigieCore
import VigieMarkup

/// Reads slides, notes, masters, drawings, charts, diagrams and the comments of presentations.
///
/// *Source:* ISO/IEC 29500-1 §19 (PresentationML), §20 and §21 (DrawingML); ISO/IEC 29500-4 §19
/// (VML); [MS-PPTX] §2.7 (threaded comments).
final class DrawingPart: PartReader {
  /// A shape that is open.
  private struct Shape {
    var text: [UInt8] = []
    var placeholder: String?
    var isTextBox = false
    var isHidden = false
  }

  private let package: OfficePackage
  private let root: Tag?
  private let title: String
  private var role: Role
  private var shapes: [Shape] = []
  /// Text outside of shapes that stand apart.
  private var main: [UInt8] = []
  private var isInText = false
  private var isInNumbers = false
  private var alternatives = Alternatives()
  private var pictures: Set<String> = []

  init(_ package: OfficePackage, _ name: String, _ root: Tag?) {
    self.package = package
    self.root = root
    let key = name.lowercased()
    let owner = package.titles[key]
    let digits = String(name.split(separator: "/").last ?? "").filter { $0.isASCII && $0.isNumber }
    let part = "part \(name)"
    switch root {
    case .sld:
      // A slide that the presentation does not list is not shown; without a list all may be.
      let isOrdered = package.titles.values.contains { $0.utf8.starts(with: "slide ".utf8) }
      let isShown = owner != nil || !isOrdered
      (role, title) = (
        isShown ? .bodyText : .hidden, owner ?? (isOrdered ? part : "slide \(digits)")
      )
    case .notes: (role, title) = (.notes, owner ?? "notes \(digits)")
    case .sldMaster: (role, title) = (.textBox, "slide master \(digits)")
    case .sldLayout: (role, title) = (.textBox, "slide layout \(digits)")
    case .notesMaster: (role, title) = (.textBox, "notes master")
    case .handoutMaster: (role, title) = (.textBox, "handout master")
    case .cmLst: (role, title) = (.comment, owner.map { "\($0) comment" } ?? "comments \(digits)")
    case .chartSpace: (role, title) = (.bodyText, owner.map { "\($0) chart" } ?? "chart \(digits)")
    case .dataModel, .drawing:
      (role, title) = (.bodyText, owner.map { "\($0) diagram" } ?? "diagram \(digits)")
    default: (role, title) = (.textBox, owner.map { "\($0) text box" } ?? part)
    }
    if package.hiddenParts.contains(key) { role = .hidden }
    super.init(package.collector, part)
  }

  private var isMaster: Bool {
    root == .sldMaster || root == .sldLayout || root == .notesMaster || root == .handoutMaster
  }

  override func start(_ element: borrowing MarkupElement) -> Bool {
    guard let tag = element.tag else { return collector.hasRoom }
    switch tag {
    case .t: isInText = true
    case .text where root == .cmLst: isInText = true
    case .textbox where root == .xml: isInText = true
    case .v where root == .chartSpace: isInText = !isInNumbers
    case .numCache: isInNumbers = true
    case .br: append(0x0A)
    case .sld:
      if let shown = element.attribute(.show), !shown.isOn { role = .hidden }
    case .sp, .cxnSp, .pic, .graphicFrame: if tag != .graphicFrame { shapes.append(Shape()) }
    case .ph:
      if !shapes.isEmpty {
        shapes[shapes.count - 1].placeholder = element.attribute(.type) ?? "obj"
      }
    case .cNvSpPr:
      if !shapes.isEmpty, element.attribute(.txBox)?.isOn == true {
        shapes[shapes.count - 1].isTextBox = true
      }
    case .cNvPr, .shape, .imagedata: describe(element)
    case .textpath: collector.add(element.attribute(.string) ?? "", .textBox, "\(title) watermark")
    case .hlinkClick, .hlinkHover:
      collector.add(element.attribute(.tooltip) ?? "", .link, "\(title) link")
    case .AlternateContent: alternatives.start()
    default: break
    }
    return collector.hasRoom
  }

  private func describe(_ element: borrowing MarkupElement) {
    if let hidden = element.attribute(.hidden), hidden.isOn, !shapes.isEmpty {
      shapes[shapes.count - 1].isHidden = true
    }
    for tag in [Tag.title, .descr, .alt] {
      guard let text = element.attribute(tag), pictures.insert(text).inserted else { continue }
      collector.add(text, .alternativeText, "\(title) picture")
    }
  }

  override func end(_ name: Int) {
    guard let tag = Tag.of(name) else { return }
    switch tag {
    case .t: isInText = false
    case .text where root == .cmLst, .textbox where root == .xml, .v where root == .chartSpace:
      isInText = false
      append(0x0A)
    case .numCache: isInNumbers = false
    case .p, .tc: append(0x0A)
    case .cm where root == .cmLst: flush()
    case .sp, .cxnSp, .pic: if let shape = shapes.popLast() { add(shape) }
    case .AlternateContent: alternatives.end()
    default: break
    }
  }

  override func characters(_ text: Span<UInt8>) {
    guard isInText else { return }
    if shapes.isEmpty { main.append(text) } else { shapes[shapes.count - 1].text.append(text) }
  }

  override func finish() {
    while let shape = shapes.popLast() { add(shape) }
    flush()
  }

  private func append(_ byte: UInt8) {
    if shapes.isEmpty { main.append(byte) } else { shapes[shapes.count - 1].text.append(byte) }
  }

  private func add(_ shape: Shape) {
    guard shape.text.contains(where: { $0 > 0x20 }), alternatives.isNew(shape.text) else { return }
    let isHidden = shape.isHidden || role == .hidden
    switch shape.placeholder {
    case "ftr": collector.add(shape.text, isHidden ? .hidden : .footer, "\(title) footer")
    case "hdr": collector.add(shape.text, isHidden ? .hidden : .header, "\(title) header")
    case "dt": collector.add(shape.text, isHidden ? .hidden : .footer, "\(title) date")
    case "sldNum": break
    case .some where isMaster:
      // What a placeholder of a master says is a prompt that no slide shows.
      collector.add(shape.text, .hidden, "\(title) placeholder")
    default:
      if shape.isHidden {
        collector.add(shape.text, .hidden, "\(title) hidden shape")
      } else if isMaster || root == .wsDr {
        collector.add(shape.text, role, title)
      } else if shape.isTextBox, shape.placeholder == nil, role != .hidden {
        collector.add(shape.text, .textBox, "\(title) text box")
      } else {
        main.endLine()
        main.append(contentsOf: shape.text)
      }
    }
  }

  private func flush() {
    if root == .dataModel || root == .drawing {
      // A diagram keeps its text as data and as it was last drawn.
      var kept: [UInt8] = []
      for line in main.split(separator: 0x0A)
      where package.diagramLines.insert(Array(line)).inserted {
        kept += line + [0x0A]
      }
      main = kept
    }
    collector.add(main, role, title)
    main = []
  }
}
