import CICU
import VigieContainers
import VigieDocuments

/// Tells in which old encodings a text may be.
///
/// No byte says so: what is told is how often letters follow each other in a language. A short text may
/// be several things, and then all of them are read.
enum EncodingDetector {
  /// An encoding that a text may be in.
  struct Candidate: Equatable {
    /// Its Windows number.
    var codePage: Int
    /// The name for people.
    var name: String
    /// How sure ICU is, 0 to 100.
    var confidence: Int
  }

  /// The bytes that are looked at.
  static let sampleByteCount = 1 << 16
  /// Encodings in which one text is read, at most.
  static let maxCandidateCount = 3
  /// From so much on one encoding is enough, if no other is near.
  ///
  /// *Source:* ICU: ucsdet.h (100 is certain, 10 a guess); ours: the texts of EncodingTests.
  private static let sure = 60
  /// What is nearer than that to the best is read too.
  private static let near = 20
  /// Below that ICU knows nothing.
  private static let least = 8

  /// Readies what must read files.
  static func prepare() { _ = detected(Array("déjà vu".utf8)[...]) }

  /// The encodings that a text may be in, the likeliest first; at least one.
  ///
  /// - Parameter bytes: A text of a byte or more a letter that is no UTF-8.
  /// - Returns: The encodings, and whether it is one of them at all.
  static func candidates(_ bytes: RawSpan) -> (encodings: [Candidate], isDecided: Bool) {
    let sample = bytes.array(0..<min(bytes.byteCount, sampleByteCount))
    if isEBCDIC(sample) {
      let pages = [(1148, "EBCDIC 1148"), (1147, "EBCDIC 1147")]
      return (pages.map { Candidate(codePage: $0.0, name: $0.1, confidence: sure) }, true)
    }
    let found = detected(sample[...])
    let isLatin = looksLatin(sample)
    var kept: [Candidate] = []
    func keep(_ candidate: Candidate) {
      if kept.count < maxCandidateCount,
        !kept.contains(where: { $0.codePage == candidate.codePage })
      {
        kept.append(candidate)
      }
    }
    let best = found.first?.confidence ?? 0
    let western = Candidate(codePage: Charset.western, name: "windows-1252", confidence: 0)
    // Most texts with Latin letters are western, and a few letters say little.
    if isLatin, best < sure { keep(western) }
    for candidate in found where candidate.confidence >= least {
      let isNear = candidate.confidence > best - near
      if isNear || best < sure { keep(candidate) }
    }
    if isLatin { return (kept.isEmpty ? [western] : kept, true) }
    let isDecided = best >= least
    if best < sure {
      // The alphabets of which nobody is told apart by a few words.
      for (codePage, name) in [(1251, "windows-1251"), (20866, "KOI8-R"), (1253, "windows-1253")] {
        keep(Candidate(codePage: codePage, name: name, confidence: 0))
      }
    }
    return (kept.isEmpty ? [western] : kept, isDecided)
  }

  /// What ICU takes a text for, the likeliest first, as far as we can decode it.
  private static func detected(_ sample: ArraySlice<UInt8>) -> [Candidate] {
    SeldomUsed.need(.markup)
    let capacity = 24
    var confidences = [Int32](repeating: 0, count: capacity)
    var names = [CChar](repeating: 0, count: capacity * Int(VIGIE_ICU_NAME_LENGTH))
    let count = unsafe sample.withUnsafeBytes { source in
      unsafe vigie_icu_detect(
        source.baseAddress?.assumingMemoryBound(to: CChar.self),
        Int32(source.count),
        &names,
        &confidences,
        Int32(capacity)
      )
    }
    var found: [Candidate] = []
    for index in 0..<Int(max(0, count)) {
      let start = index * Int(VIGIE_ICU_NAME_LENGTH)
      let letters = names[start..<start + Int(VIGIE_ICU_NAME_LENGTH)].prefix { $0 != 0 }
      let name = String(decoding: letters.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      // It is no UTF: that was looked for before.
      guard !name.hasPrefix("UTF"), let codePage = Charset.named(name) else { continue }
      found.append(Candidate(codePage: codePage, name: name, confidence: Int(confidences[index])))
    }
    return found
  }

  /// Whether letters of ASCII outnumber those above it, as in every language with Latin letters.
  static func looksLatin(_ sample: [UInt8]) -> Bool {
    var plain = 0
    var high = 0
    for byte in sample {
      switch byte {
      case 0x41...0x5A, 0x61...0x7A: plain += 1
      case 0x80...0xFF: high += 1
      default: break
      }
    }
    return plain >= high
  }

  /// Whether a text is EBCDIC, the encoding of mainframes: its space is the sign @, its letters stand
  /// above ASCII, and the space of ASCII has no place in it.
  ///
  /// *Source:* IBM, Character Data Representation Architecture, code page 500.
  static func isEBCDIC(_ sample: [UInt8]) -> Bool {
    guard sample.count >= 16 else { return false }
    var spaces = 0
    var letters = 0
    var foreign = 0
    for byte in sample {
      switch byte {
      case 0x40: spaces += 1
      case 0x81...0x89, 0x91...0x99, 0xA2...0xA9, 0xC1...0xC9, 0xD1...0xD9, 0xE2...0xE9,
        0xF0...0xF9:
        letters += 1
      case 0x20, 0x61...0x6A: foreign += 1
      default: break
      }
    }
    return spaces * 20 > sample.count && letters * 10 > sample.count * 6
      && foreign * 50 < sample.count
  }

  /// The order of bytes where the text is UTF-16 without a mark and without the zeros of Latin letters;
  /// `nil` where it is not UTF-16.
  ///
  /// Bytes that are no text hold units that mean nothing, one in four of them: a text has none.
  static func isBigEndianUTF16(_ bytes: RawSpan) -> Bool? {
    let count = min(bytes.byteCount, sampleByteCount) & ~1
    guard count >= 16, bytes.byteCount & 1 == 0 else { return nil }
    let scores = [false, true].map { isBig -> (isBig: Bool, common: Int) in
      var common = 0
      for offset in stride(from: 0, to: count, by: 2) {
        let first = UInt16(bytes.byte(at: offset) ?? 0)
        let second = UInt16(bytes.byte(at: offset + 1) ?? 0)
        if isCommon(isBig ? first << 8 | second : second << 8 | first) { common += 1 }
      }
      return (isBig, common)
    }
    // Line breaks, spaces and figures have a zero; the encodings of East Asia never have one.
    guard (0..<count).contains(where: { bytes.byte(at: $0) == 0 }) else { return nil }
    guard let best = scores.max(by: { $0.common < $1.common }) else { return nil }
    let least = scores.map(\.common).min() ?? 0
    // Nearly all units, and far more than in the other order.
    guard best.common * 2 * 100 >= count * 98, (best.common - least) * 2 * 10 >= count else {
      return nil
    }
    return best.isBig
  }

  /// Whether a unit stands in texts: letters of living scripts, punctuation, line breaks.
  ///
  /// *Source:* The Unicode Standard 16.0, code charts.
  private static func isCommon(_ unit: UInt16) -> Bool {
    switch unit {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0xA0...0x24F, 0x370...0x58F, 0x590...0x6FF,
      0x900...0xDFF, 0xE00...0xEFF, 0x10A0...0x10FF, 0x1E00...0x1FFF, 0x2010...0x203A, 0x20AC,
      0x2116, 0x3000...0x30FF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xFF01...0xFF5E:
      true
    default: false
    }
  }
}
