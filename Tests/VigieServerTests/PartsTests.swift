import CoreMetrics
import NIOCore
import NIOEmbedded
import Testing
import VigieJSON

@testable import VigieServer

@Suite("The page of metrics")
struct PrometheusMetricsTests {
  @Test("counters, levels and times by name and label")
  func page() {
    let metrics = PrometheusMetrics()
    Counter(label: "a.b", dimensions: [("x", "1\"\\\n")], factory: metrics).increment(by: 3)
    Counter(label: "a.b", dimensions: [("x", "1\"\\\n")], factory: metrics).increment()
    Gauge(label: "level", factory: metrics).record(2.5)
    let timer = Timer(label: "time", factory: metrics)
    timer.recordNanoseconds(1_000)
    timer.recordNanoseconds(1_001)
    timer.recordNanoseconds(1 << 40)
    let lines = metrics.page.split(separator: "\n").map(String.init)
    #expect(lines.contains("# TYPE a_b_total counter"))
    #expect(lines.contains(#"a_b_total{x="1\"\\\n"} 4"#))
    #expect(lines.contains("level 2.5"))
    #expect(lines.contains(#"time_seconds_bucket{le="1e-06"} 1"#))
    #expect(lines.contains(#"time_seconds_bucket{le="2.5e-06"} 2"#))
    #expect(lines.contains(#"time_seconds_bucket{le="10.0"} 2"#))
    #expect(lines.contains(#"time_seconds_bucket{le="+Inf"} 3"#))
    #expect(lines.contains("time_seconds_count 3"))
  }

  @Test("what is no number does not end the process")
  func numbers() {
    let metrics = PrometheusMetrics()
    let recorder = Recorder(label: "r", factory: metrics)
    recorder.record(Double.nan)
    recorder.record(Double.infinity)
    recorder.record(-Double.infinity)
    #expect(metrics.page.contains("r_count 3"))
  }
}

@Suite("Frames")
struct FrameDecoderTests {
  private func frames(_ bytes: [UInt8], pieces: Int) throws -> [Frame] {
    let channel = EmbeddedChannel(handler: ByteToMessageHandler(FrameDecoder()))
    var found: [Frame] = []
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      let end = min(start + pieces, bytes.count)
      try channel.writeInbound(ByteBuffer(bytes: bytes[start..<end]))
      while let frame = try channel.readInbound(as: Frame.self) { found.append(frame) }
    }
    _ = try? channel.finish()
    return found
  }

  @Test("frames are the same however their bytes come", arguments: 1...20)
  func pieces(_ count: Int) throws {
    var buffer = ByteBuffer()
    let sent = [
      Frame(kind: 1, number: 0, payload: Array("{}".utf8)),
      Frame(kind: 2, number: .max, payload: []),
      Frame(kind: 0xFF, number: 7, payload: [UInt8](repeating: 0x61, count: 300)),
    ]
    for frame in sent { buffer.write(frame) }
    let bytes = Array(buffer.readableBytesView)
    #expect(bytes.prefix(11) == [0, 0, 0, 7, 1, 0, 0, 0, 0, 0x7B, 0x7D])
    #expect(try frames(bytes, pieces: count) == sent)
    // Half a frame is none.
    #expect(try frames(bytes.dropLast(), pieces: count) == Array(sent.dropLast()))
  }

  @Test(
    "a length that no frame has is refused before its bytes are held",
    arguments: [
      [0, 0, 0, 4], [1, 0, 0, 1], [0xFF, 0xFF, 0xFF, 0xFF],
    ] as [[UInt8]]
  )
  func lengths(_ bytes: [UInt8]) {
    #expect(throws: FrameDecoder.Fault.self) { try frames(bytes, pieces: 4) }
  }
}

@Suite("The OpenAPI document")
struct OpenAPITests {
  @Test("it is JSON, every reference leads somewhere, and no operation is named twice")
  func document() throws {
    let json = try JSONValue(Array(OpenAPI.document.utf8))
    #expect(json["openapi"]?.string == "3.1.0")
    guard case .object(let schemas)? = json["components"]?["schemas"],
      case .object(let paths)? = json["paths"]
    else {
      Issue.record("the document has no paths or no schemas")
      return
    }
    let names = Set(schemas.map(\.key))
    #expect(names.count == schemas.count)
    #expect(paths.count >= 11)
    for reference in OpenAPI.document.matches(of: #/"\$ref": "([^"]*)"/#) {
      let target = String(reference.1)
      #expect(target.hasPrefix("#/components/schemas/"))
      #expect(names.contains(String(target.dropFirst("#/components/schemas/".count))), "\(target)")
    }
    let operations = OpenAPI.document.matches(of: #/"operationId": "([^"]*)"/#).map { String($0.1) }
    #expect(Set(operations).count == operations.count)
    #expect(!OpenAPI.document.contains("$defs"))
  }
}
