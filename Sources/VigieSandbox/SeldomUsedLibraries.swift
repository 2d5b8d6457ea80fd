import CSandbox

/// Libraries that not all documents need: a copy of this process can be made without them.
///
/// Most areas of memory of what reads documents belong to what reads PDFs, archives, markup, foreign encodings and packed
/// data, and each area costs a copy of the process time at its start and at its end. To leave one out costs time too: what is
/// copied often is best a copy without them itself.
package struct SeldomUsedLibraries: ~Copyable {
  /// Whether there is any.
  package let isAny: Bool
  private let highest: Int
  private var level: Int

  /// Finds the libraries of this process, and those that only they need.
  ///
  /// - Parameter names: What their file names begin with, such as `libqpdf.so`: the first ones are those that copies
  ///   of level 0 go without, the second ones those of level 1 too, and so on.
  package init(_ names: [[String]]) {
    let levels = names.enumerated().flatMap { level, names in names.map { _ in CInt(level + 1) } }
    let found = unsafe ChildProcess.withStrings(names.flatMap { $0 }) { start in
      unsafe sandbox_find_seldom_used(start, levels, levels.count)
    }
    isAny = found > 0
    highest = names.count
    level = names.count
  }

  /// Says which libraries the copies that are made from now on have; at first they have all.
  ///
  /// - Parameter wanted: The level.
  package mutating func copy(_ wanted: Int) {
    let wanted = min(max(0, wanted), highest)
    guard isAny, wanted != level else { return }
    // Where the system refuses they have some more, which does no harm.
    _ = sandbox_copy_seldom_used(CInt(wanted))
    level = wanted
  }
}
