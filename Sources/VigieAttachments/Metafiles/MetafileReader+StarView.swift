extension MetafileReader {
  /// Actions of a StarView metafile that draw text, with the bytes that stand before it.
  private static let textActions = [112: 8, 113: 8, 114: 8, 115: 16]
  /// Actions that draw a picture, which stands in them as a BMP.
  private static let pictureActions = 116...121

  /// Reads a StarView metafile.
  ///
  /// *Source:* LibreOffice 7.4, `SvmReader::Read` and `ReadUniOrByteString` (vcl/source/filter/svm,
  /// tools/source/stream).
  ///
  /// - Returns: Whether all actions are there, and the pictures that it draws.
  mutating func readStarView(_ file: Octets) -> (isWhole: Bool, pictures: [Octets]) {
    var pictures: [Octets] = []
    guard let version = file.u16(6), let length = file.u32(8), length >= 4 else {
      return (false, pictures)
    }
    var offset = 12 + length
    // Later versions of the header go on behind the number of actions.
    let left = file.u32(offset - (version >= 2 ? 5 : 4)) ?? 0
    var count = 0
    while count < left, let kind = file.u16(offset), let version = file.u16(offset + 2),
      let length = file.u32(offset + 4)
    {
      let action = file.clamped(offset + 8, length)
      if action.count < length { break }
      if let start = MetafileReader.textActions[kind] {
        readAction(action, kind, version, start)
      } else if MetafileReader.pictureActions ~= kind, action.u16(0) == 0x4D42 {
        pictures.append(action)
      }
      offset += 8 + length
      count += 1
    }
    return (count == left, pictures)
  }

  /// An action that draws text: where, the text in the encoding of the file, how, and since its second
  /// version the text in Unicode.
  private mutating func readAction(_ action: Octets, _ kind: Int, _ version: Int, _ start: Int) {
    guard let column = action.u32(0), let line = action.u32(4), let short = action.u16(start)
    else { return }
    // Texts of bytes have a length of 16 bits, those of Unicode one of 32.
    let isWide = short > 0 && action.u16(start + 2) == 0
    let width = isWide ? short * 2 : short
    let text = action.clamped(start + (isWide ? 4 : 2), width)
    var piece = isWide ? text.utf16Decoded : Charset.decode(text.bytes, Charset.western) ?? []
    if !isWide, version >= 2 {
      var offset = start + 2 + width
      switch kind {
      case 112: offset += 4
      case 113: offset += 8 + (action.u32(offset + 4) ?? 0) * 4
      case 114: offset += 8
      default: offset += 2
      }
      if let count = action.u16(offset), count > 0 {
        piece = action.clamped(offset + 2, count * 2).utf16Decoded
      }
    }
    add(
      piece,
      column: Int(Int32(truncatingIfNeeded: column)),
      line: line,
      width: 0,
      count: isWide ? short : width
    )
  }
}
