import VigieCrypto
import VigieJSON

/// The frame of a page for people: one file without network, with a policy that allows nothing but its own
/// style and script.
///
/// Write ``begin(title:facts:)``, then sections, then ``end()``. Languages and light or dark are the reader's
/// choice; without a script the page is whole in the language it was written in.
package struct HTMLPage {
  private let output: Output
  private let language: String?
  private let isFixed: Bool

  /// A page that is written to an output.
  ///
  /// - Parameters:
  ///   - output: Where it goes.
  ///   - language: The language it is shown in; `nil` for that of the reader's browser.
  package init(to output: Output, language: String?) {
    self.output = output
    isFixed = language != nil
    self.language = language
  }

  /// The language the page shows where no script runs.
  private var shownLanguage: String {
    let wanted = language.map { [$0] } ?? Terminal.languages
    for tag in wanted {
      let primary = String(tag.prefix { $0 != "-" }).lowercased()
      if Phrase.languages.contains(primary) { return primary }
    }
    return Phrase.languages[0]
  }

  /// What the page allows: nothing from elsewhere, and of its own the one style and the one script.
  ///
  /// *Source:* Content Security Policy Level 3, §2.3.1 (hash-source): SHA-256 in base64.
  package static var policy: String {
    func source(_ bytes: [UInt8]) -> String {
      // 32 bytes take 43 letters and one `=`.
      "'sha256-\(UnpaddedBase64.text(Digest.rawSHA256(bytes)))='"
    }
    return "default-src 'none'; style-src \(source(PackageResources.page_css)); "
      + "script-src \(source(PackageResources.page_js)); base-uri 'none'; form-action 'none'"
  }

  /// Begins the page with its title and what is known of its making.
  ///
  /// - Parameters:
  ///   - title: The title.
  ///   - notice: What the reader must know before all else, or `nil`.
  ///   - facts: Names and values under the title.
  package func begin(title: Phrase, notice: Phrase?, facts: [(name: Phrase, values: [Phrase])]) {
    var html = HTMLWriter()
    html.raw("<!DOCTYPE html>\n")
    html.open(
      "html",
      ["lang": shownLanguage, "data-language": isFixed ? "fixed" : "reader", "data-theme": "auto"]
    )
    html.raw("<head><meta charset=\"utf-8\">\n")
    html.open("meta", ["http-equiv": "Content-Security-Policy", "content": HTMLPage.policy])
    html.raw(
      """
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">
      <meta name="color-scheme" content="light dark">

      """
    )
    html.element("title", text: title[shownLanguage])
    html.raw("<style>")
    output.write(html.take())
    output.write(PackageResources.page_css)
    html.raw("</style></head>\n<body>\n")
    html.element("a", ["class": "skip", "href": "#main"], phrase: Phrase("page.skip"))
    masthead(title, facts, to: &html)
    if let notice { html.element("p", ["class": "notice", "role": "note"], phrase: notice) }
    html.raw("<main id=\"main\">\n")
    output.write(html.take())
  }

  private func masthead(
    _ title: Phrase,
    _ facts: [(name: Phrase, values: [Phrase])],
    to html: inout HTMLWriter
  ) {
    html.raw("<header class=\"masthead\"><div class=\"topbar\"><span class=\"brand\">Vigie</span>")
    // Without a script these do nothing, so they are not shown.
    html.raw("<div class=\"tools\" hidden>")
    for language in Phrase.languages {
      let name = Phrase("language.name")[language]
      html.element(
        "button",
        ["type": "button", "data-set-language": language, "lang": language],
        text: name
      )
    }
    html.element(
      "button",
      ["type": "button", "data-theme-button": ""],
      phrase: Phrase("page.theme")
    )
    html.element("button", ["type": "button", "data-print": ""], phrase: Phrase("page.print"))
    html.raw("</div></div>\n")
    html.element("h1", phrase: title)
    html.raw("<dl class=\"facts\">")
    for fact in facts {
      html.raw("<div>")
      html.element("dt", phrase: fact.name)
      for value in fact.values { html.element("dd", phrase: value) }
      html.raw("</div>")
    }
    html.raw("</dl></header>\n")
  }

  /// Writes a section.
  ///
  /// - Parameters:
  ///   - id: Its anchor, unique on the page.
  ///   - title: Its heading.
  ///   - lede: A sentence under the heading, or `nil`.
  ///   - content: The rest.
  package func section(
    _ id: String,
    _ title: Phrase,
    lede: Phrase? = nil,
    _ content: (inout HTMLWriter) -> Void
  ) {
    var html = HTMLWriter()
    html.open("section", ["id": id, "aria-labelledby": "\(id)-title"])
    html.element("h2", ["id": "\(id)-title"], phrase: title)
    if let lede { html.element("p", ["class": "lede"], phrase: lede) }
    content(&html)
    html.raw("</section>\n")
    output.write(html.take())
  }

  /// Writes HTML between sections, such as rows that come in pieces.
  package func write(_ bytes: [UInt8]) { output.write(bytes) }

  /// Writes data for the script, under an id.
  ///
  /// - Parameters:
  ///   - id: The id under which the script finds it.
  ///   - content: Hands JSON to its argument, in pieces.
  package func data(_ id: StaticString, _ content: (_ piece: ([UInt8]) -> Void) -> Void) {
    var html = HTMLWriter()
    html.raw("<script type=\"application/json\" id=\"")
    html.raw(id)
    html.raw("\">")
    output.write(html.take())
    content { output.write(HTMLPage.safe($0)) }
    output.write("</script>\n")
  }

  /// JSON in which no letter can end a script: `<`, `>` and `&` stand only in strings and are escaped there.
  ///
  /// *Source:* HTML Living Standard, §4.12.1.3, "Restrictions for contents of script elements".
  package static func safe(_ json: [UInt8]) -> [UInt8] {
    let special = [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&")]
    guard json.contains(where: special.contains) else { return json }
    var result: [UInt8] = []
    for byte in json {
      switch byte {
      case special[0]: result += Array("\\u003c".utf8)
      case special[1]: result += Array("\\u003e".utf8)
      case special[2]: result += Array("\\u0026".utf8)
      default: result.append(byte)
      }
    }
    return result
  }

  /// Ends the page with the words and the script.
  package func end(title: Phrase) {
    var html = HTMLWriter()
    html.raw("</main>\n<footer>")
    html.element("p", phrase: Phrase("page.footer"))
    html.raw("</footer>\n")
    output.write(html.take())
    data("words") { write in
      var json = JSONWriter()
      json.beginObject()
      for language in Phrase.languages {
        json.key(language)
        json.beginObject()
        json.key("title")
        json.string(title[language])
        for (key, text) in (Phrase.words[language] ?? [:]).sorted(by: { $0.key < $1.key }) {
          json.key(key)
          json.string(text)
        }
        json.endObject()
      }
      json.endObject()
      write(json.take())
    }
    output.write("<script>")
    output.write(PackageResources.page_js)
    output.write("</script></body></html>\n")
  }
}
