import VigieCore
import VigieDocuments

/// The pictures of Office drawings, handed on to the formats of images.
///
/// *Source:* [MS-ODRAW] §2.2.23 to §2.2.32 (OfficeArtBlip…), §2.2.22 (OfficeArtBStoreContainer).
enum BLIP {
  /// Opens every picture among records, however deep in containers.
  ///
  /// - Parameters:
  ///   - records: The records of drawings.
  ///   - store: The stream in which pictures lie of which the records only say where.
  ///   - place: The document.
  ///   - extraction: Where texts and gaps go.
  static func open(
    _ records: Octets,
    store: Octets = Octets([]),
    at place: Place,
    into extraction: inout Extraction
  ) {
    var count = 0
    open(records, store, 0, &count, at: place, into: &extraction)
  }

  /// Opens the pictures in the lines of a Word document, which its stream of data holds.
  ///
  /// *Source:* [MS-DOC] §2.9.192 (PICFAndOfficeArtData), §2.9.190 (PICF).
  static func openInline(_ data: Octets, at place: Place, into extraction: inout Extraction) {
    var offset = 0
    var count = 0
    while let length = data.u32(offset), let start = data.u16(offset + 4), length > start,
      start >= 6
    {
      let kind = data.u16(offset + 6)
      // A linked picture has its name before it.
      let name = kind == 0x66 ? 1 + (data.u8(offset + start) ?? 0) : 0
      if kind == 0x64 || kind == 0x66 {
        let records = data.clamped(offset + start + name, length - start - name)
        open(records, Octets([]), 0, &count, at: place, into: &extraction)
      }
      offset += length
    }
  }

  /// Opens a metafile, which is mostly packed.

  ///

  /// *Source:* [MS-ODRAW] §2.2.31 (OfficeArtMetafileHeader).
  private static func openMetafile(
    _ body: Octets,
    _ count: Int,
    at place: Place,
    _ extraction: inout Extraction
  ) {
    var inner = place
    inner.path.append("picture \(count)")
    let packed = body.clamped(34)
    // 0xFE: not packed; else a zlib header of two bytes stands before the deflated data.
    if body.u8(32) == 0xFE { return extraction.openPart(packed.array, named: "", in: inner) }
    extraction.openDeflated(packed.clamped(2), expected: body.u32(0) ?? 0, at: inner)
  }

  private static func open(
    _ records: Octets,
    _ store: Octets,
    _ depth: Int,
    _ count: inout Int,
    at place: Place,
    into extraction: inout Extraction
  ) {
    var offset = 0
    while let header = records.u16(offset), let type = records.u16(offset + 2),
      let length = records.u32(offset + 4)
    {
      let body = records.clamped(offset + 8, length)
      switch type {
      case 0xF01A, 0xF01B:
        count += 1
        openMetafile(body.clamped(header >> 4 & 1 != 0 ? 32 : 16), count, at: place, &extraction)
      case 0xF01C:
        extraction.miss(.unsupported, "picture of old Macs (PICT) not read", at: place)
      case 0xF01D, 0xF01E, 0xF01F, 0xF029, 0xF02A:
        // One or two digests, then a tag; the instance is odd where there are two.
        let start = (header >> 4 & 1 != 0 ? 32 : 16) + 1
        count += 1
        var inner = place
        inner.path.append("picture \(count)")
        if body.count > start {
          extraction.openPart(body.clamped(start).array, named: "", in: inner)
        }
      case 0xF007:
        // An entry of the store may hold its picture after 36 bytes and a name.
        if depth < 8 {
          let start = 36 + (body.u8(33) ?? 0)
          var inner = body.clamped(start)
          if inner.count == 0, let size = body.u32(20), let offset = body.u32(28) {
            inner = store.clamped(offset, size)
          }
          open(inner, Octets([]), depth + 1, &count, at: place, into: &extraction)
        }
      case _ where header & 0xF == 0xF && depth < 8:
        open(body, store, depth + 1, &count, at: place, into: &extraction)
      default: break
      }
      offset += 8 + length
    }
  }
}
