import Glibc
import VigieAudit
import VigieCore
import VigieFilter
import VigieHook

/// Whether a hook that works for hours needs more memory than one that has just begun.
struct Soak {
  /// Every so many messages one is long, for the threads.
  private static let longEvery = 10_000

  let filter: Filter
  let records: Records

  /// Judges so many messages, and prints after each tenth how much memory the process holds.
  ///
  /// - Parameters:
  ///   - count: How many messages.
  ///   - audit: Where the audit is kept.
  func run(_ count: Int, audit: any AuditSink) async {
    let hook = PreSendHook(filter, audit: audit)
    let messages = Jobs.messages(records.texts)
    let long = Message(
      id: "long",
      body: messages.prefix(2_000).compactMap(\.body).joined(separator: "\n")
    )
    var stopped = 0
    var late = 0
    for number in 1...max(1, count) {
      let message = number % Soak.longEvery == 0 ? long : messages[number % messages.count]
      let reply = await hook.review(message)
      if reply.verdict.isStop { stopped += 1 }
      if reply.failure != nil { late += 1 }
      if number % max(1, count / 10) == 0 {
        let memory = "\(Soak.residentKilobytes) KB"
        print("soak", number, "checks", memory, stopped, "stopped", late, "late")
        fflush(nil)
      }
    }
  }

  /// The memory that the process holds, kilobytes.
  ///
  /// *Source:* proc(5), `/proc/self/statm`, second field, pages.
  private static var residentKilobytes: Int {
    guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 128)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    let fields = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
    let pages = fields.count > 1 ? Int(fields[1]) ?? 0 : 0
    return pages * Int(sysconf(CInt(_SC_PAGESIZE))) / 1024
  }
}
