import VigieCore

/// The files of a Matrix dump by the media id in their names.
///
/// A file is named by its media id, with or without an extension, or lies in the folders of a media
/// store: `local_content/<aa>/<bb>/<rest>`. *Source:* element-hq/synapse,
/// synapse/media/filepath.py.
struct MatrixMedia {
  private let tree: ArchiveTree
  private let limits: Limits
  private var files: [String: ArchiveTree.Member] = [:]
  private var taken: Set<String> = []

  init(_ tree: ArchiveTree, _ members: [ArchiveTree.Member], _ limits: Limits) {
    self.tree = tree
    self.limits = limits
    for member in members {
      files[member.stem] = member
      files[String(member.baseName)] = member
      let parts = member.name.split(separator: "/")
      if parts.count >= 4, parts[parts.count - 2].utf8.count == 2,
        parts[parts.count - 3].utf8.count == 2
      {
        files[parts.suffix(3).joined()] = member
      }
    }
  }

  /// Whether the dump holds no files.
  var isEmpty: Bool { files.isEmpty }

  /// Gives the file of a message its bytes, where the dump holds them.
  mutating func fill(_ message: inout Message, _ event: MatrixEvent) {
    guard !files.isEmpty else { return }
    let content = event.content.replacement.first ?? event.content
    guard let index = message.attachments.indices.first,
      let address = content.mediaURL, !content.isFileEncrypted, address.hasPrefix("mxc://"),
      let id = address.split(separator: "/").last, let member = files[String(id)]
    else { return }
    taken.insert(member.name)
    tree.fill(&message, index, from: member, limits)
  }

  /// Those of some files that no message named.
  func untaken(of members: [ArchiveTree.Member]) -> [ArchiveTree.Member] {
    members.filter { !taken.contains($0.name) }
  }
}
