import VigieContainers
package import VigieCore
package import VigieDocuments

/// SVG images: their text, titles, descriptions and metadata.
///
/// *Source:* SVG 1.1 §5.4 (title, desc), §10 (text), §21 (metadata).
package enum SVG: DocumentFormat {
  package static let name = "SVG image"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    let head = bytes.array(0..<4096)
    guard head.contains(0x3C) else { return false }
    var tokens = XMLTokens(head)
    while let token = tokens.next() {
      switch token {
      case .start(let name, _, _): return local(name) == "svg"
      case .text(let text):
        if text.contains(where: { !$0.isWhitespace && $0 != "\u{FEFF}" }) { return false }
      case .comment, .documentType: continue
      case .end: return false
      }
    }
    return false
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    var reading = Reading(place: place)
    var tokens = XMLTokens(bytes.array(0..<bytes.byteCount))
    while let token = tokens.next() {
      if case .start("metadata", _, false) = token {
        XMPPacket.extract(&tokens, until: "metadata", at: place, into: &extraction)
      } else {
        reading.take(token, &extraction)
      }
    }
    reading.finish(&extraction)
  }

  static func local(_ name: String) -> String {
    name.split(separator: ":").last.map(String.init) ?? name
  }

  /// What was read so far.
  private struct Reading {
    var place: Place
    private var open: [String] = []
    private var story = ""
    private var aside = ""
    private var imageCount = 0

    init(place: Place) { self.place = place }

    mutating func take(_ token: XMLTokens.Token, _ extraction: inout Extraction) {
      switch token {
      case .start(let name, let attributes, let isEmpty):
        let kind = local(name)
        for attribute in attributes { take(attribute.name, attribute.value, kind, &extraction) }
        if !isEmpty, open.count < 256 { open.append(kind) }
      case .end(let name):
        let kind = local(name)
        guard let index = open.lastIndex(of: kind) else { return }
        open.removeSubrange(index...)
        close(kind, &extraction)
      case .text(let text):
        switch open.last {
        case "title", "desc", "script": aside += text
        case "style", nil: break
        default: story += text
        }
      case .comment(let text):
        extraction.add(text, at: place, role: .comment, location: "comment in the source")
      case .documentType(let hasEntities):
        guard hasEntities else { return }
        extraction.miss(.unsupported, "SVG image with entities of its own", at: place)
      }
    }

    private mutating func close(_ kind: String, _ extraction: inout Extraction) {
      switch kind {
      case "title", "desc":
        extraction.add(aside, at: place, role: .alternativeText, location: kind)
        aside = ""
      case "script":
        extraction.add(aside, at: place, role: .hidden, location: "script")
        aside = ""
      case "text", "p", "div", "flowPara": story += "\n"
      default: break
      }
    }

    private mutating func take(
      _ name: String,
      _ value: String,
      _ kind: String,
      _ extraction: inout Extraction
    ) {
      switch local(name) {
      case "label", "aria-label", "alt", "aria-description":
        extraction.add(value, at: place, role: .alternativeText, location: "label")
      case "title": extraction.add(value, at: place, role: .alternativeText, location: "title")
      case "href" where value.hasPrefix("data:"): openData(value, &extraction)
      case "href" where !value.hasPrefix("#"):
        extraction.add(value, at: place, role: .link, location: "link")
      default: break
      }
    }

    /// Reads a document in a link, such as an image.
    private mutating func openData(_ link: String, _ extraction: inout Extraction) {
      imageCount += 1
      guard let comma = link.utf8.firstIndex(of: 0x2C) else { return }
      var inner = place
      inner.location = "embedded document \(imageCount)"
      let body = link.utf8[link.utf8.index(after: comma)...]
      guard link.utf8[..<comma].elementsEqual("base64".utf8) || link[..<comma].hasSuffix("base64")
      else {
        extraction.add(String(body) ?? "", at: place, role: .link, location: inner.location)
        return
      }
      guard extraction.enter(inner) else { return }
      let bytes = Base64Text.decode(body)
      let isSmall = extraction.unpack(
        bytes.count,
        total: bytes.count,
        packed: bytes.count,
        at: inner
      )
      guard isSmall else { return }
      unsafe extraction.open(bytes.span.bytes, named: "embedded document \(imageCount)", in: place)
    }

    mutating func finish(_ extraction: inout Extraction) {
      let lines = story.split(whereSeparator: \.isNewline)
        .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        .filter { !$0.isEmpty }
      extraction.add(lines.joined(separator: "\n"), at: place, role: .bodyText)
      extraction.add(aside, at: place, role: .alternativeText)
    }
  }
}

extension SVG {
  /// Bytes written in the letters of base 64.
  ///
  /// *Source:* RFC 4648 §4, §5.
  fileprivate enum Base64 {
    /// The bytes; what is no letter of base 64 is passed over.
    static func decode(_ text: some Sequence<UInt8>) -> [UInt8] {
      var result: [UInt8] = []
      var bits: UInt32 = 0
      var count = 0
      for byte in text {
        let value: UInt8
        switch byte {
        case 0x41...0x5A: value = byte - 0x41
        case 0x61...0x7A: value = byte - 0x61 + 26
        case 0x30...0x39: value = byte - 0x30 + 52
        case 0x2B, 0x2D: value = 62
        case 0x2F, 0x5F: value = 63
        case 0x3D: return result
        default: continue
        }
        bits = bits << 6 | UInt32(value)
        count += 6
        guard count >= 8 else { continue }
        count -= 8
        result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
      return result
    }
  }
}
