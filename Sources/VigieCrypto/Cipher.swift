import CNettle

/// The stream cipher of old documents: it is only ever undone here.
package struct RC4 {
  private var context = arcfour_ctx()

  /// A stream under a key of 1 to 256 bytes, or `nil` for another.
  package init?(key: [UInt8]) {
    guard (Int(ARCFOUR_MIN_KEY_SIZE)...Int(ARCFOUR_MAX_KEY_SIZE)).contains(key.count) else {
      return nil
    }
    unsafe nettle_arcfour_set_key(&context, key.count, key)
  }

  /// Turns the next bytes of the stream into what they were, in place.
  package mutating func decrypt(_ bytes: inout ArraySlice<UInt8>) {
    guard !bytes.isEmpty else { return }
    unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      unsafe nettle_arcfour_crypt(
        &context,
        buffer.count,
        buffer.baseAddress,
        UnsafePointer(buffer.baseAddress)
      )
    }
  }

  /// Returns what the next bytes of the stream were.
  package mutating func decrypted(_ bytes: [UInt8]) -> [UInt8] {
    var slice = bytes[...]
    decrypt(&slice)
    return Array(slice)
  }
}

/// The block cipher of newer documents, undone with a key of 128, 192 or 256 bits.
///
/// *Source:* FIPS 197; NIST SP 800-38A §6.1, §6.2 for how blocks follow one another.
package struct AES {
  /// The length of a block, bytes.
  package static let blockByteCount = Int(AES_BLOCK_SIZE)

  private enum Key {
    case short(aes128_ctx), middle(aes192_ctx), long(aes256_ctx)
  }

  private let key: Key

  /// A cipher under a key, or `nil` where the key has none of the three lengths.
  package init?(key bytes: [UInt8]) {
    switch bytes.count {
    case Int(AES128_KEY_SIZE):
      var context = aes128_ctx()
      unsafe nettle_aes128_set_decrypt_key(&context, bytes)
      key = .short(context)
    case Int(AES192_KEY_SIZE):
      var context = aes192_ctx()
      unsafe nettle_aes192_set_decrypt_key(&context, bytes)
      key = .middle(context)
    case Int(AES256_KEY_SIZE):
      var context = aes256_ctx()
      unsafe nettle_aes256_set_decrypt_key(&context, bytes)
      key = .long(context)
    default: return nil
    }
  }

  /// Returns what whole blocks were, each by itself (ECB); a rest that is no block is left out.
  package func decrypted(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let whole = bytes.count / AES.blockByteCount * AES.blockByteCount
    guard whole > 0 else { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: whole) { buffer, count in
      let output = buffer.baseAddress
      unsafe bytes.withUnsafeBufferPointer { input in
        switch key {
        case .short(var context):
          unsafe nettle_aes128_decrypt(&context, whole, output, input.baseAddress)
        case .middle(var context):
          unsafe nettle_aes192_decrypt(&context, whole, output, input.baseAddress)
        case .long(var context):
          unsafe nettle_aes256_decrypt(&context, whole, output, input.baseAddress)
        }
      }
      count = whole
    }
  }

  /// Returns what whole blocks were that hang on one another (CBC).
  ///
  /// - Parameters:
  ///   - bytes: The blocks; a rest that is no block is left out.
  ///   - start: What stands before the first block, as long as one.
  /// - Returns: What they were.
  package func decrypted(_ bytes: ArraySlice<UInt8>, after start: [UInt8]) -> [UInt8] {
    var result = decrypted(bytes)
    let chained = zip(result.indices, start.prefix(AES.blockByteCount) + bytes)
    for (place, byte) in chained { result[place] ^= byte }
    return result
  }
}
