import HTTPTypes
import Hummingbird
import NIOCore
import VigieCore
import VigieDocuments
import VigieFilter
import VigieHook
import VigieJSON
import VigieRulebook
import VigieWire

/// What every request carries on its way.
typealias Context = BasicRequestContext

/// The routes of version 1.
struct Routes: Sendable {
  /// How much of a file that is sent stays in memory, bytes: many may be under way at once.
  private static let heldFileByteCount = 1 << 20

  let service: CheckService
  let options: ServerOptions
  let metrics: PrometheusMetrics
  let sockets: SocketHealth

  /// The router of a socket.
  ///
  /// - Parameter token: What clients must present; `nil` where the socket itself is guarded.
  /// - Returns: The router.
  func router(token: String?) -> Router<Context> {
    let router = Router(context: Context.self)
    router.add(middleware: PlainErrors())
    if let token { router.add(middleware: BearerToken(token, but: Routes.open(options))) }
    router.add(middleware: Methods(Routes.methods(options)))
    // Balancers ask with HEAD too.
    router.head("/healthz") { _, _ in Routes.text("") }
    router.head("/readyz") { _, _ in
      await trouble() == nil ? Routes.text("") : Response(status: .serviceUnavailable)
    }
    router.get("/healthz") { _, _ in Routes.text("ok\n") }
    router.get("/readyz") { _, _ in
      guard let trouble = await trouble() else { return Routes.text("ready\n") }
      return PlainErrors.response(.serviceUnavailable, code: .internalFault, trouble)
    }
    router.get("/metrics") { [metrics, options] _, _ in
      options.beforeMetrics()
      return Routes.text(metrics.page, type: "text/plain; version=0.0.4; charset=utf-8")
    }
    router.get("/openapi.json") { _, _ in
      Routes.json(Array(OpenAPI.document.utf8))
    }
    router.get("/v1/rules") { [service] _, _ in
      Routes.json(RulesPage.bytes(service.hook.filter.rules.set))
    }
    router.post("/v1/reload") { [service] _, _ in
      let answer = await service.reload()
      return Routes.json(answer.bytes, answer.outcome == .refused ? .conflict : .ok)
    }
    router.post("/v1/check", use: check)
    router.post("/v1/batch", use: batch)
    router.post("/v1/files", use: file)
    router.post("/v1/events", use: event)
    addSynapse(to: router)
    if let server = options.policyServer { addPolicy(server, to: router) }
    return router
  }

  /// Why the server is not ready; it names no path.
  private func trouble() async -> String? {
    // A message of one word: rules, policy and scratch memory are there, and nobody hangs.
    let reply = await service.hook.review(Message(id: "readyz", body: "ready"))
    if reply.failure != nil { return "cannot judge" }
    if sockets.isTroubled { return "another process has taken the path of a socket" }
    return options.trouble()
  }

  /// The methods of each path; those below `/v1/synapse/` are callbacks.
  private static func methods(_ options: ServerOptions) -> [String: [HTTPRequest.Method]] {
    var methods: [String: [HTTPRequest.Method]] = [
      "/healthz": [.get, .head], "/readyz": [.get, .head], "/metrics": [.get],
      "/openapi.json": [.get], "/v1/rules": [.get], "/v1/reload": [.post], "/v1/check": [.post],
      "/v1/batch": [.post], "/v1/files": [.post], "/v1/events": [.post], "/v1/synapse/": [.post],
    ]
    if options.policyServer != nil {
      for path in PolicyPaths.all { methods[path] = [.post] }
    }
    return methods
  }

  /// What anybody may ask: whether the server lives, and what other homeservers ask a policy server.
  private static func open(_ options: ServerOptions) -> Set<String> {
    let probes: Set<String> = ["/healthz", "/readyz"]
    return options.policyServer == nil ? probes : probes.union(PolicyPaths.all)
  }

  // MARK: - Checks

  @Sendable
  private func check(_ request: Request, _ context: Context) async throws -> Response {
    let body = try await bytes(of: request, upTo: options.maxCheckByteCount)
    return Routes.response(await service.check(body))
  }

