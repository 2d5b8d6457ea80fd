package import ArgumentParser

/// How long ago something was, as people write it: `90d`, `12h`, `30m`.
package enum Age {
  /// The milliseconds of an age.
  ///
  /// - Throws: `ValidationError` where the text is none.
  package static func milliseconds(_ text: String) throws -> Int {
    let units: [Character: Int] = ["d": 86_400_000, "h": 3_600_000, "m": 60_000]
    guard let unit = text.last.flatMap({ units[$0] }), let number = Int(text.dropLast()),
      (0...1_000_000).contains(number)
    else { throw ValidationError("'\(text)' is no age, such as 90d or 12h.") }
    return number * unit
  }
}

/// What is old enough to go.
package struct AgeOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The age: a number with d, h or m for days, hours, minutes.",
      valueName: "age"
    ),
    transform: Age.milliseconds
  )
  package var olderThan: Int

  package init() {}
}
