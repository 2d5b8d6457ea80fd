import Testing
import VigieBatch

@Suite("Crew")
struct CrewTests {
  @Test("delivers every result in the order of the inputs", arguments: [1, 2, 3, 8])
  func order(_ threadCount: Int) {
    var given = 0
    var delivered: [Int] = []
    Crew.run(
      threadCount: threadCount,
      makeWorker: {
        { (input: Int) in
          // Uneven work, so that later inputs are often done first.
          var sum = 0
          for step in 0..<(input % 7 * 500) { sum &+= step }
          return sum < 0 ? -1 : input
        }
      },
      next: {
        given += 1
        return given <= 500 ? given : nil
      },
      deliver: { delivered.append($0) }
    )
    #expect(delivered == Array(1...500))
  }

  @Test("has few inputs under way at once")
  func window() {
    var given = 0
    var delivered = 0
    var most = 0
    Crew.run(
      threadCount: 2,
      makeWorker: { { (input: Int) in input } },
      next: {
        most = max(most, given - delivered)
        given += 1
        return given <= 1000 ? given : nil
      },
      deliver: { _ in delivered += 1 }
    )
    #expect(delivered == 1000)
    #expect(most <= 8)
  }

  @Test("ends at once without inputs")
  func empty() {
    var delivered = 0
    Crew.run(
      threadCount: 3,
      makeWorker: { { (input: Int) in input } },
      next: { nil as Int? },
      deliver: { _ in delivered += 1 }
    )
    #expect(delivered == 0)
  }
}
