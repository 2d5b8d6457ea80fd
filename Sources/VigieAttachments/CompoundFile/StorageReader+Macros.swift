import VigieCore
import VigieDocuments

extension StorageReader {
  /// Reads the source text of macros.
  ///
  /// - Returns: Whether there is a project of macros.
  ///
  /// *Source:* [MS-OVBA] §2.2.1 (project storage), §2.3.4.2 (dir stream).
  mutating func readMacros(
    _ storage: Int,
    at place: Place,
    into extraction: inout Extraction
  ) -> Bool {
    var projects = ["Macros", "_VBA_PROJECT_CUR"].compactMap { file.storage($0, in: storage) }
    if file.storage("VBA", in: storage) != nil { projects.append(storage) }
    for project in projects {
      guard let code = file.storage("VBA", in: project) else { continue }
      guard let packed = file.stream("dir", in: code),
        let directory = OVBA.decompress(packed, limit: extraction.unpackableByteCount)
      else {
        extraction.miss(.corrupt, "macros: their directory cannot be read", at: place)
        continue
      }
      for module in OVBA.modules(Octets(directory)) {
        let text = file.stream(module.stream, in: code).flatMap {
          OVBA.decompress($0.clamped(module.offset), limit: extraction.unpackableByteCount)
        }
        guard let text, extraction.unpack(text.count, total: text.count, packed: nil, at: place)
        else {
          extraction.miss(.corrupt, "macros: a module cannot be read", at: place)
          continue
        }
        let decoded = Charset.decode(text, module.codePage) ?? text
        extraction.add(decoded, at: place, role: .bodyText, location: "macro \(module.stream)")
      }
    }
    return !projects.isEmpty
  }
}

/// The packed text of macros.
enum OVBA {
  /// A module of a project.
  struct Module {
    /// The stream of its text.
    var stream: String
    /// Where its text starts there, bytes.
    var offset: Int
    /// The code page of the text.
    var codePage: Int
  }

  /// The modules of a directory.
  ///
  /// *Source:* [MS-OVBA] §2.3.4.2.3 (PROJECTMODULES).
  static func modules(_ directory: Octets) -> [Module] {
    var modules: [Module] = []
    var codePage = Charset.western
    var name = ""
    var offset = 0
    while let id = directory.u16(offset), let length = directory.u32(offset + 2) {
      let data = directory.clamped(offset + 6, length)
      switch id {
      case 0x03: codePage = data.u16(0) ?? codePage
      case 0x1A: name = (Charset.decode(data.bytes, codePage) ?? data.array).string
      case 0x31:
        if let start = data.u32(0), modules.count < 10_000 {
          modules.append(Module(stream: name, offset: start, codePage: codePage))
        }
      default: break
      }
      // The version of the project is two bytes longer than it says.
      offset += 6 + length + (id == 0x09 ? 2 : 0)
    }
    return modules
  }

  /// Unpacks a container, or gives `nil` where it is none.
  ///
  /// *Source:* [MS-OVBA] §2.4.1.3.
  static func decompress(_ packed: Octets, limit: Int) -> [UInt8]? {
    guard packed.u8(0) == 1 else { return nil }
    var output: [UInt8] = []
    var offset = 1
    while let header = packed.u16(offset), output.count < limit {
      let end = min(packed.count, offset + (header & 0xFFF) + 3)
      offset += 2
      if header & 0x8000 == 0 {
        output += packed.clamped(offset, 4096).bytes
        offset += 4096
        continue
      }
      let start = output.count
      while offset < end {
        guard let flags = packed.u8(offset) else { break }
        offset += 1
        for bit in 0..<8 where offset < end {
          if flags >> bit & 1 == 0 {
            if let byte = packed[offset] { output.append(byte) }
            offset += 1
            continue
          }
          guard let token = packed.u16(offset) else { return output }
          offset += 2
          // How many bits say the distance depends on how much of the chunk is unpacked.
          var bitCount = 4
          while 1 << bitCount < output.count - start { bitCount += 1 }
          let lengthMask = 0xFFFF >> bitCount
          let distance = token >> (16 - bitCount) + 1
          guard distance <= output.count - start, bitCount <= 12 else { return output }
          for _ in 0..<(token & lengthMask) + 3 {
            output.append(output[output.count - distance])
          }
        }
      }
      offset = end
    }
    return output
  }
}
