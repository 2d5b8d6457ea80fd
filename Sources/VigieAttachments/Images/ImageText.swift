import VigieContainers
import VigieCore
import VigieDocuments

/// What image formats share: where their words go.
enum ImageText {
  /// Says that what is drawn cannot be read: nothing here decodes the format.
  static func missPixels(of kind: String, at place: Place, into extraction: inout Extraction) {
    extraction.miss(.unsupported, "text in the image is not read: no decoder of \(kind)", at: place)
  }

  /// Adds a property of an image.
  ///
  /// A property that the format defines is its value alone. One that a program or a person named is
  /// `name: value`, as its name may say as much as its value; so is a label.
  static func add(
    _ name: String,
    _ value: String,
    isCustom: Bool = false,
    at place: Place,
    into extraction: inout Extraction
  ) {
    // Numbers and dates mark nothing.
    guard value.unicodeScalars.contains(where: \.properties.isAlphabetic) else { return }
    let bare = name.split(separator: ":").last.map(String.init) ?? name
    let location = "property \(name)"
    if isCustom || LabelName.isLabel(bare) {
      extraction.addProperty(bare, Array(value.utf8), at: place, location: location)
    } else {
      extraction.add(value, at: place, role: .metadata, location: location)
    }
  }

  /// The text of bytes that should be ASCII or Latin-1: UTF-8 where they are that.
  static func decode(_ raw: [UInt8]) -> String {
    // Several texts in a row are each ended by NUL.
    let end = raw.lastIndex { $0 != 0 && $0 != 0x20 }.map { $0 + 1 } ?? 0
    let lines = raw[..<end].map { $0 == 0 ? 0x0A : $0 }
    return String(validating: lines, as: UTF8.self) ?? CodePage.windows1252.decode(lines)
  }

  /// The text of UTF-16, up to a NUL at its end.
  static func wide(_ raw: [UInt8], isBigEndian: Bool) -> String {
    var units = stride(from: 0, to: raw.count - 1, by: 2).map { index in
      let (first, second) = (UInt16(raw[index]), UInt16(raw[index + 1]))
      return isBigEndian ? first << 8 | second : second << 8 | first
    }
    while units.last == 0 { units.removeLast() }
    return String(decoding: units, as: UTF16.self)
  }
}
