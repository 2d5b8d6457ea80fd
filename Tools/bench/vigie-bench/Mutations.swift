import Glibc
import VigieCore
import VigieDocuments
import VigieWorkers

/// Damages documents by lot and reads them with real workers: whatever is in a file, this process goes on,
/// and nothing of the file stays open or in memory.
///
/// The same seed damages in the same way, so that what goes wrong can be looked at again.
struct Mutations {
  /// Documents of one format: the files of a folder whose names end alike.
  private struct Format {
    /// Folder and ending, `archives/7z`; the folder alone where names have no ending.
    var name: String
    var files: [[UInt8]]
  }

  /// What happened to the documents of one format.
  private struct Outcome {
    var count = 0
    var texts = 0
    /// Documents by the reasons of their gaps.
    var gaps: [GapReason: Int] = [:]
    var slowest: UInt64 = 0
    var elapsed: UInt64 = 0
  }

  /// What one document may spend: a damaged one that takes long is found out.
  ///
  /// The time is that of any document. With less of it, sound pages were stopped wherever the machine had other work.
  private static let limits = DocumentLimits(
    maxMilliseconds: 10_000,
    maxPictureCount: 2,
    maxPictureMilliseconds: 10_000
  )

  /// What the slowest document may take, nanoseconds; whatever takes longer was not stopped.
  ///
  /// Its deadline, that of its pictures, and a second for a machine that is busy.
  private static let longest =
    UInt64(limits.maxMilliseconds + limits.maxPictureCount * limits.maxPictureMilliseconds + 1_000)
    * 1_000_000

  /// The numbers by which lengths and offsets are wrong as a rule.
  private static let extremes: [[UInt8]] = [
    [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [0, 0, 0, 0],
    [1, 0, 0, 0],
  ]

  /// Without a cache, so that each document is read.
  private let workers: ParseWorkers = {
    var configuration = ParseWorkers.Configuration.ofEnvironment
    configuration.cacheByteCount = 0
    return ParseWorkers(configuration)
  }()
  private var lot: UInt64
  /// A folder for the documents that killed their reader or outlived their deadline, to look at.
  private var keep: String?

  /// Reads mutations of the files below a folder, so many of each format.
  ///
  /// - Parameters:
  ///   - root: A folder of folders, such as `Corpus/attachments`.
  ///   - count: Documents of each format.
  ///   - seed: Of the damage. Each format begins with it, so that one alone is damaged as among others.
  ///   - names: Formats as they are printed, or folders; all of them where none is named.
  ///   - keep: A folder that documents are written to which killed their reader or outlived their deadline.
  /// - Returns: Whether nothing was left behind and nothing went on beyond its deadline.
  static func run(_ root: String, count: Int, seed: UInt64, names: [String], keep: String?) -> Bool
  {
    var mutations = Mutations(lot: seed, keep: keep)
    let formats = formats(below: root).filter { format in
      names.isEmpty || names.contains { $0 == format.name || format.name.hasPrefix("\($0)/") }
    }
    guard !formats.isEmpty else {
      print("no documents below the folder")
      return false
    }
    var isSound = true
    // The workers and their caches are there before anything is measured.
    for format in formats { _ = mutations.read(format.files[0]) }
    for format in formats {
      mutations.lot = seed
      let before = Remains.now()
      let outcome = mutations.run(format, count)
      let after = Remains.now()
      let grown = after.byteCount - before.byteCount
      var faults: [String] = []
      // The allocator keeps what the largest document took, some 40 MiB; what leaks grows with every one.
      if grown > max(96 << 20, count * 1_024) { faults.append("LEAKS MEMORY") }
      if after.descriptorCount > before.descriptorCount + 4 { faults.append("LEAKS DESCRIPTORS") }
      if outcome.slowest > longest { faults.append("HANGS") }
      if !faults.isEmpty { isSound = false }
      let gaps = outcome.gaps.sorted { $0.key.rawValue < $1.key.rawValue }
        .map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
      print(
        "\(format.name): \(outcome.count) documents of \(format.files.count), \(outcome.elapsed / 1_000_000) ms, "
          + "slowest \(outcome.slowest / 1_000_000) ms, \(outcome.texts) texts; "
          + "memory \(grown / 1_024) KiB, descriptors \(before.descriptorCount) → "
          + "\(after.descriptorCount): \(faults.isEmpty ? "sound" : faults.joined(separator: ", ")); gaps: \(gaps)"
      )
      fflush(nil)
    }
    return isSound
  }

  private mutating func run(_ format: Format, _ count: Int) -> Outcome {
    var outcome = Outcome()
    let start = Clock.wall()
    for index in 0..<count {
      let bytes = mutated(format.files[index % format.files.count])
      let begin = Clock.wall()
      let extraction = read(bytes)
      outcome.slowest = max(outcome.slowest, Clock.wall() - begin)
      outcome.count += 1
      outcome.texts += extraction.texts.count
      let reasons = Set(extraction.gaps.map(\.reason))
      for reason in reasons { outcome.gaps[reason, default: 0] += 1 }
      if let keep, reasons.contains(.workerDied) || reasons.contains(.timeout) {
        let path = "\(keep)/\(format.name.replacing("/", with: "-"))-\(index)"
        Mutations.write(bytes, to: path)
        // The next try may end otherwise: how this one did is said now.
        for gap in extraction.gaps where gap.reason == .workerDied || gap.reason == .timeout {
          print("\(path): \(gap.detail)")
        }
      }
    }
    outcome.elapsed = Clock.wall() - start
    return outcome
  }

  private func read(_ bytes: [UInt8]) -> Extraction {
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe workers.extract(
        bytes,
        at: Place(part: .attachment(0), role: .bodyText),
        limits: Mutations.limits
      )
    }
  }

