extension ScalarFold {
  /// Returns the skeleton symbol of a byte of ASCII, of which the highest bit does not count, as `skeleton` does: nearly
  /// all letters are of ASCII, and one load tells them where the tables of all scalars take six.
  @inlinable @inline(__always)
  public static func skeleton(ascii byte: UInt8) -> UInt8 {
    unsafe ascii.utf8Start[Int(byte & 0x7F)] &- 48
  }

  /// The symbols of ASCII, from U+0030 on.
  @inlinable @inline(__always) static var ascii: StaticString {
    "000000000000000000000000000000000000C00000000000?<J51C7D27000000112345678<:;<=>?@ABCDEFGHIJ00000012345678<:;<=>?@ABCDEFGHIJ00000"
  }
}
