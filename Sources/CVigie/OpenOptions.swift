import CVigieHeader
import Glibc
import VigieRuleFiles

/// `vigie_options`, copied: nothing of the caller's memory is kept.
struct OpenOptions: Sendable {
  /// The greatest size of a structure of some later version that is looked at.
  static let maxByteCount = 4096
  /// The most directories of a site.
  static let maxSiteCount = 64

  var allowsPaths = false
  /// `nil`: the rules that came with the library.
  var rules: String?
  var sites: [String] = []
  var policy: String?
  var keyFile: String?
  var trustedKeys: String?

  /// The options of a caller who gives none.
  init() {}

  /// Reads what the caller gives; `nil` where that is not valid.
  ///
  /// A shorter structure, of a program built against an older header, is filled up with zeros. A
  /// longer one must hold zeros where this version knows nothing, so that no wish is ignored.
  @unsafe init?(_ given: UnsafePointer<vigie_options>) {
    let bytes = unsafe UnsafeRawPointer(given)
    let size = unsafe bytes.load(as: UInt.self)
    let word = UInt(MemoryLayout<UInt>.size)
    guard size >= word, size <= OpenOptions.maxByteCount, size % word == 0 else { return nil }
    let known = unsafe min(Int(size), MemoryLayout<vigie_options>.size)
    for offset in known..<Int(size) {
      guard unsafe bytes.load(fromByteOffset: offset, as: UInt8.self) == 0 else { return nil }
    }
    var options = unsafe vigie_options()
    unsafe withUnsafeMutableBytes(of: &options) { target in
      unsafe target.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: known))
    }
    let allowPaths = UInt64(VIGIE_ALLOW_PATHS)
    guard unsafe options.flags & ~allowPaths == 0 else { return nil }
    allowsPaths = unsafe options.flags & allowPaths != 0
    let count = unsafe Int(clamping: options.site_count)
    guard count >= 0, count <= OpenOptions.maxSiteCount else { return nil }
    if count > 0 {
      guard let list = unsafe options.sites else { return nil }
      for index in 0..<count {
        guard let site = unsafe list[index], let path = unsafe String(validatingCString: site)
        else {
          return nil
        }
        sites.append(path)
      }
    }
    do {
      rules = try unsafe OpenOptions.path(options.rules)
      policy = try unsafe OpenOptions.path(options.policy)
      keyFile = try unsafe OpenOptions.path(options.key_file)
      trustedKeys = try unsafe OpenOptions.path(options.trusted_keys)
    } catch {
      return nil
    }
  }

  private struct NotUTF8: Error {}

  private static func path(_ given: UnsafePointer<CChar>?) throws(NotUTF8) -> String? {
    guard let given = unsafe given else { return nil }
    guard let path = unsafe String(validatingCString: given) else { throw NotUTF8() }
    return path
  }
}

extension OpenOptions {
  /// Where the rules lie.
  ///
  /// - Throws: ``OpenFailure`` where none are named and none came with the library.
  func sources() throws(OpenFailure) -> RuleSources {
    guard let shipped = rules ?? OpenOptions.shippedDirectory() else {
      throw .rules(
        "no rules lie in ../share/vigie/Rules or share/vigie/Rules beside the library\n"
          + "  mend: name their directory in vigie_options.rules"
      )
    }
    return RuleSources(shipped: shipped, sites: sites, policyFile: policy)
  }

  private static func shippedDirectory() -> String? {
    guard let folder = OwnImage.folder else { return nil }
    return [folder + "/../share/vigie/Rules", folder + "/share/vigie/Rules"].first {
      unsafe access($0 + "/markings", R_OK | X_OK) == 0
    }
  }
}
