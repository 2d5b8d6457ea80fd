import VigieJSON
import VigieReports

extension AppliedRules {
  /// As a store keeps them: the JSON that reports have.
  var json: String {
    var json = JSONWriter()
    json.beginObject()
    json.applied(self)
    json.endObject()
    return String(decoding: json.take(), as: UTF8.self)
  }

  /// What a store kept; `nil` where it is damaged.
  init?(json text: String) {
    guard let kept = try? JSONValue(Array(text.utf8))["rules"], let digest = kept["digest"]?.string,
      case .array(let sites)? = kept["sites"]
    else { return nil }
    self.init(digest: digest, policyFile: kept["policy_file"]?.string)
    for site in sites {
      guard let path = site["path"]?.string, case .array(let files)? = site["files"] else {
        return nil
      }
      self.sites.append(.init(path: path, files: files.compactMap(\.string)))
    }
  }
}

extension ArchiveContents {
  /// The exports as a store keeps them: an object of formats and numbers, in their order.
  var exportsJSON: String {
    var json = JSONWriter()
    json.beginObject()
    for export in exports {
      json.key(export.format)
      json.integer(export.count)
    }
    json.endObject()
    return String(decoding: json.take(), as: UTF8.self)
  }

  /// What a store kept; `nil` where it is damaged.
  static func exports(json text: String) -> [Export]? {
    guard case .object(let members)? = try? JSONValue(Array(text.utf8)) else { return nil }
    var exports: [Export] = []
    for member in members {
      guard case .number(let number) = member.value, let count = Int(exactly: number),
        ScanStore.byteCounts.contains(count)
      else { return nil }
      exports.append(Export(format: member.key, count: count))
    }
    return exports
  }
}
