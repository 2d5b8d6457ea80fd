import VigieArchives
package import VigieCore
package import VigieReports

/// What some accounts could have read, and as far as a log says it what they did read.
package struct ExposureReport: Sendable {
  /// One kind of thing in one sum.
  package struct Sums: Sendable {
    package var rooms = Figure()
    package var accounts = Figure()
    package var messages = Figure()
    package var media = Figure()
    package var mediaByteCount = Figure()
    /// Messages with a marking of `restricted` or above; `nil` where texts were not inspected.
    package var marked: Figure?
  }

  /// What could be read, beside the sums.
  package struct Details: Sendable {
    package var inWindow = Figure()
    package var edits = Figure()
    package var encrypted = Figure()
    package var encryptedMedia = Figure()
    package var redacted = Figure()
    package var system = Figure()
    package var uninspected = Figure()
    /// Messages with a marking, by level.
    package var levels: [Level: Figure] = [:]
    /// Messages that are possible only, by why.
    package var doubts: [Doubt: Int] = [:]
  }

  /// What the log shows, beside the sums.
  package struct Requests: Sendable {
    package var count = 0
    package var answered = 0
    package var byteCount = 0
    /// Requests by address, most first.
    package var addresses: [(address: String, count: Int)] = []
    /// The first and last request of anybody in the log, milliseconds since 1970.
    package var times: ClosedRange<Int>?
  }

  /// Where the items of one kind in the archives went: the parts add up to the total.
  package struct Reckoning: Sendable, Equatable {
    package var kind: String
    /// Its name in JSON.
    var name: String {
      kind == "file" ? "media" : kind == "encrypted" || kind == "system" ? kind : kind + "s"
    }
    /// Those in reach, for sure or not.
    package var readable = 0
    /// Those that were taken away before the time.
    package var gone = 0
    /// Those out of reach.
    package var closed = 0

    package var total: Int { readable + gone + closed }
  }

  /// One room.
  package struct Room: Sendable {
    package var id: String
    package var name: String?
    package var way: Way
    package var isCertain: Bool
    package var isEncrypted: Bool
    package var accounts = Figure()
    package var messages = Figure()
    package var encrypted = Figure()
    package var files = Figure()
    package var levels: [Level: Figure] = [:]
    /// Messages that were read; `nil` without a log.
    package var read: Figure?
    /// Answered requests for what was said; `nil` without a log.
    package var requests: Int?
    /// The chief doubt, where the two ends differ.
    package var doubt: Doubt?
  }

  /// Something that was not looked at, or is not known.
  package struct Lack: Sendable, Equatable {
    /// A name for programs.
    package var name: String
    /// How many, where that can be said.
    package var count: Int?
    /// What, in words, without a full stop.
    package var words: Phrase
  }

  package var question: Question
  package var archives: [ScanDescription.Archive]
  /// The id of the rules; `nil` where texts were not inspected.
  package var ruleset: String?
  /// The rules in full; `nil` where texts were not inspected.
  package var applied: AppliedRules?
  package var could = Sums()
  package var details = Details()
  package var did: Sums?
  /// How what the archives hold adds up, by kind.
  package var reckonings: [Reckoning] = []
  package var requests: Requests?
  /// The rooms in reach, the most exposed first.
  package var rooms: [Room] = []
  /// Rooms of the archives that were out of reach.
  package var closedRoomCount = 0
  package var claims: [JudgedClaim] = []
  package var lacks: [Lack] = []

  /// A number for people: bytes in their unit, all else with narrow spaces, which ``Phrase/plain`` undoes.
  package static func show(_ count: Int, of subject: Claim.Subject) -> String {
    subject == .bytes ? Terminal.size(count) : HTMLWriter.grouped(count)
  }

  /// Whether marked content was, or may have been, in reach.
  package var hasMarked: Bool { (could.marked?.possible ?? 0) > 0 }
}
