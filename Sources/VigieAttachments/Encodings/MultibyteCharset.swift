import CICU
import VigieDocuments

/// The code pages of East Asia and of mainframes, which need the tables of ICU.
enum MultibyteCharset {
  /// ICU's names of the converters.
  ///
  /// *Source:* ICU 72, convrtrs.txt (aliases and Windows code page numbers).
  private static let converters: [Int: String] = [
    932: "ibm-943_P15A-2003", 936: "windows-936-2000", 949: "windows-949-2000",
    950: "windows-950-2000", 20932: "EUC-JP", 51932: "EUC-JP", 51949: "EUC-KR",
    // The Macintosh's of East Asia, near enough.
    10001: "ibm-943_P15A-2003", 10002: "windows-950-2000", 10003: "windows-949-2000",
    10008: "windows-936-2000", 54936: "gb18030", 50220: "ISO-2022-JP", 50221: "ISO-2022-JP",
    50222: "ISO-2022-JP",
    1147: "ibm-1147_P100-1997", 1148: "ibm-1148_P100-1997",
    50225: "ISO-2022-KR", 50227: "ISO-2022-CN", 52936: "HZ-GB-2312",
  ]

  /// The bytes converted at once, at most: ICU counts in 32 bits.
  private static let maxByteCount = 256 << 20

  /// Opens each converter once, so that its data is mapped.
  static func prepare() {
    for name in converters.values {
      if let converter = unsafe vigie_icu_open(name) { unsafe vigie_icu_close(converter) }
    }
  }

  /// Decodes bytes to UTF-8, U+FFFD for what means nothing; `nil` where there is no converter.
  static func decode(_ bytes: ArraySlice<UInt8>, _ codePage: Int) -> [UInt8]? {
    guard let name = converters[codePage], bytes.count <= maxByteCount else { return nil }
    SeldomUsed.need(.markup)
    guard let converter = unsafe vigie_icu_open(name) else { return nil }
    defer { unsafe vigie_icu_close(converter) }
    // A byte becomes a scalar of three bytes at most, and the end of a text one more.
    let capacity = bytes.count * 3 + 16
    var length: Int32 = -1
    let result = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
      unsafe bytes.withUnsafeBytes { source in
        length = unsafe vigie_icu_to_utf8(
          converter,
          UnsafeMutableRawPointer(target.baseAddress)?.assumingMemoryBound(to: CChar.self),
          Int32(capacity),
          source.baseAddress?.assumingMemoryBound(to: CChar.self),
          Int32(bytes.count)
        )
      }
      count = Int(max(0, length))
    }
    return length < 0 ? nil : result
  }
}
