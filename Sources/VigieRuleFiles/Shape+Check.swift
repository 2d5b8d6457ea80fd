import VigieCore
import VigieRulebook

extension Shape {
  /// Reports everything in a value that does not have this shape.
  func check(_ node: YAMLNode, _ faults: inout [RuleFault]) {
    switch form {
    case .text, .name, .number, .integer, .flag, .choice:
      checkScalar(node, &faults)
    case .list(let item, let least):
      guard case .list(let items) = node.content else {
        faults.append(node.fault("\(found(node)) where a list is expected", mend: "write [...]"))
        return
      }
      if items.count < least {
        faults.append(
          node.fault(
            "the list has \(items.count) of at least \(least) entries",
            mend: items.isEmpty && least == 1 ? "write an entry, or remove the key" : "add some"
          )
        )
      }
      for entry in items { item.check(entry, &faults) }
    case .oneOrMore(let item):
      if case .list = node.content {
        Shape(.list(item, atLeast: 1)).check(node, &faults)
      } else {
        item.check(node, &faults)
      }
    case .table(let value):
      guard case .map(let entries) = node.content else {
        faults.append(
          node.fault(
            "\(found(node)) where 'name: value' lines are expected",
            mend: "write name: value"
          )
        )
        return
      }
      for entry in entries {
        if entry.key.isEmpty {
          faults.append(RuleFault(at: entry.keyPosition, "a key is empty", mend: "name it"))
        }
        value.check(entry.value, &faults)
      }
    case .object(let object):
      object.check(node, &faults)
    case .either(let shapes):
      checkEither(shapes, node, &faults)
    }
  }

  private func checkScalar(_ node: YAMLNode, _ faults: inout [RuleFault]) {
    guard let text = node.text else {
      faults.append(
        node.fault("\(found(node)) where \(expectation) is expected", mend: "write one value")
      )
      return
    }
    if node.isNothing {
      faults.append(
        node.fault("a value is missing: \(expectation) is expected", mend: "write it")
      )
      return
    }
    switch form {
    case .text where text.isEmpty:
      faults.append(node.fault("the text is empty", mend: "write the text, or remove the entry"))
    case .name where !text.isName:
      let name = String(text.lowercased().map { $0 == " " || $0 == "_" ? "-" : $0 })
      faults.append(
        node.fault(
          "'\(text)' is not a name",
          mend: name.isName
            ? "write \(name)" : "use small letters a-z, digits, '-' and '.' only"
        )
      )
    case .number where node.number == nil:
      faults.append(node.fault("'\(text)' is not a number", mend: "write a number such as 1.5"))
    case .integer(let range) where Int(text).map(range.contains) != true:
      faults.append(
        node.fault(
          "'\(text)' is not a whole number from \(range.lowerBound) to \(range.upperBound)",
          mend: "write a whole number in that range"
        )
      )
    case .flag where node.flag == nil:
      faults.append(node.fault("'\(text)' is neither true nor false", mend: "write true or false"))
    case .choice(let words) where !words.contains(text):
      faults.append(
        node.fault(
          "'\(text)' is not one of \(words.joined(separator: ", "))",
          mend: suggestion(for: text, among: words) ?? "write one of them"
        )
      )
    default:
      break
    }
  }

  private func checkEither(
    _ shapes: [Shape],
    _ node: YAMLNode,
    _ faults: inout [RuleFault]
  ) {
    var closest: [RuleFault]?
    for shape in shapes {
      var found: [RuleFault] = []
      shape.check(node, &found)
      if found.isEmpty { return }
      if closest == nil, shape.hasKind(of: node) { closest = found }
    }
    if shapes.count(where: { $0.hasKind(of: node) }) == 1, let closest {
      faults += closest
    } else {
      let written = node.text.map { "'\($0)'" } ?? found(node)
      faults.append(
        node.fault(
          "\(written) is not \(expectation)",
          mend: node.text.flatMap { suggestion(for: $0, among: words) } ?? "write one of these"
        )
      )
    }
  }

