import VigieCore
import VigieFilter
import VigieInspection
import VigiePolicy

/// Inspects uploads once, and judges messages by what was found in the uploads they post.
struct MediaDesk: Sendable {
  let memory: (any MediaMemory)?
  let metrics: HookMetrics

  // MARK: - Uploads

  /// Inspects an upload and says what every channel would have of it.
  ///
  /// - Parameters:
  ///   - upload: The upload.
  ///   - generation: By which rules.
  ///   - inspector: What opens it.
  ///   - isAwaited: Whether somebody still waits; what is late is not kept.
  /// - Returns: The review of the file and of its name.
  func review(
    _ upload: Upload,
    by generation: Generation,
    _ inspector: Inspector,
    isAwaited: () -> Bool
  ) -> Review {
    let found = inspect(upload.content, upload.id, generation, inspector, isWanted: isAwaited)
    let named = Message(
      id: upload.id,
      attachments: upload.name.map { [Attachment(name: $0, mimetype: upload.mimetype)] } ?? []
    )
    var review = inspector.review(named, with: found.findings, gaps: found.gaps)
    let decision = generation.filter.policy.leastDecision(
      findings: review.findings,
      gaps: review.gaps
    )
    review.verdict = decision.verdict
    review.observed = decision.observed
    review.tip = generation.filter.tips[decision.tip]
    review.mayOverride = false
    return review
  }

  /// What an upload holds: what is known of the same bytes, else what is found in them now.
  private func inspect(
    _ content: Upload.Content,
    _ id: String,
    _ generation: Generation,
    _ inspector: Inspector,
    isWanted: () -> Bool
  ) -> MediaInspection {
    let source = memory == nil ? nil : MediaSource(content)
    if let memory, let source, isWanted() {
      do {
        let known = try memory.inspection(
          ofContent: source.digest,
          as: id,
          on: generation.basis
        )
        if let known {
          metrics.count(.known)
          return known
        }
      } catch {
        metrics.count(.unreadable)
      }
    }
    metrics.count(.inspected)
    let file = Attachment(name: "", content: content.attachment)
    let review = inspector.review(Message(id: "", attachments: [file]))
    let found = MediaInspection(
      basis: generation.basis,
      findings: review.findings,
      gaps: review.gaps
    )
    if let memory, let source, isWanted(), source.isUnchanged, let kept = found.worthKeeping {
      do {
        try memory.keep(kept, of: id, content: source.digest, byteCount: source.byteCount)
      } catch {
        metrics.count(.unwritable)
      }
    }
    return found
  }

  // MARK: - Messages

  /// Judges a message with its channel, by what is known of the uploads it posts.
  func review(_ message: Message, by generation: Generation, _ inspector: Inspector) -> Review {
    var bare = message
    var findings: [Finding] = []
    var gaps: [Gap] = []
    for index in message.attachments.indices {
      guard case .uploaded(let id, let path) = message.attachments[index].content else { continue }
      let known = recall(id, path, generation, inspector)
      // The name that the message gives it is judged with the message.
      bare.attachments[index].content = .nameOnly
      findings += known.findings.map { finding in
        var finding = finding
        finding.place.part = .attachment(index)
        return finding
      }
      gaps += known.gaps.map { gap in
        var gap = gap
        gap.place.part = .attachment(index)
        return gap
      }
    }
    return inspector.review(bare, with: findings, gaps: gaps)
  }

  /// What is known of an upload by the rules in use, or as much as can be had with a gap that says so.
  private func recall(
    _ id: String,
    _ path: String?,
    _ generation: Generation,
    _ inspector: Inspector
  ) -> MediaInspection {
    var kept: MediaInspection?
    var lack = "the uploaded file was never inspected"
    do {
      kept = try memory?.inspection(of: id, on: generation.basis)
    } catch {
      metrics.count(.unreadable)
      lack = "what was found in the uploaded file cannot be read"
    }
    if let kept, kept.basis == generation.basis {
      metrics.count(.known)
      return kept
    }
    var known = kept ?? MediaInspection(basis: generation.basis)
    if let path {
      // Kept even where the message turns out late: sent again it will not be.
      let found = inspect(.file(path: path), id, generation, inspector) { true }
      guard kept != nil, found.gaps.contains(where: { $0.reason == .missing }) else { return found }
      known.gaps += found.gaps
      return known
    }
    metrics.count(kept == nil ? .unknown : .stale)
    if let kept {
      lack =
        kept.basis == MediaInspection.partial
        ? "the uploaded file was not wholly read"
        : "the uploaded file was inspected under other rules"
    }
    known.gaps.append(
      Gap(place: Place(part: .attachment(0), role: .bodyText), reason: .missing, detail: lack)
    )
    return known
  }
}
