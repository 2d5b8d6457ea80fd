import VigieCore
import VigieDocuments

/// The pictures of Office drawings, handed on to the formats of images.
///
/// *Source:* [MS-ODRAW] §2.2.23 to §2.2.32 (OfficeArtBlip…), §2.2.22 (OfficeArtBStoreContainer).
enum BLIP {
  /// Opens every picture among records, however deep in containers.
  static func open(_ records: [UInt8], at place: Place, into extraction: inout Extraction) {
    var count = 0
    open(Octets(records), 0, &count, at: place, into: &extraction)
  }

  private static func open(
    _ records: Octets,
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
      case 0xF01A, 0xF01B, 0xF01C:
        extraction.miss(.unsupported, "vector picture (EMF, WMF, PICT) not read", at: place)
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
          open(body.clamped(start), depth + 1, &count, at: place, into: &extraction)
        }
      case _ where header & 0xF == 0xF && depth < 8:
        open(body, depth + 1, &count, at: place, into: &extraction)
      default: break
      }
      offset += 8 + length
    }
  }
}
