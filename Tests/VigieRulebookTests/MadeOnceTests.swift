import Synchronization
import Testing

@testable import VigieRulebook

@Suite("An object made at first need")
struct MadeOnceTests {
  private final class Thing: Sendable {
    static let livingCount = Atomic(0)

    init() { Thing.livingCount.add(1, ordering: .relaxed) }

    deinit { Thing.livingCount.subtract(1, ordering: .relaxed) }
  }

  private final class Owner: Sendable {
    let thing = MadeOnce<Thing>()
  }

  @Test("every thread sees the same one, and it goes with its owner")
  func shared() async {
    do {
      let owner = Owner()
      let seen = await withTaskGroup(of: ObjectIdentifier.self) { group in
        for _ in 0..<64 { group.addTask { ObjectIdentifier(owner.thing.value { Thing() }) } }
        return await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(seen.count == 1)
      #expect(Thing.livingCount.load(ordering: .relaxed) == 1)
    }
    _ = Owner()
    #expect(Thing.livingCount.load(ordering: .relaxed) == 0)
  }
}
