import CVigieJSON
import Glibc

/// Where the fields of one record stand; filled again for each record, not made anew.
package struct JSONPick {
  /// One field as it stands: a string without its quotes, or a number.
  package struct Piece {
    let place: vigie_json_piece
    /// The index of its first byte among those given to the reader.
    package var offset: Int { Int(place.first) }
    package var isString: Bool { place.is_string != 0 }
    /// Whether it holds an escape; a string that has none is UTF-8.
    var isEscaped: Bool { place.is_escaped != 0 }
    /// Whether no byte is beyond ASCII.
    var isASCII: Bool { place.is_ascii != 0 }
    var count: Int { Int(place.count) }
    /// How many bytes it takes; its text takes no more.
    package var byteCount: Int { count }
    /// Whether it is ASCII alone, without escapes.
    package var isPlainASCII: Bool { isASCII && !isEscaped }
    var range: Range<Int> { offset..<offset + count }
  }

  /// How records are passed over; all ways pick the same.
  package enum Variant: Sendable, CaseIterable {
    /// Eight bytes at a time, on any machine.
    case portable
    case avx2
    case avx512

    /// The fastest of this machine, or the one that the environment variable `VIGIE_KERNEL` names.
    package static let chosen =
      allCases.first { $0.code == vigie_json_chosen_variant() } ?? .portable
    /// Those of this machine.
    package static var available: [Self] {
      allCases.filter { vigie_json_has_variant($0.code) != 0 }
    }

    var code: vigie_json_variant {
      switch self {
      case .portable: VIGIE_JSON_PORTABLE
      case .avx2: VIGIE_JSON_AVX2
      case .avx512: VIGIE_JSON_AVX512
      }
    }
  }

  let variant: Variant
  var pieces = [vigie_json_piece](repeating: vigie_json_piece(), count: JSONShape.firstObject)
  /// The fields that are there, a bit each by their number.
  package internal(set) var taken: UInt32 = 0
  /// The objects that were entered, a bit each by their number.
  var entered: UInt64 = 0
  /// For each known member, and for the start of each object, the member that followed last; -1 for none.
  ///
  /// Records of one origin have their members in one order.
  var followers: [Int32] = []

  /// A pick of nothing.
  ///
  /// - Parameter variant: How records will be passed over: a way that this machine has.
  package init(_ variant: Variant = .chosen) { self.variant = variant }

  /// The field that was kept under a number, or `nil` where the record has none.
  package subscript(number: Int) -> Piece? {
    taken >> number & 1 == 1 ? Piece(place: pieces[number]) : nil
  }

  /// Whether the record has the object with this number of the shape.
  package func hasObject(_ number: Int) -> Bool { entered >> UInt64(number) & 1 == 1 }
}

extension JSONReader {
  /// Picks the fields of the object that is next, in one pass over its bytes.
  ///
  /// It accepts less than the calls one by one do, and nothing else: what it refuses must be read
  /// by them. Nothing is decoded or copied.
  ///
  /// - Parameters:
  ///   - shape: Which fields.
  ///   - pick: Where they stand; of no meaning where the object is refused.
  /// - Returns: Whether the reader now stands after the object. Otherwise it stands where it stood:
  ///   the object is not of this shape, is no JSON, keeps a field that is not UTF-8, or lies less than a few bytes
  ///   before the end of what there is.
  package mutating func pick(_ shape: JSONShape, into pick: inout JSONPick) -> Bool {
    guard position < end, end < Int(Int32.max), bytes[position] == UInt8(ascii: "{") else {
      return false
    }
    let followerCount = shape.entries.count + shape.tables.count
    if pick.followers.count != followerCount {
      pick.followers = [Int32](repeating: -1, count: followerCount)
    }
    guard let index = place(of: shape, &pick) else { return false }
    position = index
    isFirst = false
    return true
  }

