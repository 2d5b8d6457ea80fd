import CVigieJSON

/// Goes over the bytes of one record: what the passes with vectors must agree with, and what machines have for which there
/// is none.
///
/// Eight bytes are read at a time, so whatever lies closer to the
/// end than a key can be long is left to the thorough way.
@unsafe struct PortablePicker {
  private let bytes: UnsafePointer<UInt8>
  private let end: Int
  private let entries: UnsafePointer<JSONShape.Entry>
  private let tables: UnsafePointer<JSONShape.Table>
  private let pieces: UnsafeMutablePointer<vigie_json_piece>
  private(set) var index: Int
  private(set) var taken: UInt32 = 0
  private(set) var entered: UInt64 = 0
  /// As ``JSONPick/followers`` says; an object starts behind the last of all entries, by its number.
  private let followers: UnsafeMutablePointer<Int32>
  private let entryCount: Int

  /// A pass over a record of which the brace that opens it was passed; `nil` where it has no bytes or tables.
  init?(_ record: vigie_json_record) {
    guard let bytes = unsafe record.bytes, let entries = unsafe record.entries,
      let tables = unsafe record.tables, let pieces = unsafe record.pieces,
      let followers = unsafe record.followers
    else { return nil }
    unsafe self.bytes = bytes
    unsafe self.end = record.end
    unsafe self.entries = entries
    unsafe self.tables = tables
    unsafe self.index = record.index
    unsafe self.pieces = pieces
    unsafe self.followers = followers
    unsafe self.entryCount = record.entry_count
  }

  /// Passes the members of the record and its end; says whether it is of the shape.
  mutating func run() -> Bool { unsafe object(0, depth: 1) }

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
  private mutating func object(_ number: Int, depth: Int) -> Bool {
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
      var code = Int(table.others)
      if let entry = unsafe follower(of: last, table) {
        last = entry
        code = unsafe Int(entries[entry].code)
        unsafe index += Int(entries[entry].count) + 1
      } else {
        var key = vigie_json_piece()
        guard unsafe string(&key), key.is_escaped == 0 else { return false }
        if let entry = unsafe entry(of: key, table) {
          code = unsafe Int(entries[entry].code)
          if unsafe entries[entry].count <= 16 {
            unsafe followers[last] = Int32(truncatingIfNeeded: entry)
            last = entry
          }
        }
      }
      guard unsafe next() == UInt8(ascii: ":") else { return false }
      unsafe index += 1
      switch code {
      case VIGIE_JSON_SKIP: guard unsafe skipValue(depth, refusesText: false) else { return false }
      case VIGIE_JSON_SKIP_UNLESS_TEXT:
        guard unsafe skipValue(depth, refusesText: true) else { return false }
      case 0..<VIGIE_JSON_OBJECT: guard unsafe take(code) else { return false }
      case VIGIE_JSON_OBJECT...:
        guard unsafe next() == UInt8(ascii: "{"), depth < 512 else { return false }
        unsafe index += 1
        guard unsafe enter(code - VIGIE_JSON_OBJECT, depth + 1) else {
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
  private mutating func enter(_ number: Int, _ depth: Int) -> Bool {
    let bit: UInt64 = 1 << UInt64(number)
    guard unsafe entered & bit == 0 else { return false }
    unsafe entered |= bit
    return unsafe object(number, depth: depth)
  }

  /// The member that followed another the last time, where its name and the quote behind it are next.
  @inline(__always)
  private func follower(of last: Int, _ table: JSONShape.Table) -> Int? {
    let entry = unsafe followers[last]
    // A name and its quote take seventeen bytes at most.
    guard unsafe index + 17 <= end, entry >= table.first, entry <= table.first + table.mask else {
      return nil
    }
    let start = unsafe UnsafeRawPointer(bytes + index)
    let name = unsafe entries[Int(entry)]
    let head = unsafe UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
    let tail = unsafe UInt64(
      littleEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    )
    guard head & name.head_mask == name.head, tail & name.tail_mask == name.tail,
      unsafe bytes[index + Int(name.count)] == UInt8(ascii: "\"")
    else { return nil }
    return Int(entry)
  }

  /// The entry of a key; `nil` where the table lacks it.
  @inline(__always)
  private func entry(of key: vigie_json_piece, _ table: JSONShape.Table) -> Int? {
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
    let (first, mask) = (Int(table.first), Int(table.mask))
    var slot = JSONShape.hash(head, tail, count) & mask
    while true {
      let entry = unsafe entries[first + slot]
      if entry.count < 0 { return nil }
      if entry.head == head, entry.tail == tail, entry.count == key.count { return first + slot }
      slot = (slot + 1) & mask
    }
  }

  /// Keeps a string or a number.
  private mutating func take(_ number: Int) -> Bool {
    let bit: UInt32 = 1 << UInt32(number)
    guard unsafe taken & bit == 0 else { return false }
    unsafe taken |= bit
    var piece = vigie_json_piece()
    if unsafe next() == UInt8(ascii: "\"") {
      unsafe index += 1
      piece.is_string = 1
      guard unsafe string(&piece) else { return false }
      if piece.is_ascii == 0, piece.is_escaped == 0 {
        let text = unsafe UnsafeRawBufferPointer(
          start: bytes + Int(piece.first),
          count: Int(piece.count)
        )
        guard unsafe JSONReader.isUTF8Portably(text) else { return false }
      }
    } else {
      let first = unsafe index
      guard unsafe skipNumber() else { return false }
      piece.first = Int32(truncatingIfNeeded: first)
      piece.count = unsafe Int32(truncatingIfNeeded: index - first)
      piece.is_ascii = 1
    }
    unsafe pieces[number] = piece
    return true
  }

  /// Passes a string whose opening quote was passed, and its closing one.
  @inline(__always)
  private mutating func string(_ piece: inout vigie_json_piece) -> Bool {
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
        piece.is_escaped = isEscaped ? 1 : 0
        piece.is_ascii = bits & JSONReader.highBits == 0 ? 1 : 0
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
      var piece = vigie_json_piece()
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
        var key = vigie_json_piece()
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
