import ArgumentParser
import VigieCore

/// The end of a span of time, as people write it: a day counts whole, a time is the moment after.
enum SpanEnd {
  /// Refuses what is no day or time of the calendar, and a span that ends before it begins.
  ///
  /// - Parameters:
  ///   - since: Its first moment, where one is named.
  ///   - until: Its end, where one is named.
  /// - Throws: `ValidationError`.
  static func validate(since: String?, until: String?) throws {
    for time in [since, until].compactMap(\.self)
    where VigieCore.milliseconds(rfc3339: time) == nil {
      throw ValidationError(
        "'\(time)' is no day or time, such as 2026-11-26 or 2026-11-26T08:00:00Z."
      )
    }
    guard let since, let until, let start = VigieCore.milliseconds(rfc3339: since),
      let end = milliseconds(until), start >= end
    else { return }
    throw ValidationError("--since \(since) is not before --until \(until).")
  }

  /// The moment after the span, in milliseconds since 1970; `nil` where the text is no day or time.
  static func milliseconds(_ text: String) -> Int? {
    VigieCore.milliseconds(rfc3339: text).map { isDay(text) ? $0 + 86_400_000 : $0 }
  }

  /// The moment after the span, as text that stands in the order of its times.
  ///
  /// *Source:* ISO 8601-1:2019 §4.3.8.2: 24:00:00 is the end of a day.
  static func timestamp(_ text: String) -> String { isDay(text) ? text + "T24:00:00Z" : text }

  private static func isDay(_ text: String) -> Bool { text.utf8.count == "0000-00-00".utf8.count }
}
