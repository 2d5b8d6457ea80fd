/// The code pages of East Asia, which need the tables of ICU.
enum MultibyteCodePage {
  /// Opens each converter once, so that its data is mapped.
  static func prepare() {}

  /// Decodes bytes to UTF-8; `nil` where there is no converter.
  static func decode(_ bytes: ArraySlice<UInt8>, _ codePage: Int) -> [UInt8]? { nil }
}
