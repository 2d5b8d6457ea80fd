import VigieCore
import VigieReports

/// A part of the report for a person, without any layout: a terminal and a page both show it.
package struct ExposureSection: Sendable, Equatable {
  /// How much a cell wants to be seen.
  package enum Emphasis: Sendable, Equatable {
    case none
    case good
    case caution
    case alarm
  }

  /// One cell of a row.
  package struct Cell: Sendable, Equatable {
    /// The text, harmless to a terminal.
    package var text: String
    package var emphasis = Emphasis.none
    /// Whether it is a number, to stand on the right.
    package var isNumber = false

    init(_ text: String, _ emphasis: Emphasis = .none) {
      self.text = text
      self.emphasis = emphasis
    }

    init(number: String, _ emphasis: Emphasis = .none) {
      text = number
      self.emphasis = emphasis
      isNumber = true
    }
  }

  /// A name for programs, unique in the report.
  package var name: String
  package var title: String
  /// Names of the columns; none where rows explain themselves.
  package var head: [String] = []
  package var rows: [[Cell]] = []
  /// What is to say after the rows.
  package var note: String?
}

extension ExposureReport {
  /// The rooms that are shown one by one.
  package static let shownRoomCount = 20

  /// The parts of the report in the order in which people read them.
  package var sections: [ExposureSection] {
    [sums, reckoning, levels, doubts, roomTable, requestTable, claimTable, lackTable].compactMap {
      $0
    }
  }

  /// A figure for people: one number, or both ends.
  package static func show(_ figure: Figure?, of subject: Claim.Subject = .messages) -> String {
    guard let figure else { return "–" }
    func text(_ count: Int) -> String { Phrase(plain: show(count, of: subject)).plain }
    if figure.isExact { return text(figure.certain) }
    return "\(text(figure.certain)) to \(text(figure.possible))"
  }

  private var sums: ExposureSection {
    var section = ExposureSection(name: "sums", title: "What the account could read")
    section.head = ["", "could read"] + (did == nil ? [] : ["did read"])
    func row(_ label: String, _ path: KeyPath<Sums, Figure>, _ subject: Claim.Subject) {
      let figures = [could[keyPath: path]] + (did.map { [$0[keyPath: path]] } ?? [])
      let cells = figures.map { ExposureSection.Cell(number: Self.show($0, of: subject)) }
      section.rows.append([.init(label)] + cells)
    }
    row("rooms", \.rooms, .rooms)
    row("accounts named in them", \.accounts, .accounts)
    row("messages", \.messages, .messages)
    row("media", \.media, .media)
    row("bytes of media", \.mediaByteCount, .bytes)
    if let marked = could.marked {
      let emphasis: ExposureSection.Emphasis = marked.possible > 0 ? .alarm : .none
      let read = did.map { [ExposureSection.Cell(number: Self.show($0.marked))] } ?? []
      let cell = ExposureSection.Cell(number: Self.show(marked), emphasis)
      section.rows.append([.init("marked restricted or above"), cell] + read)
    }
    func detail(_ label: String, _ figure: Figure) {
      guard figure.possible > 0 else { return }
      let none: [ExposureSection.Cell] = did == nil ? [] : [.init("")]
      section.rows.append([.init(label), .init(number: Self.show(figure))] + none)
    }
    detail("of the messages, sent in that time", details.inWindow)
    detail("of the messages, taken away later", details.redacted)
    detail("edits, beside the messages", details.edits)
    detail("encrypted messages, who and when", details.encrypted)
    detail("encrypted media", details.encryptedMedia)
    if ruleset != nil { detail("messages not wholly inspected", details.uninspected) }
    section.note = "Rooms out of reach: \(Terminal.grouped(closedRoomCount))."
    return section
  }

  private var reckoning: ExposureSection {
    var section = ExposureSection(
      name: "reckoning",
      title: "How the archives add up: all = in reach + gone + out of reach"
    )
    section.head = ["", "all", "in reach", "taken away before", "out of reach"]
    for reckoning in reckonings where reckoning.total > 0 {
      let counts = [reckoning.total, reckoning.readable, reckoning.gone, reckoning.closed]
      section.rows.append(
        [.init(Phrase("kind.\(reckoning.kind)").plain)]
          + counts.map { .init(number: Terminal.grouped($0)) }
      )
    }
    return section
  }

