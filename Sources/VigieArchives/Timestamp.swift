import VigieCore

/// The RFC 3339 time of a number of seconds, milliseconds, microseconds or nanoseconds since 1970,
/// told apart by its size.
func rfc3339(guessing number: Double) -> String? {
  var value = number
  while value.magnitude >= 1e14 { value /= 1000 }
  if value.magnitude < 1e11 { value *= 1000 }
  guard let milliseconds = Int(exactly: value.rounded(.down)) else { return nil }
  return rfc3339(milliseconds: milliseconds)
}
