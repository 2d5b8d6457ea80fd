import VigieCrypto

/// The lock of a presentation of PowerPoint 2002 and 2003, opened with a password that PowerPoint tries by itself.
///
/// *Source:* [MS-PPT] §2.3.7 (CryptSession10Container); [MS-OFFCRYPTO] §2.3.5.
struct PresentationLock {
  /// The lock of the objects, and of the streams beside the presentation.
  let lock: StreamLock
  /// Where the objects of the presentation lie, by their numbers.
  private let objects: [(number: Int, offset: Int)]

  /// A lock from the streams of a presentation, or `nil` where no such password opens it.
  init?(_ stream: Octets, currentUser: Octets) {
    var offset = currentUser.u32(16) ?? 0
    var seen: Set<Int> = []
    var places: [Int: Int] = [:]
    var session: Int?
    while offset > 0, seen.insert(offset).inserted,
      stream.u16(offset + 2) == LegacyPowerPoint.Record.userEdit,
      let directory = stream.u32(offset + 20)
    {
      session = session ?? stream.u32(offset + 36)
      let length = stream.u32(directory + 4) ?? 0
      let entries = LegacyPowerPoint.directory(stream.clamped(directory + 8, length))
      // The last save is met first, and what it says of an object stands.
      places.merge(entries) { first, _ in first }
      offset = stream.u32(offset + 16) ?? 0
    }
    guard let session, let place = places.removeValue(forKey: session),
      stream.u16(place + 2) == LegacyPowerPoint.Record.cryptSession,
      let length = stream.u32(place + 4),
      let lock = StreamLock(stream.clamped(place + 8, length))
    else { return nil }
    self.lock = lock
    objects = places.map { ($0.key, $0.value) }.sorted { $0.offset < $1.offset }
  }

  /// Returns the presentation with each object as it was.
  func opened(_ stream: Octets) -> Octets {
    var bytes = stream.array
    // No two objects share bytes; where they do, the first has them.
    var end = 0
    for object in objects where object.offset >= end && object.offset + 8 <= bytes.count {
      guard var cipher = lock.stream(of: object.number) else { continue }
      cipher.decrypt(&bytes[object.offset..<object.offset + 8])
      let length = Octets(Array(bytes[object.offset + 4..<object.offset + 8])).u32(0) ?? 0
      end = min(bytes.count, object.offset + 8 + length)
      cipher.decrypt(&bytes[object.offset + 8..<end])
    }
    return Octets(bytes)
  }

  /// Returns the stream `Pictures` as it was: each field of a picture is locked by itself.
  ///
  /// *Source:* [MS-PPT] §2.1.3 (Pictures stream); [MS-ODRAW] §2.2.24 to §2.2.32 for the fields.
  func openedPictures(_ stream: Octets) -> Octets {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(stream.count)
    while bytes.count + 8 <= stream.count {
      func open(_ count: Int) {
        let field = stream.clamped(bytes.count, count)
        bytes += lock.decrypted(field, block: 0)
      }
      let start = bytes.count
      open(8)
      let header = Octets(Array(bytes[start...]))
      guard let kind = header.u16(2), let length = header.u32(4) else { break }
      let end = min(stream.count, start + 8 + length)
      // One digest of 16 bytes or two, the second where the instance is odd; then what says how it is packed.
      open(min(16, end - bytes.count))
      if header.u16(0).map({ $0 >> 4 & 1 }) == 1 { open(min(16, end - bytes.count)) }
      open(min((0xF01A...0xF01C).contains(kind) ? 34 : 1, end - bytes.count))
      open(end - bytes.count)
    }
    return Octets(bytes)
  }
}
