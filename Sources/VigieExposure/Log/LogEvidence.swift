/// What an access log says that the accounts really asked for, in the time that is asked about.
///
/// Its size grows with the rooms and media that were asked for, not with the log.
package struct LogEvidence: Sendable {
  /// What was asked of one room.
  struct Room: Sendable {
    /// Answered requests for what was said.
    var readingCount = 0
    /// The most messages that the answers can have held.
    var messageLimit = 0
    /// The most messages that one request says it got; only tables say so.
    var countedMost = 0
    /// Whether the list of members was handed out, and when last.
    var membersRead: Int?
    /// Answered requests to enter.
    var joinCount = 0
    /// Bytes of the answers.
    var byteCount = 0
  }

  /// One request, from whatever log.
  struct Request: Sendable, Equatable {
    var time: Int
    var account: String
    var address: String?
    var status = 200
    var byteCount = 0
    var action: Action
  }

  /// What is asked for.
  enum Action: Sendable, Equatable {
    /// Messages of a room, at most so many; exactly so many where the log counts them.
    case messages(room: String, limit: Int, counted: Int?)
    /// One message, and at most so many around it.
    case event(room: String, id: String, around: Int)
    case members(room: String)
    case join(room: String)
    /// What is new in every room of the account, or what a search over them finds.
    case everyRoom
    /// One file; whether a smaller picture of it.
    case media(address: String, isThumbnail: Bool)
    case profile(account: String)
    /// A search for people.
    case directory
    /// Anything that hands out nothing people said.
    case other
  }

  /// Lines of the log, and those among them that are requests.
  package internal(set) var lineCount = 0
  /// Lines that look like requests and could not be read.
  package internal(set) var unreadCount = 0
  /// The first and the last request of anybody, milliseconds since 1970.
  package internal(set) var times: ClosedRange<Int>?
  /// Requests of the accounts in the window.
  package internal(set) var requestCount = 0
  /// Those that were answered with what was asked for.
  package internal(set) var answeredCount = 0
  /// Bytes sent to the accounts in the window.
  package internal(set) var byteCount = 0
  /// Requests by address, of at most ``maxAddressCount`` addresses.
  package internal(set) var addresses: [String: Int] = [:]
  /// Media that were asked for without saying by whom.
  package internal(set) var anonymousMediaCount = 0
  /// Requests of the accounts from addresses that were not asked about.
  package internal(set) var otherAddressCount = 0
  var rooms: [String: Room] = [:]
  /// Single messages, by room and id.
  var events: Set<UInt64> = []
  /// Files handed out whole, with the bytes of the first answer that held each.
  var media: [UInt64: Int] = [:]
  /// Files of which less or nothing may have been sent: smaller pictures, addresses elsewhere.
  var partialMedia: Set<UInt64> = []
  var profiles: Set<UInt64> = []
  var everyRoomCount = 0
  var directoryCount = 0
  private let accounts: Set<String>
  private let window: Range<Int>
  private let onlyAddresses: Set<String>
  /// The first and last request of anybody in each hour of the window and the hours beside it.
  private var hours: [Int: ClosedRange<Int>] = [:]

  /// The addresses that are counted one by one.
  package static let maxAddressCount = 1000

  /// Evidence of nothing yet.
  ///
  /// - Parameters:
  ///   - question: What is asked.
  ///   - addresses: The addresses whose requests count; all where there are none.
  package init(_ question: Question, addresses: Set<String> = []) {
    accounts = Set(question.accounts)
    window = question.window
    onlyAddresses = addresses
  }

  /// Takes a request of anybody.
  mutating func add(_ said: Request) {
    var request = said
    // What a log says is not always true; sums must stay numbers all the same.
    request.byteCount = min(max(0, said.byteCount), 1 << 40)
    noteTime(request.time)
    guard window.contains(request.time) else { return }
    guard accounts.contains(request.account) else {
      if request.account.isEmpty, case .media = request.action, request.status < 400 {
        anonymousMediaCount += 1
      }
      return
    }
    if !onlyAddresses.isEmpty, !onlyAddresses.contains(request.address ?? "") {
      otherAddressCount += 1
      return
    }
    requestCount += 1
    byteCount += request.byteCount
    if let address = request.address,
      addresses[address] != nil || addresses.count < LogEvidence.maxAddressCount
    {
      addresses[address, default: 0] += 1
    }
    guard (200..<400).contains(request.status) else { return }
    answeredCount += 1
    take(request)
  }

  private mutating func take(_ request: Request) {
    switch request.action {
    case .messages(let room, let limit, let counted):
      rooms[room, default: Room()].readingCount += 1
      rooms[room, default: Room()].messageLimit += counted ?? limit
      rooms[room, default: Room()].byteCount += request.byteCount
      if let counted {
        rooms[room, default: Room()].countedMost = max(rooms[room]?.countedMost ?? 0, counted)
      }
    case .event(let room, let id, let around):
      rooms[room, default: Room()].readingCount += 1
      rooms[room, default: Room()].messageLimit += 1 + around
      rooms[room, default: Room()].byteCount += request.byteCount
      events.insert(Survey.key(room: room, message: id))
    case .members(let room):
      let known = rooms[room]?.membersRead ?? request.time
      rooms[room, default: Room()].membersRead = max(known, request.time)
    case .join(let room): rooms[room, default: Room()].joinCount += 1
    case .everyRoom: everyRoomCount += 1
    case .media(let address, let isThumbnail):
      if isThumbnail || request.status >= 300 {
        partialMedia.insert(address.identity)
      } else if media[address.identity] == nil {
        media[address.identity] = request.byteCount
      }
    case .profile(let account): profiles.insert(account.identity)
    case .directory: directoryCount += 1
    case .other: break
    }
  }

  /// Notes when the log says something, to know how long it says nothing; logs come in any order.
  private mutating func noteTime(_ time: Int) {
    func widened(_ range: ClosedRange<Int>?) -> ClosedRange<Int> {
      range.map { min($0.lowerBound, time)...max($0.upperBound, time) } ?? time...time
    }
    times = widened(times)
    let near = window.lowerBound - LogEvidence.slack..<window.upperBound + LogEvidence.slack
    guard near.contains(time) else { return }
    let hour = time / LogEvidence.slack
    hours[hour] = widened(hours[hour])
  }

  /// The longest time within the window without a request of anybody, where it is over an hour.
  package var silence: Range<Int>? {
    var longest = window.lowerBound..<window.lowerBound
    var last = window.lowerBound
    let ends = [window.upperBound...window.upperBound]
    for hour in hours.values.sorted(by: { $0.lowerBound < $1.lowerBound }) + ends {
      let quiet = (last..<max(last, hour.lowerBound)).clamped(to: window)
      if quiet.count > longest.count { longest = quiet }
      last = max(last, hour.upperBound)
    }
    return longest.count > LogEvidence.slack ? longest : nil
  }

  /// Whether the log says something before, or at, both ends of the window.
  package var coversWindow: Bool {
    guard let times else { return false }
    return times.lowerBound <= window.lowerBound + LogEvidence.slack
      && times.upperBound >= window.upperBound - LogEvidence.slack
  }

  /// How long a log of a server in use says nothing at most, milliseconds: an hour.
  package static let slack = 3_600_000
}
