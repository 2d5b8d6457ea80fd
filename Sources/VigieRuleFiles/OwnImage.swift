import VigieCrypto

/// The binary or library that holds this code.
public enum OwnImage {
  /// What the kernel says of it.
  ///
  /// *Source:* proc(5), `/proc/pid/maps`: `start-end modes offset device inode path`.
  static let mapped: (path: String, inode: String)? = {
    let address = UInt(bitPattern: #dsohandle)
    let maps = (try? readFile("/proc/self/maps")).map { String(decoding: $0, as: UTF8.self) }
    for line in (maps ?? "").split(separator: "\n") {
      let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
      let range = fields[0].split(separator: "-").map { UInt($0, radix: 16) ?? 0 }
      guard fields.count == 6, range.count == 2, range[0] <= address, address < range[1] else {
        continue
      }
      return (String(fields[5].drop { $0 == " " }), String(fields[4]))
    }
    return nil
  }()

  /// The folder it lies in, without a final slash; `nil` where the system does not say.
  public static var folder: String? {
    guard let path = mapped?.path, let slash = path.lastIndex(of: "/") else { return nil }
    return String(path[..<slash])
  }
}
