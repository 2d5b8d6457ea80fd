import CPDFium

/// A page as a person sees it, in grey.
package struct PDFPageDrawing: Sendable, Equatable {
  /// The picture, a file of the PGM format.
  package let file: [UInt8]

  /// Pixels to the inch: with fewer, words in small print are lost; more cost time and find nothing.
  static let resolution: Float = 200
  /// The pixels of a page, at most: of a poster it is drawn in a lower resolution.
  static let maxPixelCount: Float = 8_000_000

  /// Draws a page of an open document; `nil` where it cannot be drawn.
  ///
  /// *Source:* Netpbm, pgm(5): the head `P5`, the width, the height and the value of white.
  init?(of document: OpaquePointer, page index: Int) {
    guard let page = unsafe vigie_pdfium_open_page(document, CInt(index)) else { return nil }
    defer { unsafe vigie_pdfium_close_page(page) }
    let geometry = unsafe PDFPageGeometry(page)
    guard geometry.width > 1, geometry.height > 1 else { return nil }
    var scale = PDFPageDrawing.resolution / 72
    let count = geometry.width * geometry.height * scale * scale
    if count > PDFPageDrawing.maxPixelCount {
      scale *= (PDFPageDrawing.maxPixelCount / count).squareRoot()
    }
    // A strip that is a hair wide and miles long has no picture.
    let (wide, high) = (geometry.width * scale, geometry.height * scale)
    guard wide >= 1, high >= 1, wide <= 60_000, high <= 60_000 else { return nil }
    let (width, height) = (Int(wide), Int(high))
    let head = Array("P5 \(width) \(height) 255\n".utf8)
    var isDrawn = false
    file = unsafe [UInt8](unsafeUninitializedCapacity: head.count + width * height) {
      buffer,
      filled in
      guard let start = buffer.baseAddress else { return }
      for (offset, byte) in head.enumerated() { unsafe buffer[offset] = byte }
      isDrawn = unsafe vigie_pdfium_draw(page, CInt(width), CInt(height), start + head.count) != 0
      filled = isDrawn ? head.count + width * height : 0
    }
    guard isDrawn else { return nil }
  }
}
