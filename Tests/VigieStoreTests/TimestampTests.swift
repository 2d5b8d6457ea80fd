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
      "2026-06-01T09:30:00.Z",
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
}