  /// Whether a value is a scalar, list or map as the shape wants.
  private func hasKind(of node: YAMLNode) -> Bool {
    switch (form, node.content) {
    case (.text, .scalar), (.name, .scalar), (.number, .scalar), (.integer, .scalar),
      (.flag, .scalar), (.choice, .scalar), (.list, .list), (.oneOrMore, .list),
      (.table, .map), (.object, .map):
      true
    case (.oneOrMore(let item), _): item.hasKind(of: node)
    case (.either(let shapes), _): shapes.contains { $0.hasKind(of: node) }
    default: false
    }
  }

  /// The words that are allowed somewhere in the shape.
  private var words: [String] {
    switch form {
    case .choice(let words): words
    case .either(let shapes): shapes.flatMap(\.words)
    case .oneOrMore(let item): item.words
    default: []
    }
  }

  /// What is expected, in words.
  var expectation: String {
    switch form {
    case .text: "a text"
    case .name: "a name"
    case .number: "a number"
    case .integer: "a whole number"
    case .flag: "true or false"
    case .choice(let words): "one of " + words.joined(separator: ", ")
    case .list: "a list"
    case .oneOrMore(let item): item.expectation + ", or a list of them"
    case .table: "'name: value' lines"
    case .object(let object): "the keys of \(object.named)"
    case .either(let shapes): shapes.map(\.expectation).joined(separator: " or ")
    }
  }

  private func found(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar: node.isNothing ? "nothing" : "one value"
    case .list: "a list"
    case .map: "a map of keys"
    }
  }
}

extension ObjectShape {
  /// Reports unknown, doubled and missing keys, and every value that is not what its key wants.
  fileprivate func check(_ node: YAMLNode, _ faults: inout [RuleFault]) {
    guard case .map(let entries) = node.content else {
      faults.append(
        node.fault(
          "the keys of \(named) are expected here",
          mend: "write key: value lines; the keys are \(keys.map(\.name).joined(separator: ", "))"
        )
      )
      return
    }
    var seen: Set<String> = []
    for entry in entries {
      let known = keys.first { $0.name == entry.key }?.shape
      guard let shape = known ?? (strangers[entry.key] == nil ? others : nil) else {
        faults.append(
          RuleFault(
            at: entry.keyPosition,
            "unknown key '\(entry.key)' in \(named)",
            mend: strangers[entry.key] ?? suggestion(for: entry.key, among: keys.map(\.name))
              ?? "the keys are \(keys.map(\.name).joined(separator: ", "))"
          )
        )
        continue
      }
      if !seen.insert(entry.key).inserted {
        faults.append(
          RuleFault(
            at: entry.keyPosition,
            "the key '\(entry.key)' is written twice",
            mend: "keep one"
          )
        )
      }
      shape.check(entry.value, &faults)
    }
    // What is missing because it is misspelt was said where it is misspelt.
    let meant = meantKeys(of: node)
    for key in keys where key.isRequired && !seen.contains(key.name) && !meant.contains(key.name) {
      faults.append(
        node.fault(
          "the key '\(key.name)' is missing in \(named)",
          mend: "add \(key.name): \(key.shape.meaning)"
        )
      )
    }
  }
}

extension ObjectShape {
  /// The keys that those which are not known were probably meant to be.
  func meantKeys(of node: YAMLNode?) -> Set<String> {
    let names = keys.map(\.name)
    let unknown = (node?.entries ?? []).map(\.key).filter { !names.contains($0) }
    return Set(unknown.compactMap { nearest(to: $0, among: names) })
  }

  /// Whether a map has every key it needs, and no other than it may have.
  func hasItsKeys(_ node: YAMLNode?) -> Bool {
    guard case .map(let entries) = node?.content else { return false }
    let written = Set(entries.map(\.key))
    return written.isSubset(of: keys.map(\.name))
      && keys.allSatisfy { !$0.isRequired || written.contains($0.name) }
  }
}

extension YAMLNode {
  /// A fault at this value.
  func fault(_ reason: String, mend: String) -> RuleFault {
    RuleFault(at: position, reason, mend: mend)
  }
}

extension String {
  /// Whether the text is small ASCII letters, digits, `-` and `.`, starting with a letter or digit.
  var isName: Bool {
    guard let first = utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: ".") else {
      return false
    }
    return utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
  }
}
