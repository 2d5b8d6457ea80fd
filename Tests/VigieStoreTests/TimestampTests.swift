import Testing
import VigieCore

@Suite("Times of RFC 3339")
struct TimestampTests {
  @Test(
    "become milliseconds",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2026-06-01T09:30:00Z", 1_780_306_200_000),
      ("2026-06-01T11:30:00+02:00", 1_780_306_200_000), ("2026-06-01", 1_780_272_000_000),
      ("2026-06-01T09:30:00.5Z", 1_780_306_200_500),
      ("2026-06-01T09:30:00.1234567-05:30", 1_780_326_000_123),
      ("2026-06-01 09:30", 1_780_306_200_000), ("2000-02-29T00:00:00z", 951_782_400_000),
      ("0000-01-01T00:00:00Z", -62_167_219_200_000),
    ]
  )
  func read(_ text: String, _ wanted: Int) {
    #expect(milliseconds(rfc3339: text) == wanted)
  }

  @Test(
    "are refused where they are none",
    arguments: [
      "", "now", "2026", "2026-13-01", "2026-06-01T", "2026-06-01T09", "2026-06-01T09:30:00Zx",
      "2026-06-01T09:30:00.Z", "2026-02-29", "2026-06-31T00:00:00Z",
    ]
  )
  func refused(_ text: String) { #expect(milliseconds(rfc3339: text) == nil) }

  @Test("are the same there and back")
  func thereAndBack() {
    for value in stride(
      from: -62_167_219_200_000,
      to: 253_402_300_800_000,
      by: 86_400_000 * 97 + 12_345
    ) {
      let text = rfc3339(milliseconds: value)
      #expect(text.flatMap(milliseconds(rfc3339:)) == value)
    }
  }

  @Test("are canonical where they are given back letter for letter, and nowhere else")
  func canonical() {
    let texts = [
      "2026-06-01T09:30:00Z", "2026-06-01T09:30:00.001Z", "2000-02-29T23:59:59Z",
      "0000-02-29T00:00:00Z", "9999-12-31T23:59:59.999Z", "1969-12-31T23:59:59.900Z",
      "2026-06-01T09:30:00.000Z", "2026-06-01T09:30:00.5Z", "2026-06-01T09:30:00+00:00",
      "2026-06-01T09:30:60Z", "2026-06-01T24:00:00Z", "2026-02-29T00:00:00Z",
      "2026-06-31T00:00:00Z", "2026-13-01T00:00:00Z", "2026-06-01 09:30:00Z",
      "2026-06-01T09:30:0xZ", "2026-06-01T09:30:00.12xZ", "yesterday", "", "1900-02-29T00:00:00Z",
    ]
    for text in texts {
      let time = milliseconds(rfc3339: text)
      let isSame = time.flatMap(rfc3339(milliseconds:)) == text
      #expect(canonicalMilliseconds(rfc3339: text) == (isSame ? time : nil), "\(text)")
    }
    #expect(texts.count { canonicalMilliseconds(rfc3339: $0) != nil } == 6)
    for time in [
      0, 1, -1, 1_780_308_660_123, -62_167_219_200_000, 253_402_300_799_999, 253_402_300_800_000,
      .min,
    ] {
      let text = rfc3339(milliseconds: time)
      // A time that is kept as a number is the one that its text says.
      #expect(
        MessageTime(milliseconds: time).canonicalMilliseconds == text.flatMap(canonicalMilliseconds)
      )
      #expect(MessageTime(text: text).canonicalMilliseconds == text.flatMap(canonicalMilliseconds))
    }
  }
}
