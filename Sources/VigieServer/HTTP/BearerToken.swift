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
    do { return try await next(request, context) } catch let error as HTTPError {
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
    case .notFound: response(status, code: .notAllowed, "there is no such path or method")
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
