/// Appends HTML to bytes: whatever comes from outside goes through it and comes out as text.
package struct HTMLWriter {
  /// What was written so far.
  package private(set) var bytes: [UInt8] = []

  /// A writer of nothing yet.
  package init() {}

  /// Opens an element.
  ///
  /// - Parameters:
  ///   - name: Its name, one of ours.
  ///   - attributes: Names of ours and values from anywhere; `style` and handlers of events are not allowed by
  ///     the policy of the page and have no effect.
  package mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) {
    raw("<\(name)")
    for (key, value) in attributes {
      raw(" \(key)=\"")
      escape(value)
      raw("\"")
    }
    raw(">")
  }

  /// Closes an element.
  package mutating func close(_ name: String) { raw("</\(name)>") }

  /// Writes text; control and direction characters become `·`, as on a terminal.
  package mutating func text(_ text: String) { escape(Terminal.safe(text)) }

  /// Writes an element with text.
  package mutating func element(
    _ name: String,
    _ attributes: KeyValuePairs<String, String> = [:],
    text: String
  ) {
    open(name, attributes)
    self.text(text)
    close(name)
  }

  /// Writes an element with a text in all languages, of which one is shown.
  package mutating func element(
    _ name: String,
    _ attributes: KeyValuePairs<String, String> = [:],
    phrase: Phrase
  ) {
    open(name, attributes)
    self.phrase(phrase)
    close(name)
  }

  /// Writes an element with other content.
  package mutating func element(
    _ name: String,
    _ attributes: KeyValuePairs<String, String> = [:],
    _ content: (inout HTMLWriter) -> Void
  ) {
    open(name, attributes)
    content(&self)
    close(name)
  }

  /// Writes a text in all languages, of which one is shown.
  package mutating func phrase(_ phrase: Phrase) {
    let texts = Phrase.languages.map { phrase[$0] }
    if let first = texts.first, texts.allSatisfy({ $0 == first }) { return text(first) }
    for (language, text) in zip(Phrase.languages, texts) {
      element("span", ["lang": language, "data-l": language], text: text)
    }
  }

  /// Writes a number, its thousands apart by narrow spaces, as is right in all languages.
  ///
  /// *Source:* ISO 80000-1:2022, §7.3.1.
  package mutating func number(_ number: Int) { text(HTMLWriter.grouped(number)) }

  /// Writes what is HTML already, made of constants.
  package mutating func raw(_ html: StaticString) {
    html.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
  }

  /// Takes what was written so far.
  package mutating func take() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  /// A number with narrow no-break spaces between thousands.
  package static func grouped(_ number: Int) -> String {
    Terminal.grouped(number).split(separator: ",").joined(separator: "\u{202F}")
  }

  /// A share in hundredths of a percent as the value of an attribute of SVG: `12.34%`.
  static func percent(_ part: Double) -> String { Terminal.decimal(part, 2) + "%" }

  private mutating func raw(_ html: String) { bytes.append(contentsOf: html.utf8) }

  private mutating func escape(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): raw("&amp;")
      case UInt8(ascii: "<"): raw("&lt;")
      case UInt8(ascii: ">"): raw("&gt;")
      case UInt8(ascii: "\""): raw("&quot;")
      case UInt8(ascii: "'"): raw("&#39;")
      default: bytes.append(byte)
      }
    }
  }
}
