/// What the letters of a match look like.
struct LetterTally {
  var upper = 0
  var lower = 0
  var startsAreUpper = true
  var isExact = true

  mutating func add(isUpper: Bool, isLower: Bool, startsWord: Bool, wantsUpper: Bool) {
    if isUpper { upper += 1 }
    if isLower { lower += 1 }
    if startsWord, isLower { startsAreUpper = false }
    if isUpper && !wantsUpper || isLower && wantsUpper { isExact = false }
  }

  var letterCase: LetterCase {
    if lower == 0, upper > 0 { return .upper }
    if upper == 0, lower > 0 { return .lower }
    return startsAreUpper && upper > 0 ? .title : .mixed
  }
}
