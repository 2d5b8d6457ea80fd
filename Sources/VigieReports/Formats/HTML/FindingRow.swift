package import VigieCore
import VigieJSON

/// A finding as a row of the page.
struct FindingRow {
  /// One more than the highest rank.
  static let rankCount = 2 * Verdict.allCases.count * Level.allCases.count

  /// The columns of the table, by the key of their words.
  static let columns = ["level", "marking", "channel", "sender", "time", "place", "verdict"]

  /// How grave it is: applied, then verdict, then level, as in the summary on a terminal.
  let rank: Int
  private let finding: Finding
  private let message: String
  private let channel: String
  private let sender: String
  private let time: String
  private let verdict: Verdict
  private let document: String
  private let revealed: RevealedText?

  init(_ finding: Finding, of message: ScannedMessage, index: Int) {
    self.finding = finding
    self.message = message.review.id
    channel = message.channelLabel
    sender = message.sender ?? ""
    time = message.timestamp ?? ""
    verdict = message.review.verdict
    var document = ""
    if case .attachment(let number) = finding.place.part {
      document = message.documentNames[number] ?? ""
    }
    self.document = document
    revealed = index < message.revealed.count ? message.revealed[index] : nil
    let usage = finding.usage == .applied ? 1 : 0
    rank =
      (usage * Verdict.allCases.count + Int(verdict.rawValue)) * Level.allCases.count
      + Int(finding.level.rawValue)
  }

  /// The row for the script: an array, so that many rows stay small.
  ///
  /// The order is that of `Row` in `page.js`: rank, level, usage, verdict (numbers), rule, scheme, masked, channel,
  /// sender, time, message, place, document, confidence (percent), caveats, disguise, fingerprint, and with the words
  /// around it `[before, found, after]`.
  func json() -> [UInt8] {
    var json = JSONWriter()
    json.beginArray()
    json.integer(rank)
    json.integer(Int(finding.level.rawValue))
    json.integer(finding.usage == .applied ? 1 : 0)
    json.integer(Int(verdict.rawValue))
    for text in [
      finding.rule, finding.scheme, finding.masked, channel, sender, time, message, place, document,
    ] {
      json.string(Terminal.safe(text))
    }
    json.integer(Int((finding.confidence * 100).rounded()))
    json.string(Terminal.safe(finding.caveats.joined(separator: ", ")))
    json.string(finding.disguise.names.joined(separator: ", "))
    json.string(finding.fingerprint ?? "")
    if let revealed {
      json.beginArray()
      for text in [revealed.before, revealed.match, revealed.after] {
        json.string(Terminal.safe(text))
      }
      json.endArray()
    }
    json.endArray()
    return json.take()
  }

  private var place: String { finding.placeForPeople }

  /// Writes the row for readers without a script, in ``columns``.
  func write(to html: inout HTMLWriter, titles: [String: RuleDescription]) {
    html.raw("<tr>")
    html.element("td") { html in
      html.level(finding.level)
      html.element("span", ["class": "usage"], phrase: Phrase("usage.\(finding.usage.rawValue)"))
    }
    html.element("td") { html in
      html.element("b", phrase: Phrase(ruleTitle: titles[finding.rule]?.title ?? finding.rule))
      html.element("code", text: finding.masked)
      guard let revealed else { return }
      html.element("span", ["class": "revealed"]) { html in
        html.text(revealed.before)
        html.element("mark", text: revealed.match)
        html.text(revealed.after)
      }
    }
    html.element("td", text: channel)
    html.element("td", text: sender)
    html.element("td", ["class": "time"], text: FindingRow.shortTime(time))
    html.element("td") { html in
      if !document.isEmpty { html.element("b", text: document) }
      html.element("span", phrase: Phrase(place: Terminal.safe(place)))
      html.element("span", ["class": "id"], text: message)
    }
    html.element("td", phrase: Phrase("verdict.\(verdict.name)"))
    html.raw("</tr>\n")
  }

  /// A time without its seconds: `2026-06-01 10:00`.
  static func shortTime(_ time: String) -> String {
    time.utf8.count >= 16 && Array(time.utf8)[10] == UInt8(ascii: "T")
      ? String(time.prefix(10)) + " " + String(time.dropFirst(11).prefix(5)) : time
  }
}

extension HTMLWriter {
  /// Writes a level: six steps of which as many are full as it is high, and its name.
  package mutating func level(_ level: Level) {
    open("span", ["class": "level l\(level.rawValue)"])
    raw("<span class=\"steps\" aria-hidden=\"true\">")
    for step in Level.allCases {
      if step <= level { raw("<i class=\"on\"></i>") } else { raw("<i></i>") }
    }
    raw("</span>")
    phrase(Phrase("level.\(level.name)"))
    close("span")
  }
}
