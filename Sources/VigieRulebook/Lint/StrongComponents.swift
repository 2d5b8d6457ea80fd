/// The strongly connected components of a graph, sinks first.
///
/// *Source:* R. Tarjan, "Depth-first search and linear graph algorithms" (1972).
struct StrongComponents {
  /// The component of each state.
  private(set) var number: [Int]
  /// The states of each component, in order.
  private(set) var members: [[Int]] = []

  /// The components of a graph given as the targets of each state.
  init(_ targets: [[Int]]) {
    let count = targets.count
    number = Array(repeating: -1, count: count)
    var order = Array(repeating: -1, count: count)
    var low = Array(repeating: 0, count: count)
    var isOpen = Array(repeating: false, count: count)
    var stack: [Int] = []
    var next = 0
    for root in 0..<count where order[root] < 0 {
      // A stack of its own: an expression may be as deep as it is long.
      var work = [(state: root, edge: 0)]
      while let (state, edge) = work.last {
        if edge == 0 {
          order[state] = next
          low[state] = next
          next += 1
          stack.append(state)
          isOpen[state] = true
        }
        if edge < targets[state].count {
          work[work.count - 1].edge += 1
          let target = targets[state][edge]
          if order[target] < 0 {
            work.append((target, 0))
          } else if isOpen[target] {
            low[state] = min(low[state], order[target])
          }
          continue
        }
        work.removeLast()
        if let parent = work.last?.state { low[parent] = min(low[parent], low[state]) }
        if low[state] == order[state] {
          var group: [Int] = []
          while let member = stack.popLast() {
            isOpen[member] = false
            number[member] = members.count
            group.append(member)
            if member == state { break }
          }
          members.append(group.sorted())
        }
      }
    }
  }
}
