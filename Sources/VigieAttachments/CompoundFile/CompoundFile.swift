/// A compound file (OLE2): storages and streams in one file, as old Office files and saved Outlook
/// messages are.
///
/// Own code: libgsf gives no more than the streams, for a dependency on GObject; the parsers above
/// it have to be checked against hostile bytes all the same. Every chain of sectors is followed at
/// most as far as the length of its stream, and all reads together at most as far as some times
/// the file, so that chains that run in circles or share sectors cost nothing.
///
/// *Source:* [MS-CFB] 12.0.
struct CompoundFile {
  /// A storage or stream of the directory.
  struct Entry {
    /// The name, UTF-8.
    var name: String
    /// The name in lower case.
    var key: String
    /// Whether it holds other entries.
    var isStorage: Bool
    /// The first sector of a stream.
    var start: Int
    /// The length of a stream in bytes.
    var byteCount: Int
    /// The entries of a storage, by their numbers.
    var children: [Int] = []
  }

  /// The signature.
  ///
  /// *Source:* [MS-CFB] §2.2.
  static let signature: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
  /// The number of the root storage in the directory.
  static let root = 0

  /// The directory; entries that nothing leads to are children of the root.
  private(set) var entries: [Entry] = []
  /// What is damaged: a chain that ends early or runs in a circle, sectors beyond the end.
  private(set) var isDamaged = false

  private let file: Octets
  private let sectorShift: Int
  private let miniSectorShift: Int
  private let miniCutoff: Int
  private var fat: [UInt32] = []
  private var miniFAT: [UInt32] = []
  private var miniStream = Octets([])
  private var budget: Int

  /// The greatest regular sector number.
  ///
  /// *Source:* [MS-CFB] §2.1.
  private static let maxSector: UInt32 = 0xFFFF_FFFA
  /// Entries read of a directory, at most.
  private static let maxEntryCount = 1 << 17

  /// Reads the tables and the directory, or `nil` where the bytes are no compound file.
  init?(_ file: Octets) {
    guard file.starts(with: CompoundFile.signature), let shift = file.u16(0x1E) else { return nil }
    self.file = file
    // Files in the wild lie about the version; the shift alone says how long a sector is.
    sectorShift = shift == 12 ? 12 : 9
    miniSectorShift = 6
    miniCutoff = 4096
    // No sound stream is read more than twice.
    budget = file.count * 4 + (1 << 20)
    readFAT()
    guard let directory = file.u32(0x30), readDirectory(at: directory) else { return nil }
    if let start = file.u32(0x3C) { miniFAT = words(chain(from: start, limit: file.count)) }
    let rootEntry = entries[CompoundFile.root]
    miniStream = Octets(chain(from: rootEntry.start, limit: min(rootEntry.byteCount, file.count)))
  }

  // MARK: Sectors

  private func sector(_ number: Int) -> Octets {
    // Sector 0 follows the header, which fills a sector of its own.
    guard number < 1 << 32 else { return Octets([]) }
    return file.clamped((number + 1) << sectorShift, 1 << sectorShift)
  }

  private mutating func readFAT() {
    var sectors: [Int] = []
    for index in 0..<109 {
      guard let number = file.u32(0x4C + index * 4), number < CompoundFile.maxSector else { break }
      sectors.append(number)
    }
    // Each sector of the table holds numbers of others and ends with that of its successor.
    let perSector = (1 << sectorShift) / 4 - 1
    var next = file.u32(0x44) ?? 0
    let most = file.count >> sectorShift + 1
    var seen: Set<Int> = []
    while next < CompoundFile.maxSector, sectors.count < most, seen.insert(next).inserted {
      let table = sector(next)
      if table.count == 0 { break }
      for index in 0..<perSector {
        guard let number = table.u32(index * 4), number < CompoundFile.maxSector else { break }
        sectors.append(number)
      }
      next = table.u32(perSector * 4) ?? Int(UInt32.max)
    }
    fat.reserveCapacity(min(most, sectors.count << (sectorShift - 2)))
    for number in sectors where fat.count <= most { fat += words(sector(number).array) }
  }

  private func words(_ bytes: [UInt8]) -> [UInt32] {
    let octets = Octets(bytes)
    return (0..<bytes.count / 4).map { UInt32(truncatingIfNeeded: octets.u32($0 * 4) ?? 0) }
  }

  /// The bytes of a chain of sectors, up to a limit.
  private mutating func chain(from start: Int, limit: Int) -> [UInt8] {
    var result: [UInt8] = []
    let limit = min(limit, budget)
    guard limit > 0 else { return [] }
    result.reserveCapacity(min(limit, file.count))
    var number = start
    // A chain of whole tables has no length: the number of sectors of the file bounds it.
    var left = min(file.count, limit) >> sectorShift + 1
    while result.count < limit, number < CompoundFile.maxSector, left > 0 {
      let part = sector(number)
      guard part.count > 0 else {
        isDamaged = true
        break
      }
      result += part.bytes.prefix(limit - result.count)
      left -= 1
      guard number < fat.count else {
        isDamaged = true
        break
      }
      number = Int(fat[number])
    }
    budget -= result.count
    return result
  }

