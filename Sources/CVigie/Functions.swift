// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of vigie.h, where each function is documented for its callers.
public import CVigieHeader
import Glibc
import VigieCore
import VigieFilter
import VigieInspection

/// Loads rules and makes ready to check.
@c @implementation
public func vigie_open(
  _ options: UnsafePointer<vigie_options>?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> vigie_status {
  unsafe error?.pointee = nil
  guard let out = unsafe out else { return VIGIE_BAD_ARGUMENT }
  unsafe out.pointee = nil
  var wanted = OpenOptions()
  if let options = unsafe options {
    guard let read = unsafe OpenOptions(options) else {
      let words = "vigie_options is not valid\n  mend: begin with VIGIE_OPTIONS_INIT"
      _ = unsafe Handout.give(Array(words.utf8), to: error)
      return VIGIE_BAD_ARGUMENT
    }
    wanted = read
  }
  do {
    unsafe out.pointee = Registry.add(try Vigie(wanted))
    return VIGIE_OK
  } catch let failure {
    return unsafe report(failure, to: error)
  }
}

/// Checks one message: a check line in, a review line out.
@c @implementation
public func vigie_check(
  _ vigie: OpaquePointer?,
  _ json: UnsafePointer<CChar>?,
  _ size: Int,
  _ out: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ outSize: UnsafeMutablePointer<Int>?
) -> vigie_status {
  unsafe answer(vigie, json, out, outSize) { vigie, json in
    // A size_t beyond half of the address space is negative here.
    guard size >= 0, size <= Answer.maxByteCount else { return .tooLong }
    return unsafe .line(Handin.bytes(json, size), by: vigie)
  }
}

/// Checks a text as the body of a message.
@c @implementation
public func vigie_check_text(
  _ vigie: OpaquePointer?,
  _ text: UnsafePointer<CChar>?,
  _ size: Int,
  _ channel: UnsafePointer<CChar>?,
  _ out: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ outSize: UnsafeMutablePointer<Int>?
) -> vigie_status {
  unsafe answer(vigie, text, out, outSize) { vigie, text in
    guard size >= 0, size <= Answer.maxByteCount else { return .tooLong }
    return unsafe .text(
      Handin.bytes(text, size),
      channel: channel.map { unsafe Handin.bytes($0) },
      by: vigie
    )
  }
}

/// Checks a file, its name and what it holds.
@c @implementation
public func vigie_check_file(
  _ vigie: OpaquePointer?,
  _ path: UnsafePointer<CChar>?,
  _ name: UnsafePointer<CChar>?,
  _ channel: UnsafePointer<CChar>?,
  _ out: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ outSize: UnsafeMutablePointer<Int>?
) -> vigie_status {
  unsafe answer(vigie, path, out, outSize) { vigie, path in
    let file = unsafe NamedFile(path)
    let shown = unsafe name.map { unsafe String(decoding: Handin.bytes($0), as: UTF8.self) }
    return withExtendedLifetime(file) {
      unsafe .file(
        file.path,
        name: shown ?? file.name,
        channel: channel.map { unsafe Handin.bytes($0) },
        by: vigie
      )
    }
  }
}

/// Reads the rules again and takes them into use, or keeps those in use.
@c @implementation
public func vigie_reload(
  _ vigie: OpaquePointer?,
  _ error: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> vigie_status {
  unsafe error?.pointee = nil
  guard let vigie = unsafe Registry.vigie(vigie) else { return VIGIE_NOT_OPEN }
  do {
    try vigie.reload()
    return VIGIE_OK
  } catch let failure {
    return unsafe report(failure, to: error)
  }
}

/// Names the rules and policy in use.
@c @implementation
public func vigie_ruleset(
  _ vigie: OpaquePointer?,
  _ out: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> vigie_status {
  guard let out = unsafe out else { return VIGIE_BAD_ARGUMENT }
  unsafe out.pointee = nil
  guard let vigie = unsafe Registry.vigie(vigie) else { return VIGIE_NOT_OPEN }
  let name = Array(vigie.bench.filter.ruleset.utf8)
  return unsafe Handout.give(name, to: out) ? VIGIE_OK : VIGIE_NO_MEMORY
}

/// Closes what was opened; checks under way end well.
@c @implementation
public func vigie_close(_ vigie: OpaquePointer?) { unsafe Registry.remove(vigie) }

/// Frees what a function handed out.
@c @implementation
public func vigie_free(_ memory: UnsafeMutableRawPointer?) { unsafe free(memory) }

/// The version of the library.
@c @implementation
public func vigie_version() -> UnsafePointer<CChar>! { unsafe constant(vigieVersion) }

/// A status in words.
@c @implementation
public func vigie_status_text(_ status: vigie_status) -> UnsafePointer<CChar>! {
  switch status {
  case VIGIE_OK: unsafe constant("ok")
  case VIGIE_BAD_ARGUMENT: unsafe constant("bad-argument")
  case VIGIE_NOT_OPEN: unsafe constant("not-open")
  case VIGIE_BAD_LINE: unsafe constant("bad-line")
  case VIGIE_BAD_RULES: unsafe constant("bad-rules")
  case VIGIE_BAD_KEY: unsafe constant("bad-key")
  case VIGIE_NO_MEMORY: unsafe constant("no-memory")
  default: unsafe constant("unknown")
  }
}

/// The address of a text that is part of the library.
private func constant(_ text: StaticString) -> UnsafePointer<CChar> {
  unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// Hands out why rules or keys cannot be used.
@unsafe private func report(
  _ failure: OpenFailure,
  to error: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> vigie_status {
  let (status, words) =
    switch failure {
    case .rules(let words): (VIGIE_BAD_RULES, words)
    case .key(let words): (VIGIE_BAD_KEY, words)
    case .memory: (VIGIE_NO_MEMORY, "there is no memory for a thread that loads")
    }
  _ = unsafe Handout.give(Array(words.utf8), to: error)
  return status
}

/// Looks at what every check has, and hands out the line.
@unsafe private func answer(
  _ vigie: OpaquePointer?,
  _ input: UnsafePointer<CChar>?,
  _ out: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ outSize: UnsafeMutablePointer<Int>?,
  _ check: (Vigie, UnsafePointer<CChar>) -> Answer
) -> vigie_status {
  unsafe out?.pointee = nil
  unsafe outSize?.pointee = 0
  guard let out = unsafe out, let input = unsafe input else { return VIGIE_BAD_ARGUMENT }
  guard let vigie = unsafe Registry.vigie(vigie) else { return VIGIE_NOT_OPEN }
  let answer = unsafe check(vigie, input)
  guard unsafe Handout.give(answer.line, to: out) else { return VIGIE_NO_MEMORY }
  unsafe outSize?.pointee = answer.line.count
  return answer.status
}