  private var levels: ExposureSection? {
    guard !details.levels.isEmpty else { return nil }
    var section = ExposureSection(name: "levels", title: "Marked messages by level")
    section.head = ["level", "could read"]
    for level in Level.allCases.reversed() {
      guard let figure = details.levels[level] else { continue }
      let emphasis: ExposureSection.Emphasis =
        level > .restricted ? .alarm : level == .restricted ? .caution : .none
      section.rows.append([.init(level.name, emphasis), .init(number: Self.show(figure))])
    }
    return section
  }

  private var doubts: ExposureSection? {
    guard !details.doubts.isEmpty else { return nil }
    var section = ExposureSection(name: "doubts", title: "Why some messages are only possible")
    section.head = ["messages", "because"]
    for doubt in Doubt.allCases {
      guard let count = details.doubts[doubt] else { continue }
      section.rows.append([.init(number: Terminal.grouped(count)), .init(doubt.words.plain)])
    }
    return section
  }

  private var roomTable: ExposureSection? {
    guard !rooms.isEmpty else { return nil }
    var section = ExposureSection(name: "rooms", title: "Rooms, the most exposed first")
    section.head = ["room", "how", "accounts", "messages", "files", "marked"]
    if did != nil { section.head.append("read") }
    for room in rooms.prefix(Self.shownRoomCount) {
      let restricted = room.levels.reduce(Figure()) { $1.key >= .restricted ? $0 + $1.value : $0 }
      let how =
        room.way.rawValue + (room.isCertain ? "" : "?") + (room.isEncrypted ? ", encrypted" : "")
      var row: [ExposureSection.Cell] = [
        .init(Terminal.safe(room.name ?? room.id)),
        .init(how, room.isCertain ? .none : .caution),
        .init(number: Self.show(room.accounts)),
        .init(number: Self.show(room.messages)),
        .init(number: Self.show(room.files)),
        .init(
          number: ruleset == nil ? "–" : Self.show(restricted),
          restricted.possible > 0 ? .alarm : .none
        ),
      ]
      if did != nil { row.append(.init(number: Self.show(room.read))) }
      section.rows.append(row)
    }
    let more = rooms.count - Self.shownRoomCount
    if more > 0 {
      section.note = "And \(Terminal.count(more, "room")) more: see --json or --report html=FILE."
    }
    return section
  }

  private var requestTable: ExposureSection? {
    guard let requests else { return nil }
    var section = ExposureSection(name: "requests", title: "What the access log shows")
    func row(_ label: String, _ text: String) {
      section.rows.append([.init(label), .init(text)])
    }
    row(
      "requests",
      "\(Terminal.grouped(requests.count)), \(Terminal.grouped(requests.answered)) answered, "
        + "\(Terminal.size(requests.byteCount)) sent"
    )
    if let times = requests.times {
      let first = rfc3339(milliseconds: times.lowerBound) ?? ""
      row("log", "from \(first) to \(rfc3339(milliseconds: times.upperBound) ?? "")")
    }
    for (address, count) in requests.addresses.prefix(8) {
      row("address", "\(Terminal.safe(address)): \(Terminal.count(count, "request"))")
    }
    if requests.addresses.count > 8 { row("", "and \(requests.addresses.count - 8) more") }
    return section
  }

  private var claimTable: ExposureSection? {
    guard !claims.isEmpty else { return nil }
    var section = ExposureSection(name: "claims", title: "Claims against the evidence")
    section.head = ["verdict", "claim", "could read", "did read", "because"]
    for judged in claims {
      let claim = judged.claim
      let emphasis: ExposureSection.Emphasis =
        switch judged.verdict {
        case .confirmed: .alarm
        case .possible: .caution
        case .contradicted: .good
        case .unknown: .caution
        }
      let kind = claim.kind == .read ? "" : " readable"
      section.rows.append([
        .init(judged.verdict.rawValue, emphasis),
        .init("\(Terminal.safe(claim.text)) \(claim.subject.rawValue)\(kind)"),
        .init(number: Self.show(judged.could, of: claim.subject)),
        .init(number: Self.show(judged.did, of: claim.subject)),
        .init(judged.reason.plain),
      ])
    }
    return section
  }

  private var lackTable: ExposureSection? {
    guard !lacks.isEmpty else { return nil }
    var section = ExposureSection(name: "lacks", title: "Not looked at, or not known")
    for lack in lacks {
      let count = lack.count.map(Terminal.grouped) ?? ""
      section.rows.append([.init(number: count, .caution), .init(lack.words.plain)])
    }
    return section
  }
}
