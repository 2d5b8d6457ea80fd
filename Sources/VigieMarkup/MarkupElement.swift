/// The start of an element: its name and attributes, for the time of one call.
@safe package struct MarkupElement: ~Copyable {
  /// The number of the local name in the vocabulary, or ``MarkupVocabulary/unknown``.
  package let name: Int
  /// The number of attributes.
  package let attributeCount: Int

  unowned(unsafe) let names: NameTable
  let localNamePointer: UnsafePointer<UInt8>
  let namespacePointer: UnsafePointer<UInt8>?
  let prefixPointer: UnsafePointer<UInt8>?
  let attributes: Attributes

  /// How the attributes lie in memory.
  @safe enum Attributes {
    /// Five pointers each: local name, prefix, namespace, start and end of the value.
    case xml(UnsafeMutablePointer<UnsafePointer<UInt8>?>)
    /// Two pointers each: name and value; both end with NUL.
    case html(UnsafeMutablePointer<UnsafePointer<UInt8>?>)
    case none
  }

  /// The local name.
  package var localName: String { unsafe String(cString: localNamePointer) }
  /// The name with the prefix that the document gives it.
  package var qualifiedName: String {
    unsafe prefixPointer.map { unsafe "\(String(cString: $0)):\(localName)" } ?? localName
  }
  /// The namespace; empty for none.
  package var namespace: String {
    unsafe namespacePointer.map { unsafe String(cString: $0) } ?? ""
  }

  /// The value of the first attribute with a local name, or `nil`.
  package func attribute(_ name: Int) -> String? {
    for index in 0..<attributeCount where attributeName(index) == name {
      return attributeValue(index)
    }
    return nil
  }

  /// The number of the local name of an attribute; its index is less than ``attributeCount``.
  package func attributeName(_ index: Int) -> Int {
    guard let pointer = unsafe attributeNamePointer(index) else {
      return MarkupVocabulary.unknown
    }
    return unsafe names.number(of: pointer)
  }

  /// The local name of an attribute.
  package func attributeLocalName(_ index: Int) -> String {
    unsafe attributeNamePointer(index).map { unsafe String(cString: $0) } ?? ""
  }

  /// The namespace of an attribute; empty for none.
  package func attributeNamespace(_ index: Int) -> String {
    guard index >= 0, index < attributeCount, case .xml(let list) = attributes,
      let pointer = unsafe list[index * 5 + 2]
    else { return "" }
    return unsafe String(cString: pointer)
  }

  /// The value of an attribute.
  package func attributeValue(_ index: Int) -> String {
    guard index >= 0, index < attributeCount else { return "" }
    switch attributes {
    case .xml(let list):
      guard let start = unsafe list[index * 5 + 3], let end = unsafe list[index * 5 + 4] else {
        return ""
      }
      let bytes = unsafe UnsafeBufferPointer(start: start, count: max(0, end - start))
      // The parser leaves an ampersand as the reference it came from.
      if unsafe bytes.contains(0x26) { return unsafe MarkupElement.resolved(bytes) }
      return unsafe String(decoding: bytes, as: UTF8.self)
    case .html(let list):
      return unsafe list[index * 2 + 1].map { unsafe String(cString: $0) } ?? ""
    case .none: return ""
    }
  }

  private func attributeNamePointer(_ index: Int) -> UnsafePointer<UInt8>? {
    guard index >= 0, index < attributeCount else { return nil }
    switch attributes {
    case .xml(let list): return unsafe list[index * 5]
    case .html(let list): return unsafe list[index * 2]
    case .none: return nil
    }
  }

  /// A value whose `&#38;` are ampersands again.
  private static func resolved(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    let reference: [UInt8] = [0x26, 0x23, 0x33, 0x38, 0x3B]
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      result.append(unsafe bytes[index])
      let isReference =
        index + 5 <= bytes.count
        && reference.indices.allSatisfy { unsafe bytes[index + $0] == reference[$0] }
      index += isReference ? 5 : 1
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// The numbers of names by the address at which the parser keeps each of them.
@safe final class NameTable {
  private static let size = 1024
  private let vocabulary: MarkupVocabulary
  // Plain memory: every event looks here, and an array in an object is checked at each look.
  private let addresses: UnsafeMutablePointer<UInt>
  private let numbers: UnsafeMutablePointer<Int32>

  init(_ vocabulary: MarkupVocabulary) {
    self.vocabulary = vocabulary
    unsafe addresses = .allocate(capacity: NameTable.size)
    unsafe addresses.initialize(repeating: 0, count: NameTable.size)
    unsafe numbers = .allocate(capacity: NameTable.size)
    unsafe numbers.initialize(repeating: 0, count: NameTable.size)
  }

  deinit {
    unsafe addresses.deallocate()
    unsafe numbers.deallocate()
  }

  /// The number of a name that ends with NUL.
  ///
  /// The parser interns names: an address means one name as long as the parser lives.
  func number(of name: UnsafePointer<UInt8>) -> Int {
    let address = UInt(bitPattern: name)
    let slot = Int(truncatingIfNeeded: address ^ address >> 10) & (NameTable.size - 1)
    if unsafe addresses[slot] == address { return Int(unsafe numbers[slot]) }
    var count = 0
    while unsafe name[count] != 0 { count += 1 }
    let number = vocabulary.number(of: unsafe Span(_unsafeStart: name, count: count))
    unsafe addresses[slot] = address
    unsafe numbers[slot] = Int32(truncatingIfNeeded: number)
    return number
  }
}
