import Testing
import VigieExposure

@Suite("Moments")
struct MomentTests {
  @Test(
    "a time with a zone is exact",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.5Z", 500),
      ("2026-06-12T10:00:00+02:00", 1_781_251_200_000), ("2026-06-12T08:00Z", 1_781_251_200_000),
      ("2000-02-29T23:59:59.999Z", 951_868_799_999), ("1969-12-31T23:59:59-01:00", 3_599_000),
    ]
  )
  func exact(_ text: String, _ milliseconds: Int) {
    #expect(Moment(text) == Moment(milliseconds))
  }

  @Test("a time without a zone is uncertain by a day, unless the zone is told")
  func zoneless() throws {
    let moment = try #require(Moment("2026-06-12T08:00:00"))
    #expect(!moment.isExact)
    #expect(moment.latest - moment.earliest == 26 * 3_600_000)
    #expect(moment.earliest < 1_781_251_200_000 && 1_781_251_200_000 < moment.latest)
    #expect(Moment("2026-06-12T10:00:00", zone: 7_200_000) == Moment(1_781_251_200_000))
  }

  @Test(
    "what is no time is none",
    arguments: [
      "", "2026", "2026-13-01", "2026-02-29", "2026-06-12T25:00Z", "2026-06-12T10:00:00+2",
      "2026-06-12T10:00:00.Z", "2026-06-12T10:00:00Z ", "yesterday", "2026-06-12T10:00:00+99:00",
    ]
  )
  func wrong(_ text: String) { #expect(Moment(text) == nil) }

  @Test("a day alone is told from midnight")
  func day() throws {
    #expect(try #require(WrittenTime("2026-06-12")).isDay)
    #expect(!(try #require(WrittenTime("2026-06-12T00:00"))).isDay)
    #expect(WrittenTime.zone("+02:00") == 7_200_000)
    #expect(WrittenTime.zone("-0330") == -12_600_000)
    #expect(WrittenTime.zone("Z") == 0)
    #expect(WrittenTime.zone("Paris") == nil)
  }
}