  // MARK: Damage

  /// A number below a bound.
  ///
  /// *Source:* Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (SplitMix64).
  private mutating func number(below bound: Int) -> Int {
    lot &+= 0x9E37_79B9_7F4A_7C15
    var mixed = lot
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    return bound < 1 ? 0 : Int(mixed % UInt64(bound))
  }

  /// A document that was changed, cut, repeated in part or given wrong numbers.
  private mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    guard !bytes.isEmpty else { return bytes }
    var result = bytes
    switch number(below: 4) {
    case 0:
      for _ in 0...number(below: 20) {
        result[number(below: result.count)] = UInt8(number(below: 256))
      }
    case 1: result.removeLast(number(below: result.count))
    case 2:
      let from = number(below: bytes.count)
      let part = bytes[from..<min(bytes.count, from + number(below: 600))]
      result.replaceSubrange(number(below: bytes.count)..., with: part + bytes[from...])
    default:
      for _ in 0..<4 {
        let offset = number(below: result.count)
        let value = Mutations.extremes[number(below: Mutations.extremes.count)]
        for (index, byte) in value.enumerated() where offset + index < result.count {
          result[offset + index] = byte
        }
      }
    }
    return result
  }

  // MARK: Files

  private static func formats(below root: String) -> [Format] {
    names(in: root).flatMap { folder -> [Format] in
      var formats: [String: Format] = [:]
      for file in names(in: "\(root)/\(folder)") where !file.hasSuffix(".case.json") {
        guard let mapped = try? MappedFile(path: "\(root)/\(folder)/\(file)", limit: 1 << 24) else {
          continue
        }
        let parts = file.split(separator: ".")
        let name = parts.count > 1 ? "\(folder)/\(parts[parts.count - 1])" : folder
        formats[name, default: Format(name: name, files: [])].files.append(
          unsafe mapped.withBytes { unsafe Array($0) }
        )
      }
      return formats.values.sorted { $0.name < $1.name }
    }
  }

  private static func write(_ bytes: [UInt8], to path: String) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { return print("cannot write \(path)") }
    defer { close(file) }
    if unsafe Glibc.write(file, bytes, bytes.count) != bytes.count { print("cannot write \(path)") }
  }

  private static func names(in path: String) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
        unsafe String(cString: UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}

/// What this process holds.
private struct Remains {
  /// Open files, sockets and processes.
  var descriptorCount: Int
  /// Memory that is in use, bytes.
  var byteCount: Int

  static func now() -> Remains {
    var count = 0
    for number in 0..<4_096 where fcntl(CInt(number), F_GETFD) >= 0 { count += 1 }
    return Remains(descriptorCount: count, byteCount: residentByteCount())
  }

  /// *Source:* proc_pid_statm(5): the second number is the resident pages.
  private static func residentByteCount() -> Int {
    let file = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe Glibc.read(file, &bytes, bytes.count)
    let numbers = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
    return (numbers.count > 1 ? Int(numbers[1]) ?? 0 : 0) * Int(getpagesize())
  }
}
