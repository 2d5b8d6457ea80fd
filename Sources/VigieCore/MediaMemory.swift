/// What was found in a file when it was uploaded: findings and gaps, never a verdict.
public struct MediaInspection: Sendable, Hashable {
  /// The basis of an inspection that could not read everything for a reason that passes.
  public static let partial = "partial"

  /// What it rests on: a digest of the rules, the limits and what read the file; or ``partial``.
  public var basis: String
  /// What was found, in the places of the only attachment of a message.
  public var findings: [Finding]
  /// What was not read, in such places.
  public var gaps: [Gap]

  /// A value from its parts.
  public init(basis: String, findings: [Finding] = [], gaps: [Gap] = []) {
    self.basis = basis
    self.findings = findings
    self.gaps = gaps
  }
}

/// Keeps what was found in uploads until messages post them.
///
/// Who asks goes on where it throws, and takes the upload for one that was never inspected.
public protocol MediaMemory: Sendable {
  /// What is kept of an upload: on this basis, else the latest on another one.
  ///
  /// - Parameters:
  ///   - id: The id of the upload.
  ///   - basis: The basis in use.
  /// - Returns: The inspection, or `nil` where the upload is not known.
  /// - Throws: Where the memory cannot be read.
  func inspection(of id: String, on basis: String) throws -> MediaInspection?

  /// What is kept of the same bytes on this basis, whoever uploaded them; the id is known from then on.
  ///
  /// - Parameters:
  ///   - digest: The SHA-256 of the bytes, 64 hex digits.
  ///   - id: The id of the upload that holds them now.
  ///   - basis: The basis in use.
  /// - Returns: The inspection, or `nil` where there is none on this basis.
  /// - Throws: Where the memory cannot be read or written.
  func inspection(ofContent digest: String, as id: String, on basis: String) throws
    -> MediaInspection?

  /// Keeps an inspection under the bytes and the id; one on the same basis is replaced.
  ///
  /// - Parameters:
  ///   - inspection: What was found; gaps that pass with time are not to be kept.
  ///   - id: The id of the upload.
  ///   - digest: The SHA-256 of the bytes, 64 hex digits.
  ///   - byteCount: How many bytes they are.
  /// - Throws: Where the memory cannot be written.
  func keep(
    _ inspection: MediaInspection,
    of id: String,
    content digest: String,
    byteCount: Int
  ) throws
}
