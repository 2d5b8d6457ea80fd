import VigieCore

/// The files beside the JSON of an Element export, and which event each belongs to.
///
/// Element names a file by the stem of its name, the local date and the extension, and writes the
/// link nowhere: an event takes a file where exactly one fits its name.
struct ElementFiles {
  private let tree: ArchiveTree
  private let limits: Limits
  private let root: String
  /// The files, sorted by base name.
  private let files: [ArchiveTree.Member]
  private var linked: Set<String> = []
  private var isCounted = false

  private static let folders = ["images", "videos", "audio", "files", "stickers"]

  /// The files of an export; of one that lies beside others those of its own folder.
  init(_ tree: ArchiveTree, _ limits: Limits, below folder: String = "") {
    self.tree = tree
    self.limits = limits
    root = folder
    let isFile = tree.isFile
    files =
      isFile
      ? []
      : tree.members.filter { $0.name.hasPrefix(folder) && ElementFiles.holds($0) }
        .sorted { $0.baseName < $1.baseName }
  }

  /// Whether the export holds no files.
  var isEmpty: Bool { files.isEmpty }

  /// Whether a member lies in a folder that Element puts files in.
  static func holds(_ member: ArchiveTree.Member) -> Bool {
    member.name.split(separator: "/").dropLast().last.map { folders.contains(String($0)) } ?? false
  }

  /// Whether a member lies in a folder of this export.
  func holds(_ member: ArchiveTree.Member) -> Bool {
    member.name.hasPrefix(root) && ElementFiles.holds(member)
  }

  /// Gives the attachments of a message their bytes, where the export holds them.
  mutating func fill(_ message: inout Message) {
    guard !files.isEmpty else { return }
    for index in message.attachments.indices {
      let candidates = files(for: message.attachments[index].name)
      guard let file = candidates.first else { continue }
      guard candidates.count == 1 else {
        let detail = "\(candidates.count) files of the export bear this name; none was opened"
        message.attachments[index].content = .missing(detail: detail)
        continue
      }
      linked.insert(file.name)
      tree.fill(&message, index, from: file, limits)
    }
  }

  /// The files that may be the one of a name.
  private func files(for name: String) -> [ArchiveTree.Member] {
    let dot = name.lastIndex(of: ".") ?? name.endIndex
    let head = "\(name[..<dot])-"
    let tail = name[dot...]
    var low = 0
    var high = files.count
    while low < high {
      let middle = (low + high) / 2
      if files[middle].baseName < head { low = middle + 1 } else { high = middle }
    }
    return files[low...].prefix { $0.baseName.hasPrefix(head) }.filter {
      $0.baseName.hasSuffix(tail)
    }
  }

  /// How many files no event took, once, or `nil` where there is none to tell.
  mutating func takeUnlinkedCount() -> Int? {
    guard !isCounted else { return nil }
    isCounted = true
    let count = files.count { !linked.contains($0.name) }
    return count == 0 ? nil : count
  }
}

extension ArchiveTree {
  /// Gives an attachment the bytes of a member, or the path where it is a file on this machine.
  func fill(_ message: inout Message, _ index: Int, from member: Member, _ limits: Limits) {
    if let path = filePath(member) {
      message.attachments[index].content = .file(path: path)
      return
    }
    let place = Place(part: .attachment(index), role: .filename)
    do throws(SourceFault) {
      let source = try open(member)
      var bytes: [UInt8] = []
      while try source.read(1 << 18, into: &bytes) > 0 {
        if bytes.count > limits.maxAttachmentByteCount {
          throw SourceFault(
            reason: .limit,
            detail: "the file is longer than \(limits.maxAttachmentByteCount) bytes"
          )
        }
      }
      message.attachments[index].content = .bytes(bytes)
    } catch {
      message.attachments[index].content = .nameOnly
      message.gaps.append(Gap(place: place, reason: error.reason, detail: error.detail))
    }
  }
}
