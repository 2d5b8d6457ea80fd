import VigieCore

/// A file of a folder, ZIP or tar that is an export by itself, or packs one.
///
/// Exports are handed out packed, so a folder of them holds ZIPs and tars. One is looked into once: what
/// it packs itself is a file of its export.
struct MemberExport {
  /// The format that claims the file.
  let type: any ArchiveFormat.Type
  /// The file, or what it packs.
  let tree: ArchiveTree

  /// What a format must be sure of that nobody named: JSON or text of no known format may be anything
  /// (``JSONLines`` is at 60 where only the shape speaks for it, the formats of services at 70 and more).
  static let leastConfidence = 65

  /// Finds the format of a file; `nil` where none claims it.
  ///
  /// - Parameters:
  ///   - member: The file.
  ///   - tree: The archive in which it lies.
  ///   - formats: The formats asked.
  ///   - confidence: How sure a format must be of a plain file; of a packed one as sure as
  ///     ``leastConfidence``, for a ZIP of documents is a document.
  init?(
    _ member: ArchiveTree.Member,
    in tree: ArchiveTree,
    among formats: [any ArchiveFormat.Type],
    atLeast confidence: Int
  ) {
    if let packed = tree.packed(in: member),
      let type = ArchiveFormats.best(
        for: ArchiveProbe(packed),
        among: formats,
        atLeast: MemberExport.leastConfidence
      )
    {
      self.init(type: type, tree: packed)
      return
    }
    let single = tree.single(member)
    let type = ArchiveFormats.best(
      for: ArchiveProbe(single),
      among: formats,
      atLeast: confidence
    )
    guard let type else { return nil }
    self.init(type: type, tree: single)
  }

  /// Whether a format other than one that would take the file with its own claims it.
  static func isAnother(
    than own: any ArchiveFormat.Type,
    _ member: ArchiveTree.Member,
    in tree: ArchiveTree
  ) -> Bool {
    let others = ArchiveFormats.all.filter { $0 != own }
    return MemberExport(member, in: tree, among: others, atLeast: leastConfidence) != nil
  }

  private init(type: any ArchiveFormat.Type, tree: ArchiveTree) {
    self.type = type
    self.tree = tree
  }

  /// Opens the export.
  func reader(_ options: ArchiveOptions) throws(ArchiveError) -> any ArchiveFormat {
    try type.init(tree, options: options)
  }
}

extension ArchiveItem {
  /// The item with its place in the folder, ZIP or tar that holds the file; a message without a channel
  /// has the file for one.
  func placed(in member: ArchiveTree.Member) -> ArchiveItem {
    func inFolder(_ source: SourceLocation) -> SourceLocation {
      var name = member.name
      if let inner = source.member, inner != name { name += "/" + inner }
      return SourceLocation(member: name, byteOffset: source.byteOffset, line: source.line)
    }
    func inChannel(_ message: Message) -> Message {
      var message = message
      // What a file calls its channel after itself lies in a folder here.
      if message.channel == nil || message.channel?.id == String(member.baseName) {
        message.channel = Channel(id: member.name)
      }
      return message
    }
    switch self {
    case .message(let message, let source, let byteCount):
      return .message(inChannel(message), source: inFolder(source), byteCount: byteCount)
    case .channel(let message, let source, let byteCount):
      return .channel(inChannel(message), source: inFolder(source), byteCount: byteCount)
    case .gap(let gap, let source): return .gap(gap, source: inFolder(source))
    case .access(let change, let source): return .access(change, source: inFolder(source))
    }
  }
}
