import VigieJSON

/// Where a value lies in the content of an event.
struct ContentPath: Sendable, Hashable {
  /// One step into an object or an array.
  enum Step: Sendable, Hashable {
    case key(String)
    case index(Int)
  }

  var steps: [Step] = []

  /// The key of the last step, or that of the array it is an element of.
  var key: String? {
    for step in steps.reversed() {
      if case .key(let key) = step { return key }
    }
    return nil
  }

  /// The path of a member.
  func appending(_ step: Step) -> ContentPath { ContentPath(steps: steps + [step]) }
}

extension JSONValue {
  /// The tree with another value in one place; as it was where there is no such place.
  func replacing(_ path: ContentPath, with value: JSONValue) -> JSONValue {
    replacing(path.steps[...], with: value)
  }

  private func replacing(
    _ steps: ArraySlice<ContentPath.Step>,
    with value: JSONValue
  ) -> JSONValue {
    guard let step = steps.first else { return value }
    switch (step, self) {
    case (.key(let key), .object(var members)):
      guard let index = members.lastIndex(where: { $0.key == key }) else { return self }
      members[index].value = members[index].value.replacing(steps.dropFirst(), with: value)
      return .object(members)
    case (.index(let index), .array(var elements)):
      guard elements.indices.contains(index) else { return self }
      elements[index] = elements[index].replacing(steps.dropFirst(), with: value)
      return .array(elements)
    default: return self
    }
  }
}
