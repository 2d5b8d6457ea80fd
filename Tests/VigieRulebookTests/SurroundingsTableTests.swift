import Testing
import VigieRulebook

@Suite("Surroundings of many anchors as numbers in a row")
struct SurroundingsTableTests {
  private static let all: [AnchorSurroundings] = {
    let regexes: [(String, [String])] = [
      (#"classé DR"#, ["DR"]), (#"(?i:en|du) DR(?=-\d)"#, ["DR"]),
      (#"(?:SECRET|Secret)x"#, ["secret", "SECRET"]),
      (#"\bNATO (?:RESTRICTED|SECRET)\b"#, ["NATO", "RESTRICTED"]), (#"DR"#, ["DR"]),
      (#"(*COMMIT)DR"#, ["DR"]),
    ]
    return regexes.flatMap { AnchorSurroundings.of($0, anchors: $1) } + [.unknown, .unknown]
  }()

  @Test("say of each anchor what was put in, and what is the same only once")
  func kept() throws {
    let all = SurroundingsTableTests.all + SurroundingsTableTests.all
    let table = SurroundingsTable(all)
    let read = try #require(
      SurroundingsTable(sets: table.sets, numbers: table.numbers, kinds: table.kinds)
    )
    #expect(table.count == all.count)
    #expect(all.indices.map { table[$0] } == all)
    #expect(all.indices.map { read[$0] } == all)
    #expect(Set(all.map { "\($0)" }).count == Set(table.kinds).count)
    #expect(Set(all.map { "\($0)" }).count > 4)
  }

  @Test("are refused where any number is wrong, and whatever is read can be asked")
  func wrong() {
    let table = SurroundingsTable(SurroundingsTableTests.all)
    #expect(SurroundingsTable(sets: [], numbers: table.numbers, kinds: table.kinds) == nil)
    let beyond = table.kinds + [UInt32(table.kinds.count)]
    #expect(SurroundingsTable(sets: table.sets, numbers: table.numbers, kinds: beyond) == nil)
    #expect(
      SurroundingsTable(sets: table.sets, numbers: table.numbers.dropLast(), kinds: []) == nil
    )
    var readCount = 0
    for index in table.numbers.indices {
      for value: UInt16 in [0, 1, 2, 5, 0x7F, .max] {
        var numbers = table.numbers
        numbers[index] = value
        guard
          let read = SurroundingsTable(sets: table.sets, numbers: numbers, kinds: table.kinds)
        else { continue }
        readCount += 1
        for anchor in 0..<read.count {
          let one = read[anchor]
          #expect(max(one.before.count, one.after.count) <= AnchorSurroundings.maxWayCount)
        }
      }
    }
    #expect(readCount > 0)
  }
}
