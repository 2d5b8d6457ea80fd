import Testing
import VigieCore
import VigieReports

@Suite("Ranking")
struct RankingTests {
  @Test("names with most applied findings come first")
  func order() {
    var ranking = Ranking()
    ranking.add([finding(), finding()], under: "a")
    ranking.add([finding(.secret), finding(.topSecret, .mentioned)], under: "b")
    ranking.add([finding(.secret)], under: "b")
    ranking.add([finding(.restricted, .mentioned)], under: "c")
    #expect(ranking.top(2).map(\.name) == ["b", "a"])
    #expect(ranking.top(9)[0].level == .secret)
    #expect(ranking.top(9)[0].messageCount == 2)
    #expect(ranking.isExact)
  }

  @Test("its size is bounded, and frequent names stay")
  func bounded() {
    var ranking = Ranking()
    for index in 0..<5 * Ranking.keptCount {
      ranking.add([finding()], under: "rare \(index)")
      if index % 10 == 0 { ranking.add([finding()], under: "frequent") }
    }
    #expect(ranking.count <= 2 * Ranking.keptCount)
    #expect(!ranking.isExact)
    #expect(ranking.top(1)[0].name == "frequent")
    #expect(ranking.top(1)[0].findings.applied == Ranking.keptCount / 2)
  }
}

@Suite("Timeline")
struct TimelineTests {
  private func timeline(_ times: [String?]) -> Timeline {
    var timeline = Timeline()
    for time in times { timeline.add([finding()], at: time) }
    return timeline
  }

  @Test("spans are days while they are few, then months, then years; none is left out")
  func spans() {
    let days = timeline(["2024-02-27T10:00:00Z", "2024-03-01T10:00:00+02:00"]).spans(atMost: 10)
    #expect(days.map(\.name) == ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01"])
    #expect(days.map(\.findings.applied) == [1, 0, 0, 1])
    let months = timeline(["2025-11-30T10:00:00Z", "2026-01-02T10:00:00Z"]).spans(atMost: 10)
    #expect(months.map(\.name) == ["2025-11", "2025-12", "2026-01"])
    let years = timeline(["1999-11-30T10:00:00Z", "2026-01-02T10:00:00Z"]).spans(atMost: 10)
    #expect(years.count == 28)
    #expect(years.first?.name == "1999")
    let turn = timeline(["2025-12-31T10:00:00Z", "2026-01-01T10:00:00Z"]).spans(atMost: 10)
    #expect(turn.map(\.name) == ["2025-12-31", "2026-01-01"])
  }

  @Test(
    "what is no day is counted apart",
    arguments: [
      nil, "", "hier", "2026-02-30T00:00:00Z", "2026-13-01", "0001-01-01T00:00:00Z", "２０２６-01-01",
    ]
  )
  func undated(_ time: String?) {
    let timeline = timeline([time])
    #expect(timeline.undated.applied == 1)
    #expect(timeline.spans(atMost: 10).isEmpty)
  }
}
