import HTTPTypes
import Hummingbird
import VigieCrypto
import VigieDocuments
import VigieJSON
import VigieWire

/// Refuses who does not present the token.
///
/// *Source:* RFC 6750 §2.1 and §3.
struct BearerToken: RouterMiddleware {
  typealias Context = BasicRequestContext

  /// Digests are compared: how long that takes says nothing of the token.
  private let digest: [UInt8]
  private let openPaths: Set<String>

  /// A guard of all paths but a few.
  init(_ token: String, but openPaths: Set<String>) {
    digest = Digest.rawSHA256(Array(token.utf8))
    self.openPaths = openPaths
  }

  @concurrent
  func handle(
    _ request: Request,
    context: Context,
    next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    if openPaths.contains(request.uri.path) || isAllowed(request) {
      return try await next(request, context)
    }
    var response = PlainErrors.response(
      .unauthorized,
      code: .notAllowed,
      "the bearer token is missing or wrong"
    )
    response.headers[.wwwAuthenticate] = "Bearer"
    return response
  }

  private func isAllowed(_ request: Request) -> Bool {
    guard let field = request.headers[.authorization] else { return false }
    let words = field.split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[0].lowercased() == "bearer" else { return false }
    return Digest.rawSHA256(Array(words[1].utf8)) == digest
  }
}

/// Makes every error an error line; none of them quotes a request.
struct PlainErrors: RouterMiddleware {
  typealias Context = BasicRequestContext

  @concurrent
  func handle(
    _ request: Request,
    context: Context,
    next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    do { return try await next(request, context) } catch let error as MatrixRefusal {
      return PlainErrors.matrix(.badRequest, error.code, error.message)
    } catch let error as TooLong {
      return PlainErrors.response(
        .contentTooLarge,
        code: .tooLong,
        "the body is longer than \(error.limit) bytes (\(error.option))"
      )
    } catch let error as HTTPError {
      return PlainErrors.response(error.status)
    } catch let failure as Spool.Failure {
      return PlainErrors.response(
        HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"),
        code: .internalFault,
        "the upload cannot be kept: \(failure.reason)"
      )
    } catch let error as any HTTPResponseError {
      return PlainErrors.response(error.status)
    }
  }

  /// The answer of a status.
  static func response(_ status: HTTPResponse.Status) -> Response {
    switch status {
    case .contentTooLarge: response(status, code: .tooLong, "the body is too long")
    case .notFound: response(status, code: .notAllowed, "there is no such path")
    default: response(status, code: .internalFault, "\(status)")
    }
  }

  static func response(
    _ status: HTTPResponse.Status,
    code: WireError.Code,
    _ message: String
  ) -> Response {
    Routes.json(CheckService.answer(WireError(code: code, message: message, line: 1)).bytes, status)
  }
}

/// That a body is longer than the server takes.
struct TooLong: Error {
  /// Bytes.
  let limit: Int
  /// The option that sets the limit.
  let option: String
}

/// Answers a method that a path does not have, and what cannot be read because it is packed.
///
/// *Source:* RFC 9110 §9.3.2 (HEAD), §15.5.6 (405 names the methods there are), §15.5.16 (415).
struct Methods: RouterMiddleware {
  typealias Context = BasicRequestContext

  /// By path, the methods it has; of what stands below a path ending in `/`, those of it all.
  private let methods: [String: [HTTPRequest.Method]]

  init(_ methods: [String: [HTTPRequest.Method]]) { self.methods = methods }

  @concurrent
  func handle(
    _ request: Request,
    context: Context,
    next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    guard let known = known(request.uri.path) else { return try await next(request, context) }
    guard known.contains(request.method) else {
      let names = known.map(\.rawValue).joined(separator: ", ")
      var response = PlainErrors.response(
        .methodNotAllowed,
        code: .notAllowed,
        "this path has no such method; it has \(names)"
      )
      response.headers[.allow] = names
      return response
    }
    if let packing = request.headers[.contentEncoding], packing.lowercased() != "identity" {
      return PlainErrors.response(
        .unsupportedMediaType,
        code: .invalidValue,
        "the body is packed (Content-Encoding); send it as it is"
      )
    }
    return try await next(request, context)
  }

  private func known(_ path: String) -> [HTTPRequest.Method]? {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    if let known = methods[trimmed] { return known }
    guard let slash = trimmed.lastIndex(of: "/") else { return nil }
    return methods[String(trimmed[...slash])]
  }
}
