import CXML2

/// The run whose callback it is.
@inline(__always)
private func session(_ data: UnsafeMutableRawPointer?) -> MarkupSession? {
  guard let data = unsafe data else { return nil }
  return unsafe Unmanaged<MarkupSession>.fromOpaque(data).takeUnretainedValue()
}

/// Text of the parser as a span.
@inline(__always)
private func withSpan(
  _ text: UnsafePointer<UInt8>?,
  _ count: Int32,
  _ body: (Span<UInt8>) -> Void
) {
  guard let text = unsafe text, count > 0 else { return }
  let span = unsafe Span(_unsafeStart: text, count: Int(count))
  body(span)
}

private func length(_ text: UnsafePointer<UInt8>?) -> Int32 {
  guard let text = unsafe text else { return 0 }
  return unsafe xmlStrlen(text)
}

extension MarkupSession {
  /// The callbacks for HTML.
  static func htmlCallbacks() -> xmlSAXHandler {
    var sax = unsafe shared()
    unsafe sax.startElement = { data, name, attributes in
      guard let run = unsafe session(data), let name = unsafe name else { return }
      var count = 0
      if let attributes = unsafe attributes {
        while count < MarkupParser.maxAttributeCount, unsafe attributes[count * 2] != nil {
          count += 1
        }
      }
      let element = unsafe MarkupElement(
        name: run.names.number(of: name),
        attributeCount: count,
        names: run.names,
        localNamePointer: name,
        namespacePointer: nil,
        prefixPointer: nil,
        attributes: attributes.map { unsafe MarkupElement.Attributes.html($0) } ?? .none
      )
      run.start(element)
    }
    unsafe sax.endElement = { data, name in
      // No position: at the end of the text the parser ends every open element.
      guard let run = unsafe session(data), let name = unsafe name else { return }
      run.end(unsafe run.names.number(of: name))
    }
    return unsafe sax
  }

  /// The callbacks for XML.
  static func xmlCallbacks() -> xmlSAXHandler {
    var sax = unsafe shared()
    unsafe sax.startElementNs = { data, name, prefix, namespace, added, _, count, _, attributes in
      guard let run = unsafe session(data), let name = unsafe name else { return }
      run.namespaceCount += Int(added)
      let element = unsafe MarkupElement(
        name: run.names.number(of: name),
        attributeCount: max(0, Int(count)),
        names: run.names,
        localNamePointer: name,
        namespacePointer: namespace,
        prefixPointer: prefix,
        attributes: attributes.map { unsafe MarkupElement.Attributes.xml($0) } ?? .none
      )
      run.start(element)
    }
    unsafe sax.endElementNs = { data, name, _, _ in
      guard let run = unsafe session(data), let name = unsafe name else { return }
      run.position = run.offset()
      run.end(unsafe run.names.number(of: name))
    }
    unsafe sax.entityDecl = { data, _, _, _, _, content in
      guard let run = unsafe session(data) else { return }
      run.report.declaresEntities = true
      unsafe withSpan(content, length(content)) { run.handler.declaredEntity($0) }
    }
    unsafe sax.reference = { data, name in
      guard let run = unsafe session(data), let name = unsafe name else { return }
      unsafe run.refer(to: name)
    }
    return unsafe sax
  }

  /// What both languages share.
  private static func shared() -> xmlSAXHandler {
    var sax = unsafe xmlSAXHandler()
    unsafe sax.initialized = UInt32(XML_SAX2_MAGIC)
    unsafe sax.characters = { data, text, count in
      guard let run = unsafe session(data) else { return }
      run.position = run.offset()
      unsafe withSpan(text, count) { run.handler.characters($0) }
    }
    unsafe sax.ignorableWhitespace = unsafe sax.characters
    unsafe sax.cdataBlock = unsafe sax.characters
    unsafe sax.comment = { data, text in
      guard let run = unsafe session(data) else { return }
      run.position = run.offset()
      unsafe withSpan(text, length(text)) { run.handler.comment($0) }
    }
    unsafe sax.processingInstruction = { data, _, text in
      guard let run = unsafe session(data) else { return }
      run.position = run.offset()
      unsafe withSpan(text, length(text)) { run.handler.instruction($0) }
    }
    // It also keeps the parser from writing its complaints to standard error.
    unsafe sax.serror = { data, error in
      guard let run = unsafe session(data), let error = unsafe error else { return }
      unsafe run.note(error.pointee)
    }
    return unsafe sax
  }

  private func start(_ element: borrowing MarkupElement) {
    // The position stays: a tag that the end of the text cuts is read once more without it.
    depth += 1
    guard !isHalted else { return }
    if depth > MarkupParser.maxDepth || namespaceCount > MarkupParser.maxNamespaceCount {
      report.isBeyondLimits = true
      return halt()
    }
    if !handler.start(element) {
      report.isStopped = true
      halt()
    }
  }

  private func end(_ name: Int) {
    depth -= 1
    handler.end(name)
  }

  /// Remembers that the parser had to recover.
  private func note(_ error: xmlError) {
    let code = unsafe UInt32(bitPattern: error.code)
    if code == XML_ERR_UNDECLARED_ENTITY.rawValue {
      if let name = unsafe error.str1 {
        unsafe name.withMemoryRebound(to: UInt8.self, capacity: 1) { unsafe refer(to: $0) }
      }
      return
    }
    // A namespace that is not declared changes nothing: names count without it.
    let isOfNamespaces = unsafe error.domain == Int32(XML_FROM_NAMESPACE.rawValue)
    if unsafe error.level.rawValue >= XML_ERR_ERROR.rawValue, !isOfNamespaces {
      report.isDamaged = true
    }
  }

  /// The character of an entity of HTML, which is often used in XML without a declaration.
  private func refer(to name: UnsafePointer<UInt8>) {
    guard let known = unsafe htmlEntityLookup(name),
      let scalar = unsafe Unicode.Scalar(known.pointee.value),
      let encoded = UTF8.encode(scalar)
    else {
      report.isDamaged = true
      return
    }
    let bytes = Array(encoded)
    handler.characters(bytes.span)
  }
}
