import Glibc

/// Where the fields of one record stand; filled again for each record, not made anew.
package struct JSONPick {
  /// One field as it stands: a string without its quotes, or a number.
  package struct Piece {
    var first: Int32 = 0
    var count: Int32 = 0
    package internal(set) var isString = false
    var isEscaped = false
    /// Whether no byte is beyond ASCII.
    var isASCII = true
    /// The index of its first byte among those given to the reader.
    package var offset: Int { Int(first) }
    var range: Range<Int> { Int(first)..<Int(first) + Int(count) }
  }

  var pieces = [Piece](repeating: Piece(), count: JSONShape.firstObject)
  /// The fields that are there, a bit each by their number.
  package internal(set) var taken: UInt32 = 0
  /// The objects that were entered, a bit each by their number.
  var entered: UInt64 = 0
  /// For each known member, and for the start of each object, the member that followed last; -1 for none.
  ///
  /// Records of one origin have their members in one order.
  var followers: [Int32] = []

  /// A pick of nothing.
  package init() {}

  /// The field that was kept under a number, or `nil` where the record has none.
  package subscript(number: Int) -> Piece? { taken >> number & 1 == 1 ? pieces[number] : nil }

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
  ///   the object is not of this shape, is no JSON, or lies less than a few bytes before the end of
  ///   what there is.
  package mutating func pick(_ shape: JSONShape, into pick: inout JSONPick) -> Bool {
    guard position < end, end < Int(Int32.max), bytes[position] == UInt8(ascii: "{") else {
      return false
    }
    let followerCount = shape.entries.count + shape.tables.count
    if pick.followers.count != followerCount {
      pick.followers = [Int32](repeating: -1, count: followerCount)
    }
    let index = unsafe bytes.withUnsafeBufferPointer { bytes -> Int? in
      unsafe shape.entries.withUnsafeBufferPointer { entries -> Int? in
        unsafe shape.tables.withUnsafeBufferPointer { tables -> Int? in
          guard let bytes = bytes.baseAddress, let entries = entries.baseAddress,
            let tables = tables.baseAddress
          else { return nil }
          return unsafe pick.followers.withUnsafeMutableBufferPointer { followers -> Int? in
            guard let followers = followers.baseAddress else { return nil }
            var picker = unsafe Picker(
              bytes,
              end,
              entries,
              tables,
              position + 1,
              followers,
              entryCount: shape.entries.count
            )
            let isWhole = unsafe pick.pieces.withUnsafeMutableBufferPointer { pieces -> Bool in
              guard let pieces = pieces.baseAddress else { return false }
              return unsafe picker.record(into: pieces)
            }
            pick.taken = unsafe picker.taken
            pick.entered = unsafe picker.entered
            return unsafe isWhole ? picker.index : nil
          }
        }
      }
    }
    guard let index else { return false }
    position = index
    isFirst = false
    return true
  }

  /// Goes back to where a value starts that was passed, to read it in another way.
  package mutating func rewind(to index: Int) {
    precondition(index >= start && index <= position, "the value was passed")
    position = index
  }

  /// The text of a piece that is a string, or `nil` where it is none or would have to be repaired.
  package func text(_ piece: JSONPick.Piece) -> String? {
    guard piece.isString else { return nil }
    let (text, isRepaired) =
      piece.isEscaped
      ? unescape(piece.range)
      : JSONReader.text(of: bytes, in: piece.range, isASCII: piece.isASCII)
    return isRepaired ? nil : text
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

  /// Whether a piece is a string of these very bytes.
  package func isSame(_ piece: JSONPick.Piece, _ text: StaticString) -> Bool {
    guard piece.count == text.utf8CodeUnitCount, piece.isString, !piece.isEscaped else {
      return false
    }
    return unsafe bytes.withUnsafeBufferPointer { all in
      guard let all = all.baseAddress else { return false }
      return unsafe memcmp(all + piece.offset, text.utf8Start, Int(piece.count)) == 0
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

/// Goes over the bytes of one record.
///
/// Eight bytes are read at a time, so whatever lies closer to the
/// end than a key can be long is left to the thorough way.
@unsafe private struct Picker {
  let bytes: UnsafePointer<UInt8>
  let end: Int
  let entries: UnsafePointer<JSONShape.Entry>
  let tables: UnsafePointer<JSONShape.Table>
  var index: Int
  var taken: UInt32 = 0
  var entered: UInt64 = 0
  /// As ``JSONPick/followers`` says; an object starts behind the last of all entries, by its number.
  let followers: UnsafeMutablePointer<Int32>
  let entryCount: Int

  init(
    _ bytes: UnsafePointer<UInt8>,
    _ end: Int,
    _ entries: UnsafePointer<JSONShape.Entry>,
    _ tables: UnsafePointer<JSONShape.Table>,
    _ index: Int,
    _ followers: UnsafeMutablePointer<Int32>,
    entryCount: Int
  ) {
    unsafe self.bytes = unsafe bytes
    unsafe self.end = end
    unsafe self.entries = unsafe entries
    unsafe self.tables = unsafe tables
    unsafe self.index = index
    unsafe self.followers = unsafe followers
    unsafe self.entryCount = entryCount
  }

  /// Passes the members of the record whose brace was passed, and its end.
  mutating func record(into pieces: UnsafeMutablePointer<JSONPick.Piece>) -> Bool {
    unsafe object(0, depth: 1, pieces)
  }

  /// The next byte that is no white space, which is not passed; 0 at the end.
  @inline(__always)
  mutating func next() -> UInt8 {
    while unsafe index < end {
      let byte = unsafe bytes[index]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      unsafe index += 1
    }
    return 0
  }

  /// Passes the members of an object whose brace was passed, and its end.
  private mutating func object(
    _ number: Int,
    depth: Int,
    _ pieces: UnsafeMutablePointer<JSONPick.Piece>
  ) -> Bool {
    let table = unsafe tables[number]
    var byte = unsafe next()
    if byte == UInt8(ascii: "}") {
      unsafe index += 1
      return true
    }
    var last = unsafe entryCount + number
    while true {
      guard byte == UInt8(ascii: "\"") else { return false }
      unsafe index += 1
      var code = table.others
      if let entry = unsafe follower(of: last, table) {
        last = entry
        code = unsafe entries[entry].code
        unsafe index += entries[entry].count + 1
      } else {
        var key = JSONPick.Piece()
        guard unsafe string(&key), !key.isEscaped else { return false }
        if let entry = unsafe entry(of: key, table) {
          code = unsafe entries[entry].code
          if unsafe entries[entry].count <= 16 {
            unsafe followers[last] = Int32(truncatingIfNeeded: entry)
            last = entry
          }
        }
      }
      guard unsafe next() == UInt8(ascii: ":") else { return false }
      unsafe index += 1
      switch code {
      case JSONShape.skip: guard unsafe skipValue(depth, refusesText: false) else { return false }
      case JSONShape.skipUnlessText:
        guard unsafe skipValue(depth, refusesText: true) else { return false }
      case 0..<JSONShape.firstObject: guard unsafe take(code, &pieces[code]) else { return false }
      case JSONShape.firstObject...:
        guard unsafe next() == UInt8(ascii: "{"), depth < 512 else { return false }
        unsafe index += 1
        guard unsafe enter(code - JSONShape.firstObject, depth + 1, pieces) else {
          return false
        }
      default: return false
      }
      byte = unsafe next()
      unsafe index += 1
      if byte == UInt8(ascii: "}") { return true }
      guard byte == UInt8(ascii: ",") else { return false }
      byte = unsafe next()
    }
  }

  /// Passes an object of the shape, which may stand once.
  private mutating func enter(
    _ number: Int,
    _ depth: Int,
    _ pieces: UnsafeMutablePointer<JSONPick.Piece>
  ) -> Bool {
    let bit: UInt64 = 1 << UInt64(number)
    guard unsafe entered & bit == 0 else { return false }
    unsafe entered |= bit
    return unsafe object(number, depth: depth, pieces)
  }

  /// The member that followed another the last time, where its name and the quote behind it are next.
  @inline(__always)
  private func follower(of last: Int, _ table: JSONShape.Table) -> Int? {
    let entry = unsafe Int(followers[last])
    // A name and its quote take seventeen bytes at most.
    guard unsafe index + 17 <= end, entry >= table.first, entry <= table.first + table.mask else {
      return nil
    }
    let start = unsafe UnsafeRawPointer(bytes + index)
    let name = unsafe entries[entry]
    let head = unsafe UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
    let tail = unsafe UInt64(
      littleEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    )
    guard head & name.headMask == name.head, tail & name.tailMask == name.tail,
      unsafe bytes[index + name.count] == UInt8(ascii: "\"")
    else { return nil }
    return entry
  }

  /// The entry of a key; `nil` where the table lacks it.
  @inline(__always)
  private func entry(of key: JSONPick.Piece, _ table: JSONShape.Table) -> Int? {
    // A string ends sixteen bytes before the end at least, or it would not have been read.
    let start = unsafe UnsafeRawPointer(bytes + Int(key.first))
    var head = unsafe UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
    var tail: UInt64 = 0
    let count = Int(key.count)
    if count < 8 {
      head &= (1 << UInt64(8 * count)) &- 1
    } else if count > 8 {
      tail = unsafe UInt64(littleEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      if count < 16 { tail &= (1 << UInt64(8 * (count - 8))) &- 1 }
    }
    var slot = JSONShape.hash(head, tail, count) & table.mask
    while true {
      let entry = unsafe entries[table.first + slot]
      if entry.count < 0 { return nil }
      if entry.head == head, entry.tail == tail, entry.count == count { return table.first + slot }
      slot = (slot + 1) & table.mask
    }
  }

  /// Keeps a string or a number.
  private mutating func take(_ number: Int, _ kept: inout JSONPick.Piece) -> Bool {
    let bit: UInt32 = 1 << UInt32(number)
    guard unsafe taken & bit == 0 else { return false }
    unsafe taken |= bit
    var piece = JSONPick.Piece()
    if unsafe next() == UInt8(ascii: "\"") {
      unsafe index += 1
      piece.isString = true
      guard unsafe string(&piece) else { return false }
    } else {
      let first = unsafe index
      guard unsafe skipNumber() else { return false }
      piece.first = Int32(truncatingIfNeeded: first)
      piece.count = unsafe Int32(truncatingIfNeeded: index - first)
    }
    kept = piece
    return true
  }

  /// Passes a string whose opening quote was passed, and its closing one.
  @inline(__always)
  private mutating func string(_ piece: inout JSONPick.Piece) -> Bool {
    let first = unsafe index
    var isEscaped = false
    var bits: UInt64 = 0
    while true {
      guard unsafe index + 8 <= end else { return false }
      let word = unsafe UInt64(
        littleEndian: UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self)
      )
      let special = JSONReader.special(word)
      // A branch, so that the next eight bytes need not wait for the count.
      if special == 0 {
        bits |= word
        unsafe index += 8
        continue
      }
      let passed = special.trailingZeroBitCount >> 3
      unsafe index += passed
      bits |= word & ((1 << UInt64(8 * passed)) &- 1)
      let byte = unsafe bytes[index]
      if byte == UInt8(ascii: "\"") {
        // Whoever compares a key reads sixteen bytes from its start on.
        guard unsafe first + 16 <= end else { return false }
        piece.first = Int32(truncatingIfNeeded: first)
        piece.count = unsafe Int32(truncatingIfNeeded: index - first)
        piece.isEscaped = isEscaped
        piece.isASCII = bits & JSONReader.highBits == 0
        unsafe index += 1
        return true
      }
      guard byte == UInt8(ascii: "\\"), unsafe passEscape() else { return false }
      isEscaped = true
    }
  }

  /// Passes a backslash and what belongs to it.
  private mutating func passEscape() -> Bool {
    guard unsafe index + 6 <= end else { return false }
    let letter = unsafe bytes[index + 1]
    guard JSONReader.meaning(letter) != 0 else { return false }
    unsafe index += 2
    guard letter == UInt8(ascii: "u") else { return true }
    for offset in 0..<4 where unsafe JSONReader.hexDigit(bytes[index + offset]) == nil {
      return false
    }
    unsafe index += 4
    return true
  }

  /// Passes a value of any type.
  private mutating func skipValue(_ depth: Int, refusesText: Bool) -> Bool {
    switch unsafe next() {
    case UInt8(ascii: "\""):
      unsafe index += 1
      var piece = JSONPick.Piece()
      return unsafe string(&piece) && !(refusesText && piece.count > 0)
    case UInt8(ascii: "{"):
      return unsafe skipMembers(depth, UInt8(ascii: "}"), refusesText)
    case UInt8(ascii: "["):
      return unsafe skipMembers(depth, UInt8(ascii: "]"), refusesText)
    case UInt8(ascii: "t"): return unsafe passWord("true")
    case UInt8(ascii: "f"): return unsafe passWord("false")
    case UInt8(ascii: "n"): return unsafe passWord("null")
    default: return unsafe skipNumber()
    }
  }

  /// Passes an object or array whose first byte is next.
  private mutating func skipMembers(_ depth: Int, _ close: UInt8, _ refusesText: Bool) -> Bool {
    guard depth < 512 else { return false }
    unsafe index += 1
    if unsafe next() == close {
      unsafe index += 1
      return true
    }
    while true {
      if close == UInt8(ascii: "}") {
        guard unsafe next() == UInt8(ascii: "\"") else { return false }
        unsafe index += 1
        var key = JSONPick.Piece()
        guard unsafe string(&key), unsafe next() == UInt8(ascii: ":") else { return false }
        unsafe index += 1
      }
      guard unsafe skipValue(depth + 1, refusesText: refusesText) else { return false }
      let byte = unsafe next()
      unsafe index += 1
      if byte == close { return true }
      guard byte == UInt8(ascii: ",") else { return false }
    }
  }

  private mutating func passWord(_ word: StaticString) -> Bool {
    guard unsafe index + word.utf8CodeUnitCount <= end else { return false }
    for offset in 0..<word.utf8CodeUnitCount
    where unsafe bytes[index + offset] != word.utf8Start[offset] {
      return false
    }
    unsafe index += word.utf8CodeUnitCount
    return true
  }

  /// Passes a number.
  ///
  /// *Source:* RFC 8259, §6.
  private mutating func skipNumber() -> Bool {
    if unsafe index < end, unsafe bytes[index] == UInt8(ascii: "-") { unsafe index += 1 }
    let first = unsafe index
    let count = unsafe skipDigits()
    guard count > 0, unsafe count == 1 || bytes[first] != UInt8(ascii: "0") else { return false }
    if unsafe index < end, unsafe bytes[index] == UInt8(ascii: ".") {
      unsafe index += 1
      guard unsafe skipDigits() > 0 else { return false }
    }
    if unsafe index < end, unsafe bytes[index] | 0x20 == UInt8(ascii: "e") {
      unsafe index += 1
      if unsafe index < end,
        unsafe bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-")
      {
        unsafe index += 1
      }
      guard unsafe skipDigits() > 0 else { return false }
    }
    return true
  }

  @inline(__always)
  private mutating func skipDigits() -> Int {
    let first = unsafe index
    while unsafe index < end, unsafe bytes[index] &- UInt8(ascii: "0") < 10 { unsafe index += 1 }
    return unsafe index - first
  }
}
