import Glibc
import VigieReports
import VigieThreads

/// A bar on standard error while a scan runs, with its rate and the time that is left; nothing in a pipe.
final class ProgressBar {
  /// How long the rate is looked at before it is shown, nanoseconds.
  private static let settlingTime: UInt64 = 2_000_000_000
  /// The least time between two drawings, nanoseconds.
  private static let interval: UInt64 = 100_000_000

  /// Whether the bar is drawn.
  var isShown: Bool
  private let total: Int
  private var finished = 0
  private var lastDrawn: UInt64 = 0
  private var start: UInt64
  /// The bytes that stood before the bar at its start, which cost no time.
  private var startByteCount = 0
  private let terminal: Terminal

  init(total: Int) {
    self.total = total
    terminal = Terminal(descriptor: 2)
    isShown = isatty(2) == 1 && Terminal.environment("TERM") != "dumb"
    start = Monitor.now
  }

  /// Starts to measure the rate here: what was read before was not judged now.
  func restart(read byteCount: Int) {
    start = Monitor.now
    startByteCount = finished + byteCount
  }

  /// Draws the bar where it is time to.
  func show(read byteCount: Int) {
    guard isShown, total > 0 else { return }
    let now = Monitor.now
    guard now - lastDrawn >= ProgressBar.interval else { return }
    lastDrawn = now
    let done = finished + byteCount
    let share = min(1000, done * 1000 / total)
    let width = min(30, terminal.width - 50)
    let full = share * width / 1000
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
    var text = "\(bar) \(share / 10) % · \(Terminal.size(done)) of \(Terminal.size(total))"
    text += ProgressBar.pace(
      byteCount: done - startByteCount,
      left: total - done,
      nanoseconds: now - start
    )
    put("\r\(text)\u{1B}[K")
  }

  /// The rate and the time that is left, or nothing while neither can be said.
  static func pace(byteCount: Int, left: Int, nanoseconds: UInt64) -> String {
    guard nanoseconds >= settlingTime, byteCount > 0 else { return "" }
    let rate = Double(byteCount) / (Double(nanoseconds) / 1e9)
    let seconds = Int((Double(max(0, left)) / rate).rounded(.up))
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let clock =
      seconds >= 3600
      ? "\(seconds / 3600):\(padded(seconds / 60 % 60)):\(padded(seconds % 60))"
      : "\(seconds / 60):\(padded(seconds % 60))"
    return " · \(Terminal.size(Int(rate)))/s · \(clock) left"
  }

  /// Counts an archive that is done.
  func finishPart(_ byteCount: Int) { finished += byteCount }

  /// Takes the bar away.
  func clear() { if isShown { put("\r\u{1B}[K") } }

  private func put(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
  }
}
