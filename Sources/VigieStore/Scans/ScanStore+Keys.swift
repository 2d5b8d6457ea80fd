import Glibc
package import VigieCrypto

extension ScanStore {
  /// Milliseconds since 1970, by the clock of the machine.
  package static var now: Int { StoreFile.now }

  /// The file of the first key of a store that has its keys beside it.
  private var usualKeyFile: String { path + ".key" }

  private static func exists(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0
  }

  /// The keys of the store; a new store gets one, in a new file beside it where none is named.
  ///
  /// - Parameter file: The file of the first key; `nil` for `FILE.key`.
  /// - Returns: The keys.
  /// - Throws: `FileFailure` where a key is missing, not private or another one; ``StoreFailure``.
  package func keys(file: String?) throws -> KeyChain {
    let path = file ?? usualKeyFile
    let ids = try keyIDs()
    guard ids.isEmpty else {
      do { return try KeyChain(file: path, ids: ids) } catch {
        var failure = error
        if failure.reason.hasPrefix("cannot be opened") {
          failure.mend =
            "name the key \(ids[0]) with --key-file, or take it from a backup; without it "
            + "findings cannot be told from those in the store"
        }
        throw failure
      }
    }
    let key: HMACKey
    if file != nil || ScanStore.exists(path) {
      key = try HMACKey(file: path)
    } else {
      key = try HMACKey.create(file: path)
    }
    try adopt(key)
    return KeyChain(key)
  }

  /// Makes a new key in a file beside the others and puts it on every fingerprint.
  ///
  /// The file is safe on the disk before the store knows of it: whatever the moment of a failure, the keys that
  /// the store names are there.
  ///
  /// - Parameter file: The file of the first key; `nil` for `FILE.key`.
  /// - Returns: How many fingerprints there are, and the file of the new key.
  /// - Throws: `FileFailure` where a key is missing, or the new one cannot be kept; ``StoreFailure``.
  package func rotateKey(file: String?) throws -> (count: Int, path: String) {
    let chain = try keys(file: file)
    let path = KeyChain.path(
      ofKey: chain.ids.count + 1,
      beside: file ?? usualKeyFile
    )
    // One that is there already was made by a rotation that went no further: nothing was ever taken under it.
    let key = try ScanStore.exists(path) ? HMACKey(file: path) : HMACKey.create(file: path)
    return (try rotate(to: key), path)
  }
}