  @Sendable
  private func event(_ request: Request, _ context: Context) async throws -> Response {
    let body = try await bytes(of: request, upTo: options.maxCheckByteCount)
    return Routes.response(await service.event(body))
  }

  /// Answers line by line, in the order of the lines, while they come.
  @Sendable
  private func batch(_ request: Request, _ context: Context) async throws -> Response {
    let body = ResponseBody { [self] writer in
      var lines = LineCutter(limit: options.maxLineByteCount)
      var number = 0
      for try await buffer in request.body {
        lines.add(buffer.readableBytesView)
        while let line = lines.next() {
          number += 1
          try await writer.write(await answer(line, number))
        }
      }
      if let line = lines.last() { try await writer.write(await answer(line, number + 1)) }
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: [.contentType: "application/jsonl"], body: body)
  }

  /// The answer to one line of a batch, with its line feed.
  @concurrent
  private func answer(_ line: LineCutter.Line, _ number: Int) async -> ByteBuffer {
    var bytes: [UInt8]
    switch line {
    case .whole(let line): bytes = await service.check(line, number: number).bytes
    case .tooLong:
      let message = "the line is longer than \(options.maxLineByteCount) bytes"
      let error = WireError(code: .tooLong, message: message, line: number)
      bytes = CheckService.answer(error).bytes
    }
    bytes.append(0x0A)
    return ByteBuffer(bytes: bytes)
  }

  /// Inspects the bytes of a file; its id, name and type are in the query.
  @Sendable
  private func file(_ request: Request, _ context: Context) async throws -> Response {
    let query = request.uri.queryParameters
    guard let id = query["id"].map(String.init), !id.isEmpty else {
      return Routes.response(
        CheckService.answer(
          WireError(
            code: .missingKey,
            message: "the parameter 'id' is missing; write /v1/files?id=MEDIA-ID",
            line: 1
          )
        )
      )
    }
    var spool = Spool(holding: Routes.heldFileByteCount)
    for try await buffer in request.body {
      guard spool.byteCount + buffer.readableBytes <= options.maxFileByteCount else {
        throw TooLong(limit: options.maxFileByteCount, option: "--max-file")
      }
      try spool.append(contentsOf: Array(buffer.readableBytesView))
    }
    let content = try spool.finish()
    let answer = await service.file(
      Upload(
        id: id,
        name: query["name"].map(String.init),
        mimetype: query["mimetype"].map(String.init),
        content: try Upload.Content(content)
      ),
      holding: content
    )
    return Routes.response(answer)
  }

  // MARK: - Bytes

  /// The body of a request.
  ///
  /// - Throws: ``TooLong`` where it is longer.
  func bytes(of request: Request, upTo limit: Int) async throws -> [UInt8] {
    let buffer: ByteBuffer
    do { buffer = try await request.body.collect(upTo: limit) } catch is NIOTooManyBytesError {
      throw TooLong(limit: limit, option: "--max-body")
    }
    return Array(buffer.readableBytesView)
  }

  static func response(_ answer: CheckService.Answer) -> Response {
    json(answer.bytes, answer.outcome == .refused ? .badRequest : .ok)
  }

  static func json(_ bytes: [UInt8], _ status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status,
      headers: [.contentType: "application/json; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
    )
  }

  static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
    Response(
      status: .ok,
      headers: [.contentType: type],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text))
    )
  }
}

extension Upload.Content {
  /// What a spool holds; valid as long as that is.
  ///
  /// *Source:* proc(5), `/proc/self/fd`.
  fileprivate init(_ content: Spool.Content) throws(Spool.Failure) {
    switch content {
    case .bytes(let bytes): self = .bytes(bytes)
    case .file(let file):
      guard let descriptor = file.descriptor else {
        throw Spool.Failure(reason: "the temporary file cannot be opened again")
      }
      self = .file(path: "/proc/self/fd/\(descriptor)")
    }
  }
}
