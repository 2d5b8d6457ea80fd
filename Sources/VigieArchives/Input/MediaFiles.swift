import Glibc
import VigieCore

/// The files of an export that messages name, and which of them were named.
struct MediaFiles {
  private let tree: ArchiveTree
  private let limits: Limits
  /// The files by their path.
  private let members: [String: ArchiveTree.Member]
  private var taken: Set<String> = []

  /// The files of an export.
  ///
  /// - Parameters:
  ///   - tree: The export.
  ///   - limits: How long a file may be.
  ///   - isRead: Whether a member is read otherwise, or is no file of a message at all.
  init(_ tree: ArchiveTree, _ limits: Limits, except isRead: (ArchiveTree.Member) -> Bool) {
    self.tree = tree
    self.limits = limits
    var members: [String: ArchiveTree.Member] = [:]
    if !tree.isFile {
      for member in tree.members where !isRead(member) { members[member.name] = member }
    }
    self.members = members
  }

  /// Gives an attachment the bytes of the file at a path, where the export holds it.
  ///
  /// - Parameters:
  ///   - message: The message.
  ///   - index: The attachment.
  ///   - path: As the export writes it, perhaps with back-slashes or percent signs.
  ///   - member: The member that names the path, which is relative to its folder.
  /// - Returns: Whether the file is there.
  @discardableResult
  mutating func fill(
    _ message: inout Message,
    _ index: Int,
    path: String,
    beside member: String
  ) -> Bool {
    let plain = path.replacing("\\", with: "/")
    for path in plain.contains("%") ? [plain, percentDecoded(plain)] : [plain] {
      if tree.isFile {
        let content = content(of: path, beside: tree.folder)
        message.attachments[index].content = content
        if case .file = content { return true }
        continue
      }
      let folder = member.contains("/") ? member.folder + "/" : ""
      guard let name = resolved(folder + path, isAbsolute: path.hasPrefix("/")) else {
        let detail = "the file lies outside the archive and was not opened"
        message.attachments[index].content = .missing(detail: detail)
        return false
      }
      guard let file = members[name] else { continue }
      taken.insert(name)
      tree.fill(&message, index, from: file, limits)
      return true
    }
    return false
  }

  /// Whether there is a file of this path, as the archive writes it.
  func has(_ path: String) -> Bool { members[path] != nil }

  /// The files that no message named, by name.
  var untakenMembers: [ArchiveTree.Member] {
    members.values.filter { !taken.contains($0.name) }.sorted { $0.name < $1.name }
  }

  /// A path without `.` and `..`, or `nil` where it leads outside.
  private func resolved(_ path: String, isAbsolute: Bool) -> String? {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part != ".." {
        parts.append(part)
      } else if parts.popLast() == nil {
        return nil
      }
    }
    let isDrive = path.utf8.dropFirst().first == UInt8(ascii: ":")
    return isAbsolute || isDrive ? nil : parts.joined(separator: "/")
  }
}

/// The file of a path that an archive names: below the archive's folder, or not read.
func content(of path: String, beside folder: String) -> Attachment.Content {
  let full = "\(folder)/\(path)"
  guard !path.utf8.contains(0), let root = realPath(folder), let target = realPath(full) else {
    return .missing(detail: "the file is not beside the archive")
  }
  guard !path.hasPrefix("/"), target.hasPrefix(root == "/" ? root : root + "/") else {
    return .missing(detail: "the file lies outside the folder of the archive and was not opened")
  }
  return .file(path: full)
}

/// The path without links, or `nil` where there is no such file.
private func realPath(_ path: String) -> String? {
  guard let resolved = unsafe realpath(path, nil) else { return nil }
  defer { unsafe free(resolved) }
  return unsafe String(cString: resolved)
}

/// A text with its percent escapes decoded; those that are none stay.
func percentDecoded(_ text: String) -> String {
  func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
  let bytes = Array(text.utf8)
  var output: [UInt8] = []
  var index = 0
  while index < bytes.count {
    if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
      let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2])
    {
      output.append(high << 4 | low)
      index += 3
    } else {
      output.append(bytes[index])
      index += 1
    }
  }
  return String(decoding: output, as: UTF8.self)
}

extension String {
  /// Whether a text ends in a dot and two to five letters or digits, and is no long sentence.
  var isFileName: Bool {
    guard let dot = lastIndex(of: "."), dot != startIndex else { return false }
    let tail = self[index(after: dot)...].utf8
    return (2...5).contains(tail.count) && utf8.count < 200
      && tail.allSatisfy { $0 &- 0x30 < 10 || $0 | 0x20 &- 0x61 < 26 }
  }
}
