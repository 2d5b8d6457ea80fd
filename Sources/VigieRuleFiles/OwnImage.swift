import VigieCrypto

/// The binary or library that holds this code.
public enum OwnImage {
  /// What the kernel says of it.
  ///
  /// *Source:* proc(5), `/proc/pid/maps`: `start-end modes offset device inode path`.
  static let mapped: (path: String, inode: String)? = {
    let address = UInt(bitPattern: #dsohandle)
    // Bytes until the line is found: as strings all lines take a millisecond of every start.
    for line in ((try? readFile("/proc/self/maps")) ?? []).split(separator: 0x0A) {
      let range = line.prefix { $0 != 0x20 }.split(separator: UInt8(ascii: "-")).map(number)
      guard range.count == 2, range[0] <= address, address < range[1] else { continue }
      let fields = line.split(separator: 0x20, maxSplits: 5)
      guard fields.count == 6 else { continue }
      let path = fields[5].drop { $0 == 0x20 }
      return (String(decoding: path, as: UTF8.self), String(decoding: fields[4], as: UTF8.self))
    }
    return nil
  }()

  /// A number of hexadecimal digits, as the kernel writes them.
  private static func number(_ digits: ArraySlice<UInt8>) -> UInt {
    digits.reduce(0) { $0 << 4 | UInt($1 & 0xF) + ($1 > UInt8(ascii: "9") ? 9 : 0) }
  }

  /// The folder it lies in, without a final slash; `nil` where the system does not say.
  public static var folder: String? {
    guard let path = mapped?.path, let slash = path.lastIndex(of: "/") else { return nil }
    return String(path[..<slash])
  }
}
