/// The passwords that programs of Office try by themselves: whoever opens such a document is asked nothing, and
/// reads it as if it were not locked.
enum DefaultPassword {
  /// Each in UTF-16, the low byte first: Excel's, and PowerPoint's for a presentation that is only locked against
  /// changes.
  ///
  /// *Source:* [MS-XLS] §2.2.10 for Excel; PowerPoint's is what PowerPoint 97 to 2019 write under a password to modify.
  static let all: [[UInt8]] = ["VelvetSweatshop", "/01Hannes Ruescher/01"].map { password in
    password.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }
}

/// An integer as 4 bytes, the low one first.
func littleEndian(_ value: Int) -> [UInt8] {
  (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}
