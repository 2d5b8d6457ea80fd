/// What a value of a rule file may be.
///
/// The shapes are the one table of keys: the loader checks files against them and the published
/// JSON Schema is written from them, so that the two cannot say different things.
struct Shape: Sendable {
  /// The kinds of value.
  indirect enum Form: Sendable {
    /// A text that is not empty.
    case text
    /// A name: small letters, digits, `-` and `.`, starting with a letter or digit.
    case name
    /// A finite number.
    case number
    /// A whole number in a range.
    case integer(ClosedRange<Int>)
    /// `true` or `false` (`yes` or `no`).
    case flag
    /// One of some words.
    case choice([String])
    /// A list, with its least length.
    case list(Shape, atLeast: Int)
    /// One value, or a list of at least one.
    case oneOrMore(Shape)
    /// A map whose keys the author chooses.
    case table(Shape)
    /// A map whose keys are given.
    case object(ObjectShape)
    /// The first of these that fits.
    case either([Shape])
  }

  var form: Form
  /// What it means, one sentence for the author of a file; empty where the key says it all.
  var meaning: String

  init(_ form: Form, _ meaning: String = "") {
    self.form = form
    self.meaning = meaning
  }
}

/// A map with given keys.
struct ObjectShape: Sendable {
  /// What the map is called in faults and in the schema, such as `rule`.
  var name: String
  var keys: [KeyShape]
  /// What to do about keys that do not belong here, but look as if they did, by key.
  var strangers: [String: String] = [:]
  /// What the values of all other keys are, where the author chooses further ones.
  var others: Shape?

  /// The name with its article.
  var named: String { (name.first.map("aeiou".contains) == true ? "an " : "a ") + name }
}

/// One key of a map.
struct KeyShape: Sendable {
  var name: String
  var shape: Shape
  var isRequired: Bool

  /// A key that may be left out.
  static func optional(_ name: String, _ form: Shape.Form, _ meaning: String) -> KeyShape {
    KeyShape(name: name, shape: Shape(form, meaning), isRequired: false)
  }

  /// A key that must be written.
  static func required(_ name: String, _ form: Shape.Form, _ meaning: String) -> KeyShape {
    KeyShape(name: name, shape: Shape(form, meaning), isRequired: true)
  }
}
