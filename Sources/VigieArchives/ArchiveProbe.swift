/// What a format judges an archive by: the names of its members first, then the head of one.
package struct ArchiveProbe {
  /// The path as it was given; of a packed file its name without the packing.
  package let path: String
  private let tree: ArchiveTree
  private let heads = Heads()

  /// What was read already: thirty formats look at the same heads.
  private final class Heads {
    /// How many are kept, of 64 KiB each.
    static let maxCount = 64

    var heads: [String: [UInt8]] = [:]
    var lines: [String: [String]] = [:]
  }

  init(_ tree: ArchiveTree) {
    self.tree = tree
    path = tree.isSpooled && tree.isFile ? tree.members.first?.name ?? tree.path : tree.path
  }

  /// Whether the archive is one plain file.
  package var isFile: Bool { tree.isFile }

  /// Whether the archive is a folder of the file system.
  package var isFolder: Bool { tree.isFolder }

  /// The members, without what systems add of their own.
  package var members: [ArchiveTree.Member] { tree.members }

  /// The first 64 KiB of a member; shorter or empty where it cannot be read.
  package func head(of member: ArchiveTree.Member) -> [UInt8] {
    if let known = heads.heads[member.name] { return known }
    let head = read(member)
    if heads.heads.count == Heads.maxCount { heads.heads.removeAll() }
    heads.heads[member.name] = head
    return head
  }

  private func read(_ member: ArchiveTree.Member) -> [UInt8] {
    guard let source = try? tree.openUnpacked(member) else { return [] }
    var window = ByteWindow(source, chunkByteCount: 1 << 16)
    while window.count < 1 << 16, window.fill() {}
    return Array(window.bytes[window.start...].prefix(1 << 16))
  }

  /// The first lines of a member, as ``headLines(_:count:)`` gives them.
  func lines(of member: ArchiveTree.Member) -> [String] {
    if let known = heads.lines[member.name] { return known }
    let lines = headLines(head(of: member))
    if heads.lines.count == Heads.maxCount { heads.lines.removeAll() }
    heads.lines[member.name] = lines
    return lines
  }

  /// The first 64 KiB of a plain file, without a byte order mark; empty for a folder or ZIP.
  package var head: [UInt8] {
    guard isFile, let member = members.first else { return [] }
    return head(of: member)
  }

  /// Whether a member is an export of one of some formats by itself, or packs one.
  func holdsExport(
    _ member: ArchiveTree.Member,
    among formats: [any ArchiveFormat.Type]
  ) -> Bool {
    MemberExport(member, in: tree, among: formats, atLeast: 1) != nil
  }
}
