import VigieCore

/// What people do to a marking, by the name that findings give it where they have one.
package enum EvasionGroup: String, Sendable, CaseIterable {
  // In the order in which two of them are done: letters are spelt wrong and replaced, then things are put
  // between them, then all is encoded.
  case misspelt
  case letterCase = "case"
  case homoglyph
  case compatibilityForm = "compatibility-form"
  case leet
  case diacritics
  case whiteSpace = "white-space"
  case letterSpacing = "letter-spacing"
  case zeroWidth = "zero-width"
  case lineSplit = "line-split"
  case markupSplit = "markup-split"
  case encoded

  /// Whether it gives letters another form: two of these share the letters between them.
  fileprivate var replacesLetters: Bool {
    switch self {
    case .homoglyph, .compatibilityForm, .leet, .diacritics: true
    case .misspelt, .letterCase, .whiteSpace, .letterSpacing, .zeroWidth, .lineSplit, .markupSplit,
      .encoded:
      false
    }
  }

  /// Whether it is done between words, where only one of its kind has room.
  fileprivate var replacesGaps: Bool {
    self == .whiteSpace || self == .letterSpacing || self == .lineSplit
  }
}

/// One way to disguise a marking.
package struct EvasionForm: Sendable {
  /// Which letters a form may replace.
  enum Share: Sendable {
    case all, even, odd

    func holds(_ index: Int) -> Bool {
      switch self {
      case .all: true
      case .even: index % 2 == 0
      case .odd: index % 2 == 1
      }
    }
  }

  /// What is done.
  package let group: EvasionGroup
  /// How it is done.
  package let name: String
  /// Whether it can stand in a text of that role.
  let fits: @Sendable (Role) -> Bool
  /// Does it; says whether the marking is another now.
  let apply: @Sendable (inout SpelledMarking, Share) -> Bool
  /// Whether it writes the whole marking in other characters, after everything else.
  let encode: (@Sendable (String) -> String?)?
  /// Whether it makes small letters of capitals: where a rule asks for a case, that is not the marking.
  var makesSmall = false

  init(
    _ group: EvasionGroup,
    _ name: String,
    fits: @escaping @Sendable (Role) -> Bool = { _ in true },
    apply: @escaping @Sendable (inout SpelledMarking, Share) -> Bool
  ) {
    self.group = group
    self.name = name
    self.fits = fits
    self.apply = apply
    encode = nil
  }

  init(encoding name: String, _ encode: @escaping @Sendable (String) -> String?) {
    group = .encoded
    self.name = name
    fits = { _ in true }
    apply = { _, _ in true }
    self.encode = encode
  }

  /// Disguises a marking.
  ///
  /// - Parameters:
  ///   - marking: The marking as the example has it.
  ///   - forms: What is done to it: one form or two, in the order of ``EvasionGroup``.
  ///   - role: What the text around it is.
  /// - Returns: The disguised marking, or `nil` where that is not possible or changes nothing.
  static func disguise(_ marking: String, _ forms: [EvasionForm], role: Role) -> String? {
    guard var spelled = SpelledMarking(marking), forms.allSatisfy({ $0.fits(role) }) else {
      return nil
    }
    let areSharing = forms.count { $0.group.replacesLetters } > 1
    var shares: [Share] = areSharing ? [.even, .odd] : [.all]
    for form in forms {
      let share = form.group.replacesLetters ? shares.removeFirst() : .all
      guard form.apply(&spelled, share) else { return nil }
    }
    var text = spelled.text
    for form in forms {
      guard let encode = form.encode else { continue }
      guard let encoded = encode(text) else { return nil }
      text = encoded
    }
    return text == marking ? nil : text
  }

  /// Whether two forms can be done to one marking so that people can still read it.
  static func goTogether(_ first: EvasionForm, _ second: EvasionForm) -> Bool {
    first.group != second.group && !(first.group.replacesGaps && second.group.replacesGaps)
  }
}
