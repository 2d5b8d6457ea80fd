import VigieCore
import VigieCrypto
package import VigieFilter
import VigieWorkers

/// What findings rest on: the same bytes on the same basis give the same findings.
package struct InspectionBasis: Sendable, Equatable {
  /// A digest, 64 hex digits, of the rules with policy and tips, the limits, what reads documents, and the key
  /// of fingerprints.
  package let digest: String
  /// Why documents cannot be read now, with the mend; `nil` where they can.
  ///
  /// Where they cannot, that is a basis too, and what was found without counts no more once they can.
  package let lack: String?

  /// The basis of a filter on this machine; it asks a reader of documents what it can read.
  package init(of filter: Filter) {
    var digest = DigestBuilder()
    digest.add(filter.ruleset)
    let limits = filter.limits
    let document = limits.document
    for number in [
      Inspector.version, limits.maxTextByteCount, limits.maxAttachmentByteCount,
      limits.maxFindingCount, document.maxDepth, document.maxMemberCount,
      document.maxMemberByteCount, document.maxUnpackedByteCount, document.maxRatio,
      document.maxTextByteCount, document.maxTextCount, document.maxPageCount,
      document.maxMilliseconds, document.maxMemoryByteCount, document.maxPictureCount,
      document.maxPictureByteCount, document.maxPixelCount, document.maxPictureMilliseconds,
    ] {
      digest.add("\(number)")
    }
    do throws(WorkerPool.Lack) {
      for part in try Inspector.installedParts() { digest.add(part) }
      lack = nil
    } catch {
      digest.add("none")
      lack = error.detail
    }
    // Fingerprints under another key are other fingerprints.
    digest.add(filter.authentication?.code(for: Array("vigie inspection basis".utf8)) ?? "")
    self.digest = Digest.hex(digest.finalize())
  }
}
