import VigieOptions
import VigieBatch
import VigieReports
import VigieStore

/// A scan that is kept, while the command runs.
final class ScanSession {
  /// What scans.
  let scan: StoredScan
  private let store: ScanStore
  private let lock: ScanLock

  init(_ scan: StoredScan, in store: ScanStore, _ lock: ScanLock) {
    self.scan = scan
    self.store = store
    self.lock = lock
  }

  /// Ends the run and says what it changed.
  func finish(quiet: Bool) throws {
    do {
      let changes = try scan.end()
      try store.close()
      if !quiet { Terminal.complain(summary(of: changes)) }
    } catch let failure as StoredScan.Failure {
      throw self.failure(failure, path: "")
    } catch let failure as StoreFailure {
      throw CommandFailure(failure)
    }
  }

  private func summary(of changes: RunChanges) -> String {
    var parts = ["\(Terminal.count(changes.itemCount, "finding")) by fingerprint"]
    parts.append("\(Terminal.grouped(changes.newCount)) new")
    if changes.baselineCount > 0 {
      parts.append("\(Terminal.grouped(changes.baselineCount)) known as false alarm or accepted")
    }
    if changes.closedCount > 0 { parts.append("\(Terminal.grouped(changes.closedCount)) gone") }
    if scan.reusedCount > 0 {
      parts.append("\(Terminal.count(scan.reusedCount, "message")) as in earlier runs")
    }
    return "vigie: run \(scan.run.id) in \(store.path): " + parts.joined(separator: ", ")
  }

  /// A failure in words.
  func failure(_ failure: StoredScan.Failure, path: String) -> CommandFailure {
    switch failure {
    case .store(let failure):
      CommandFailure(
        "\(failure.path): \(failure.reason)",
        mend: "\(failure.mend); what was found before is kept: go on with --resume"
      )
    case .changed:
      CommandFailure(
        "\(path): does not hold what run \(scan.run.id) found in it before it was cut off",
        mend: "leave --resume away: a new run is begun"
      )
    }
  }

  /// Says that the scan was stopped and how it goes on.
  func complainOfInterruption(deliveredCount: Int, reports: [String]) {
    let unfinished = reports.isEmpty ? "" : "; its reports are not whole"
    Terminal.complain(
      "vigie: stopped; run \(scan.run.id) keeps \(Terminal.count(deliveredCount, "event"))\(unfinished)\n"
        + "  mend: give the same command once more, with --resume"
    )
  }
}
