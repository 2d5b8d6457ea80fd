import CSandbox

/// Libraries that few documents need: a copy of this process can be made without them.
///
/// A third of the areas of memory of what reads documents belong to what reads PDFs, and each area costs a copy of the
/// process time at its start and at its end.
package struct SeldomUsedLibraries: ~Copyable {
  private let isAny: Bool
  private var areCopied = true

  /// Finds the libraries of this process, and those that only they need.
  ///
  /// - Parameter names: What their file names begin with, such as `libqpdf.so`.
  package init(_ names: [String]) {
    let found = unsafe ChildProcess.withStrings(names) { start in
      unsafe sandbox_find_seldom_used(start, names.count)
    }
    isAny = found > 0
  }

  /// Says whether the copies that are made from now on have the libraries; at first they do.
  ///
  /// - Returns: Whether they have: where there are none, or the system refuses, copies have all that there is.
  package mutating func copy(_ areWanted: Bool) -> Bool {
    guard isAny, areWanted != areCopied else { return areCopied }
    if sandbox_copy_seldom_used(areWanted ? 1 : 0) == 0 { areCopied = areWanted }
    return areCopied
  }
}