  private mutating func miniChain(from start: Int, limit: Int) -> [UInt8] {
    var result: [UInt8] = []
    var number = start
    let limit = min(limit, budget, miniCutoff)
    while result.count < limit, number < CompoundFile.maxSector {
      let part = miniStream.clamped(number << miniSectorShift, 1 << miniSectorShift)
      guard part.count > 0 else {
        isDamaged = true
        break
      }
      result += part.bytes.prefix(limit - result.count)
      guard number < miniFAT.count else {
        isDamaged = true
        break
      }
      number = Int(miniFAT[number])
    }
    budget -= result.count
    return result
  }

  // MARK: Directory

  private mutating func readDirectory(at start: Int) -> Bool {
    let directory = Octets(chain(from: start, limit: file.count))
    var links: [(left: Int, right: Int, child: Int)] = []
    while entries.count < CompoundFile.maxEntryCount,
      let record = directory.slice(entries.count * 128, 128)
    {
      let nameByteCount = max(0, min((record.u16(64) ?? 0) - 2, 62))
      let name = record.clamped(0, nameByteCount).utf16Decoded.string
      let type = record.u8(66) ?? 0
      var byteCount = record.u32(120) ?? 0
      // The upper half means something in version 4 alone; writers of version 3 left rubbish there.
      if sectorShift == 12, let high = record.u32(124), high != 0 { byteCount = .max }
      entries.append(
        Entry(
          name: type == 0 ? "" : name,
          key: type == 0 ? "" : name.lowercased(),
          isStorage: type == 1 || type == 5,
          start: record.u32(116) ?? 0,
          byteCount: byteCount
        )
      )
      links.append((record.u32(68) ?? -1, record.u32(72) ?? -1, record.u32(76) ?? -1))
    }
    guard !entries.isEmpty else { return false }
    var isReached = [Bool](repeating: false, count: entries.count)
    isReached[0] = true
    var storages = [0]
    while let storage = storages.popLast() {
      var open = [links[storage].child]
      while let number = open.popLast() {
        guard number >= 0, number < entries.count, !isReached[number] else { continue }
        isReached[number] = true
        entries[storage].children.append(number)
        if entries[number].isStorage { storages.append(number) }
        open.append(links[number].right)
        open.append(links[number].left)
      }
    }
    // A stream that hangs on nothing is still in the file; a broken tree must not hide it.
    for number in entries.indices where !isReached[number] && !entries[number].name.isEmpty {
      isDamaged = true
      entries[0].children.append(number)
    }
    return true
  }

  // MARK: Access

  /// The entry of a name in a storage, whatever its case, or `nil`.
  func entry(_ name: String, in storage: Int) -> Int? {
    let wanted = name.lowercased()
    return entries[storage].children.first { entries[$0].key == wanted }
  }

  /// The storage of a name in a storage.
  func storage(_ name: String, in storage: Int) -> Int? {
    entry(name, in: storage).flatMap { entries[$0].isStorage ? $0 : nil }
  }

  /// The bytes of a stream; fewer than it claims where its chain is broken.
  mutating func stream(_ number: Int) -> Octets {
    let entry = entries[number]
    guard !entry.isStorage, entry.byteCount > 0 else { return Octets([]) }
    if entry.byteCount < miniCutoff {
      let bytes = miniChain(from: entry.start, limit: entry.byteCount)
      if bytes.count < entry.byteCount { isDamaged = true }
      return Octets(bytes)
    }
    let limit = min(entry.byteCount, file.count)
    guard limit <= budget else {
      isDamaged = true
      return Octets([])
    }
    if let whole = contiguous(from: entry.start, byteCount: limit) {
      budget -= limit
      return whole
    }
    let bytes = chain(from: entry.start, limit: limit)
    if bytes.count < entry.byteCount { isDamaged = true }
    return Octets(bytes)
  }

  /// A stream whose sectors follow one another, as most do: no copy.
  private func contiguous(from start: Int, byteCount: Int) -> Octets? {
    let count = (byteCount - 1) >> sectorShift + 1
    guard start < fat.count, count <= fat.count - start else { return nil }
    for number in start..<start + count - 1 where Int(fat[number]) != number + 1 { return nil }
    return file.slice((start + 1) << sectorShift, byteCount)
  }

  /// The bytes of the stream of a name in a storage, or `nil` where there is none.
  mutating func stream(_ name: String, in storage: Int) -> Octets? {
    guard let number = entry(name, in: storage), !entries[number].isStorage else { return nil }
    return stream(number)
  }
}