  /// Where the object ends that is next, once its fields are picked; `nil` where it is refused.
  private func place(of shape: JSONShape, _ pick: inout JSONPick) -> Int? {
    let first = position + 1
    let (end, variant) = (end, pick.variant)
    var record = unsafe vigie_json_record()
    let isWhole = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe shape.entries.withUnsafeBufferPointer { entries in
        unsafe shape.tables.withUnsafeBufferPointer { tables in
          unsafe pick.followers.withUnsafeMutableBufferPointer { followers in
            unsafe pick.pieces.withUnsafeMutableBufferPointer { pieces in
              unsafe record.bytes = bytes.baseAddress
              unsafe record.end = end
              unsafe record.index = first
              unsafe record.entries = entries.baseAddress
              unsafe record.tables = tables.baseAddress
              unsafe record.entry_count = entries.count
              unsafe record.followers = followers.baseAddress
              unsafe record.pieces = pieces.baseAddress
              if variant != .portable { return unsafe vigie_json_pick(&record, variant.code) != 0 }
              guard var picker = unsafe PortablePicker(record) else { return false }
              let isWhole = unsafe picker.run()
              unsafe record.index = picker.index
              unsafe record.taken = picker.taken
              unsafe record.entered = picker.entered
              return isWhole
            }
          }
        }
      }
    }
    pick.taken = unsafe record.taken
    pick.entered = unsafe record.entered
    return unsafe isWhole ? record.index : nil
  }

  /// Goes back to where a value starts that was passed, to read it in another way.
  package mutating func rewind(to index: Int) {
    precondition(index >= start && index <= position, "the value was passed")
    position = index
  }

  /// The text of a piece that is a string, or `nil` where it is none or would have to be repaired.
  package func text(_ piece: JSONPick.Piece) -> String? {
    guard piece.isString else { return nil }
    if piece.isEscaped {
      let (text, isRepaired) = unescape(piece.range)
      return isRepaired ? nil : text
    }
    return unsafe bytes.withUnsafeBytes { buffer in
      unsafe JSONReader.text(
        ofUTF8: UnsafeRawBufferPointer(rebasing: buffer[piece.range]),
        isASCII: piece.isASCII
      )
    }
  }

  /// Whether a piece starts with one of these bytes.
  package func starts(_ piece: JSONPick.Piece, withOneOf starts: StaticString) -> Bool {
    guard piece.count > 0 else { return false }
    let first = bytes[piece.offset]
    for index in 0..<starts.utf8CodeUnitCount where unsafe starts.utf8Start[index] == first {
      return true
    }
    return false
  }

  /// Whether a piece is a string without escapes that is not this one.
  package func isPlain(_ piece: JSONPick.Piece, but text: StaticString) -> Bool {
    piece.isString && !piece.isEscaped && !isSame(piece, text)
  }

  /// Whether two pieces are the same bytes.
  package func isSame(_ piece: JSONPick.Piece, as other: JSONPick.Piece) -> Bool {
    piece.count == other.count && bytes[piece.range].elementsEqual(bytes[other.range])
  }

  /// Whether a piece is a string of these very bytes.
  package func isSame(_ piece: JSONPick.Piece, _ text: StaticString) -> Bool {
    guard piece.count == text.utf8CodeUnitCount, piece.isString, !piece.isEscaped else {
      return false
    }
    return unsafe bytes.withUnsafeBufferPointer { all in
      guard let all = all.baseAddress else { return false }
      return unsafe memcmp(all + piece.offset, text.utf8Start, piece.count) == 0
    }
  }

  /// Whether a piece is a string of these very bytes.
  package func isSame(_ piece: JSONPick.Piece, _ text: String) -> Bool {
    piece.isString && !piece.isEscaped && isSame(piece.range, text)
  }

  /// The value of a piece that is a number of up to fifteen digits and nothing else.
  package func integer(_ piece: JSONPick.Piece) -> Int? {
    piece.isString ? nil : shortInteger(piece.range)?.value
  }
}
