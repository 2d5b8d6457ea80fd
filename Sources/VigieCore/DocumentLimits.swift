/// What reading one document may spend before the rest of it becomes a gap.
///
/// Units: bytes, unless a name says otherwise. The defaults let every sound document of a trial on
/// 3,600 real files through and stopped each of its bombs.
public struct DocumentLimits: Sendable, Hashable {
  /// How deep containers may lie in containers; 1 is the document itself.
  public var maxDepth: Int
  /// Members opened in a document and all containers in it.
  public var maxMemberCount: Int
  /// The unpacked bytes of one member.
  public var maxMemberByteCount: Int
  /// The unpacked bytes of all members.
  public var maxUnpackedByteCount: Int
  /// How many times its packed size a member may unpack to, beyond the first MiB.
  public var maxRatio: Int
  /// The text taken out, UTF-8 bytes.
  public var maxTextByteCount: Int
  /// Texts taken out, such as cells of a sheet.
  public var maxTextCount: Int
  /// Pages of one document.
  public var maxPageCount: Int
  /// The time for the whole document, milliseconds.
  public var maxMilliseconds: Int
  /// The memory of the process that reads it.
  public var maxMemoryByteCount: Int
  /// Pictures that are read, in a document and all that lies in it; a scanned page is one.
  public var maxPictureCount: Int
  /// The bytes of those pictures.
  public var maxPictureByteCount: Int
  /// The pixels of one picture.
  public var maxPixelCount: Int
  /// The time for all pictures of a document together, beyond that for the document, milliseconds; with 0 no page is
  /// drawn, and each picture is a gap.
  public var maxPictureMilliseconds: Int

  /// A value from its parts.
  public init(
    maxDepth: Int = 8,
    maxMemberCount: Int = 5_000,
    maxMemberByteCount: Int = 64 << 20,
    maxUnpackedByteCount: Int = 256 << 20,
    maxRatio: Int = 400,
    maxTextByteCount: Int = 32 << 20,
    maxTextCount: Int = 500_000,
    maxPageCount: Int = 500,
    maxMilliseconds: Int = 10_000,
    maxMemoryByteCount: Int = 1 << 30,
    maxPictureCount: Int = 64,
    maxPictureByteCount: Int = 64 << 20,
    maxPixelCount: Int = 40_000_000,
    maxPictureMilliseconds: Int = 30_000
  ) {
    self.maxDepth = maxDepth
    self.maxMemberCount = maxMemberCount
    self.maxMemberByteCount = maxMemberByteCount
    self.maxUnpackedByteCount = maxUnpackedByteCount
    self.maxRatio = maxRatio
    self.maxTextByteCount = maxTextByteCount
    self.maxTextCount = maxTextCount
    self.maxPageCount = maxPageCount
    self.maxMilliseconds = maxMilliseconds
    self.maxMemoryByteCount = maxMemoryByteCount
    self.maxPictureCount = maxPictureCount
    self.maxPictureByteCount = maxPictureByteCount
    self.maxPixelCount = maxPixelCount
    self.maxPictureMilliseconds = maxPictureMilliseconds
  }
}
