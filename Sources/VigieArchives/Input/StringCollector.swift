import VigieJSON

extension JSONReader {
  /// Reads a value of any shape and appends every string in it, keys apart.
  mutating func collectStrings(into texts: inout [String]) throws(JSONError) {
    switch try kind() {
    case .string:
      let text = try string()
      if !text.isEmpty { texts.append(text) }
    case .array:
      try beginArray()
      while try nextElement() { try collectStrings(into: &texts) }
    case .object:
      let keys = JSONKeys([])
      try beginObject()
      while try nextKey(keys) != nil { try collectStrings(into: &texts) }
    default: try skipValue()
    }
  }

  /// Reads the members of an object: each known key by its number, the others skipped.
  ///
  /// A value of another type than object is skipped whole.
  mutating func members(
    _ keys: JSONKeys,
    _ read: (inout JSONReader, Int) throws(JSONError) -> Void
  ) throws(JSONError) {
    guard try kind() == .object else { return try skipValue() }
    try beginObject()
    while let key = try nextKey(keys) {
      if key < 0 { try skipValue() } else { try read(&self, key) }
    }
  }

  /// Reads the elements of an array; a value of another type is skipped whole.
  mutating func elements(
    _ read: (inout JSONReader) throws(JSONError) -> Void
  ) throws(JSONError) {
    guard try kind() == .array else { return try skipValue() }
    try beginArray()
    while try nextElement() { try read(&self) }
  }
}

extension JSONReader {
  /// Whether a value of a type comes next; of one of another type every string is a text.
  ///
  /// An export whose fields have other types than they should is damaged, and what stands there may be shown
  /// all the same.
  mutating func isNext(
    _ expected: JSONKind,
    orTexts texts: inout [String]
  ) throws(JSONError) -> Bool {
    if try kind() == expected { return true }
    try collectStrings(into: &texts)
    return false
  }
}

extension [String] {
  /// The texts, each once and in order, with line breaks between them; `nil` where there is none.
  var joinedOnce: String? {
    if count < 2 { return first.flatMap { $0.isEmpty ? nil : $0 } }
    var texts: [String] = []
    if count <= 8 {
      for text in self where !text.isEmpty && !texts.contains(text) { texts.append(text) }
    } else {
      var seen: Set<String> = []
      texts = filter { !$0.isEmpty && seen.insert($0).inserted }
    }
    return texts.isEmpty ? nil : texts.joined(separator: "\n")
  }
}
