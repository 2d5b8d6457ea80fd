import VigieCore
import VigieJSON
import VigieReports

/// A room as a row of the page.
struct RoomRow {
  /// The columns of the table, by the key of their words; without a log there is no `did`.
  static func columns(hasLog: Bool) -> [String] {
    ["room", "way", "could"] + (hasLog ? ["did"] : []) + ["files", "accounts", "marked"]
  }

  let room: ExposureReport.Room

  private var name: String { Terminal.safe(room.name ?? room.id) }

  private var marked: Figure {
    room.levels.reduce(Figure()) { $1.key >= .restricted ? $0 + $1.value : $0 }
  }

  private var highest: Level {
    room.levels.filter { $0.value.possible > 0 }.keys.max() ?? .public
  }

  /// The row for the script: an array, so that many rows stay small.
  ///
  /// The order is that of `Room` in `page.js`: name, id, way (number), whether it is sure, whether the room is
  /// encrypted, accounts, messages, messages read or `null`, requests, files, highest level, messages marked from
  /// `restricted` on, `[level, least, most]` of each level, encrypted messages, chief doubt. A figure is `[least, most]`.
  func json() -> [UInt8] {
    var json = JSONWriter()
    json.beginArray()
    json.string(name)
    json.string(Terminal.safe(room.id))
    json.integer(Way.allCases.firstIndex(of: room.way) ?? 0)
    json.integer(room.isCertain ? 1 : 0)
    json.integer(room.isEncrypted ? 1 : 0)
    json.pair(room.accounts)
    json.pair(room.messages)
    if let read = room.read { json.pair(read) } else { json.null() }
    json.integer(room.requests ?? 0)
    json.pair(room.files)
    json.integer(Int(highest.rawValue))
    json.pair(marked)
    json.beginArray()
    for level in Level.allCases.reversed() {
      guard let figure = room.levels[level], figure.possible > 0 else { continue }
      json.beginArray()
      json.integer(Int(level.rawValue))
      json.integer(figure.certain)
      json.integer(figure.possible)
      json.endArray()
    }
    json.endArray()
    json.pair(room.encrypted)
    json.string(room.doubt?.rawValue ?? "")
    json.endArray()
    return json.take()
  }

  /// Writes the row for readers without a script, in ``columns(hasLog:)``.
  func write(to html: inout HTMLWriter) {
    html.raw("<tr>")
    html.element("th", ["scope": "row"], text: name)
    html.element("td") { html in
      html.phrase(Phrase("way.\(room.way.rawValue)"))
      if !room.isCertain { html.text(" ?") }
      if room.isEncrypted {
        html.text(", ")
        html.phrase(Phrase("rooms.hidden"))
      }
    }
    html.figure(room.messages)
    if let read = room.read { html.figure(read) }
    html.figure(room.files)
    html.figure(room.accounts)
    html.element("td", ["class": "number"]) { html in
      guard highest > .public else { return html.text("–") }
      html.text(marked.words() + " ")
      html.level(highest)
    }
    html.raw("</tr>\n")
  }
}

extension JSONWriter {
  fileprivate mutating func pair(_ figure: Figure) {
    beginArray()
    integer(figure.certain)
    integer(figure.possible)
    endArray()
  }
}

extension Figure {
  /// The figure for a page: one number, or both ends with a dash between.
  func words(of subject: Claim.Subject = .messages) -> String {
    let least = ExposureReport.show(certain, of: subject)
    return isExact ? least : least + "–" + ExposureReport.show(possible, of: subject)
  }
}

extension HTMLWriter {
  /// Writes a cell with a figure, a dash where it was not counted.
  mutating func figure(_ figure: Figure?, of subject: Claim.Subject = .messages) {
    element("td", ["class": "number"], text: figure?.words(of: subject) ?? "–")
  }

  /// Writes the heads of columns, those of numbers on the right.
  mutating func heads(_ keys: [String], numbers: Set<String> = []) {
    raw("<thead><tr>")
    for key in keys {
      if key.isEmpty {
        raw("<td></td>")
      } else if numbers.contains(key) {
        element("th", ["scope": "col", "class": "number"], phrase: Phrase(key))
      } else {
        element("th", ["scope": "col"], phrase: Phrase(key))
      }
    }
    raw("</tr></thead>\n<tbody>")
  }
}
