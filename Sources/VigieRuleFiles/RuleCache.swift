import Glibc
import VigieCrypto
public import VigieRulebook

/// Rules as they were read from YAML, kept in a compact file for the next start.
///
/// The cache is never trusted further than the files: it is used only when it was made from the
/// very bytes that lie in the rules directories now, by this very build, and lies in a directory
/// and a file of this user that nobody else can write. In any other case (missing, foreign,
/// truncated, damaged, older) the YAML is read and the file is replaced at once. It holds no
/// examples: `rules test` and `lint` load the YAML; and of evidence no words but what compiling makes
/// of them.
public struct RuleCache: Sendable, Hashable {
  /// The layout of the file; raised with every change of a file `…+Bytes`.
  static let version: UInt8 = 17
  /// The first bytes of the file, the version last.
  package static let magic: [UInt8] = Array("vigierul".utf8) + [version]
  /// The greatest length, bytes, of a file that is read.
  static let maxByteCount = 1 << 26

  /// The directory of the file.
  public var directory: String
  /// What tells this build of Vigie from every other.
  public var engine: String

  /// A cache in a directory, made if it is missing, for one build of Vigie.
  public init(directory: String, engine: String = RuleCache.thisBuild) {
    self.directory = directory
    self.engine = engine
  }

  /// The cache of this user: `$XDG_CACHE_HOME/vigie` or `~/.cache/vigie`; `nil` without a home.
  ///
  /// *Source:* XDG Base Directory Specification 0.8, §3: a relative path is to be ignored.
  public static var ofUser: RuleCache? {
    func absolute(_ name: String) -> String? {
      guard let value = unsafe getenv(name) else { return nil }
      let path = unsafe String(cString: value)
      return path.hasPrefix("/") ? path : nil
    }
    guard let base = absolute("XDG_CACHE_HOME") ?? absolute("HOME").map({ $0 + "/.cache" }) else {
      return nil
    }
    return RuleCache(directory: base + "/vigie")
  }

  /// The binary or library that holds this code, with its size and time of writing.
  public static let thisBuild: String = {
    var status = stat()
    guard let image = OwnImage.mapped, unsafe stat(image.path, &status) == 0,
      String(status.st_ino) == image.inode
    else { return unknownBuild }
    let time = status.st_mtim
    return "\(image.path) \(status.st_ino) \(status.st_size) \(time.tv_sec).\(time.tv_nsec)"
  }()

  /// Stands for a build of which nothing is known; it has no cache.
  static let unknownBuild = "unknown"

  /// Rules that a cache holds for some directories, of files that nobody has looked at yet.
  package struct Candidate: Sendable {
    let key: [UInt8]
    /// The rules.
    package let rules: CachedRules
  }

  /// What the cache holds for some directories: for who reads the files meanwhile, and asks ``holds(_:_:_:)`` then.
  package func candidate(from sources: RuleSources) -> Candidate? {
    guard engine != RuleCache.unknownBuild, let directory = PrivateDirectory(path: directory),
      let bytes = directory.read(fileName(sources), limit: RuleCache.maxByteCount)
    else { return nil }
    return RuleCache.decode(bytes)
  }

  /// Whether a candidate is made of these very bytes by this build.
  package func holds(
    _ candidate: Candidate,
    _ snapshot: RuleSnapshot,
    _ sources: RuleSources
  ) -> Bool {
    candidate.key == key(snapshot, sources)
  }

  /// Keeps the rules of a snapshot; where that is not possible, nothing happens.
  ///
  /// - Parameters:
  ///   - rules: The rules.
  ///   - compiled: The same, compiled.
  ///   - snapshot: The bytes they were read from.
  ///   - sources: Where these lie.
  /// - Returns: Whether the file was written.
  @discardableResult
  public func keep(
    _ rules: LoadedRules,
    _ compiled: CompiledRules,
    of snapshot: RuleSnapshot,
    from sources: RuleSources
  ) -> Bool {
    guard engine != RuleCache.unknownBuild, let directory = PrivateDirectory(path: directory) else {
      return false
    }
    let bytes = RuleCache.encode(
      CachedRules(rules: rules.withoutWords, index: compiled.index),
      key: key(snapshot, sources)
    )
    return directory.replace(fileName(sources), with: bytes)
  }

  /// The bytes of a file: magic, key, digest of the payload, payload.
  package static func encode(_ cached: CachedRules, key: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    cached.rules.write(to: &writer)
    cached.index.write(to: &writer)
    return magic + key + Digest.rawSHA256(writer.bytes) + writer.bytes
  }

  /// The rules in the bytes of a file, or `nil` where they are not what ``encode(_:key:)`` gave for a key.
  package static func decode(_ bytes: [UInt8], key: [UInt8]) -> CachedRules? {
    decode(bytes).flatMap { $0.key == key ? $0.rules : nil }
  }

  private static func decode(_ bytes: [UInt8]) -> Candidate? {
    let header = magic.count + 64
    guard bytes.count > header, bytes.starts(with: magic) else { return nil }
    let payload = Array(bytes[header...])
    guard bytes[header - 32..<header].elementsEqual(Digest.rawSHA256(payload)) else { return nil }
    return decode(payload: payload).map {
      Candidate(key: Array(bytes[magic.count..<(header - 32)]), rules: $0)
    }
  }

  /// The rules in a payload, or `nil` where any length, name or number in it is wrong.
  package static func decode(payload: [UInt8]) -> CachedRules? {
    var reader = ByteReader(payload)
    guard let rules = try? LoadedRules(from: &reader),
      let index = try? RuleIndex(from: &reader), reader.isAtEnd, index.fits(rules.rules.evidence)
    else { return nil }
    return CachedRules(rules: rules, index: index)
  }

  /// One file for each set of directories: a new build or a changed rule replaces the old.
  private func fileName(_ sources: RuleSources) -> String {
    "rules-" + Digest.hex(Array(place(sources).prefix(8))) + ".bin"
  }

  private func key(_ snapshot: RuleSnapshot, _ sources: RuleSources) -> [UInt8] {
    var digest = DigestBuilder()
    digest.add(engine)
    digest.add(snapshot.digest)
    digest.add(place(sources))
    return digest.finalize()
  }

  private func place(_ sources: RuleSources) -> [UInt8] {
    var digest = DigestBuilder()
    for directory in [sources.shipped] + sources.sites { digest.add(directory) }
    digest.add("policy")
    digest.add(sources.policyFile ?? "")
    return digest.finalize()
  }
}

/// Rules as a cache keeps them.
public struct CachedRules: Sendable {
  /// The rules, without examples and without the words of evidence.
  public let rules: LoadedRules
  /// What compiling them worked out.
  package let index: RuleIndex

  /// A value from its parts.
  package init(rules: LoadedRules, index: RuleIndex) {
    self.rules = rules
    self.index = index
  }

  /// The rules ready to scan with.
  ///
  /// - Throws: ``RuleFaults``, where the cache holds what no compiler let pass.
  public func compiled() throws(RuleFaults) -> CompiledRules {
    try CompiledRules(rules.rules, checked: true, index: index)
  }
}
