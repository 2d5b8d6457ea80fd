package import CoreMetrics
import Synchronization

/// Metrics kept in memory and written as a page that Prometheus reads.
///
/// *Source:* Prometheus, "Exposition formats", text format 0.0.4.
package final class PrometheusMetrics: MetricsFactory {
  /// What one series is called.
  private struct Key: Hashable {
    var label: String
    var dimensions: [String]

    init(_ label: String, _ dimensions: [(String, String)]) {
      self.label = label
      self.dimensions = dimensions.flatMap { [$0.0, $0.1] }
    }
  }

  private struct Series {
    var counters: [Key: Count] = [:]
    var meters: [Key: Level] = [:]
    var recorders: [Key: Histogram] = [:]
    var timers: [Key: Histogram] = [:]
  }

  private let series = Mutex(Series())

  /// No metrics yet.
  package init() {}

  package func makeCounter(
    label: String,
    dimensions: [(String, String)]
  ) -> any CounterHandler {
    series.withLock { series in
      let key = Key(label, dimensions)
      if let known = series.counters[key] { return known }
      let made = Count()
      series.counters[key] = made
      return made
    }
  }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    level(Key(label, dimensions))
  }

  package func makeRecorder(
    label: String,
    dimensions: [(String, String)],
    aggregate: Bool
  ) -> any RecorderHandler {
    if !aggregate { return level(Key(label, dimensions)) }
    return series.withLock { series in
      let key = Key(label, dimensions)
      if let known = series.recorders[key] { return known }
      let made = Histogram(bounds: Histogram.plainBounds)
      series.recorders[key] = made
      return made
    }
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    series.withLock { series in
      let key = Key(label, dimensions)
      if let known = series.timers[key] { return known }
      let made = Histogram(bounds: Histogram.timeBounds)
      series.timers[key] = made
      return made
    }
  }

  private func level(_ key: Key) -> Level {
    series.withLock { series in
      if let known = series.meters[key] { return known }
      let made = Level()
      series.meters[key] = made
      return made
    }
  }

  // Handlers live as long as the process: a series that vanished would look like a restart.
  package func destroyCounter(_ handler: any CounterHandler) {}
  package func destroyMeter(_ handler: any MeterHandler) {}
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  package func destroyTimer(_ handler: any TimerHandler) {}

  // MARK: - The page

  /// The page, UTF-8 text with a final line feed.
  package var page: String {
    let all = series.withLock { $0 }
    var page = PrometheusPage()
    for (name, entries) in PrometheusMetrics.named(all.counters) {
      page.begin(name + "_total", "counter")
      for (key, count) in entries {
        page.sample(name + "_total", key.dimensions, "\(count.value)")
      }
    }
    for (name, entries) in PrometheusMetrics.named(all.meters) {
      page.begin(name, "gauge")
      for (key, level) in entries { page.sample(name, key.dimensions, "\(level.value)") }
    }
    for (name, entries) in PrometheusMetrics.named(all.recorders) {
      page.begin(name, "histogram")
      for (key, histogram) in entries { page.histogram(name, key.dimensions, histogram, scale: 1) }
    }
    for (name, entries) in PrometheusMetrics.named(all.timers) {
      page.begin(name + "_seconds", "histogram")
      for (key, histogram) in entries {
        page.histogram(name + "_seconds", key.dimensions, histogram, scale: 1e9)
      }
    }
    return page.text
  }

  /// Series by name, in order.
  private static func named<Value>(
    _ series: [Key: Value]
  ) -> [(name: String, entries: [(key: Key, value: Value)])] {
    Dictionary(grouping: series) { $0.key.label }
      .map { label, entries in
        let sorted = entries.sorted {
          $0.key.dimensions.lexicographicallyPrecedes($1.key.dimensions)
        }
        return (PrometheusPage.name(label), sorted.map { (key: $0.key, value: $0.value) })
      }
      .sorted { $0.name < $1.name }
  }
}

/// The page as it is written.
private struct PrometheusPage {
  var text = ""

  /// The name of a metric: letters, digits and `_`.
  static func name(_ label: String) -> String {
    String(
      label.map { character in
        character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
      }
    )
  }

  /// What is counted, by name: the words that Prometheus shows beside a figure.
  private static let help = [
    "vigie_audit_displaced_total":
      "Times that somebody took away the directory of the audit, or a file of it that was in use.",
    "vigie_audit_lost": "Events that are not in the audit yet because it cannot be written.",
    "vigie_hook_failures_total": "Messages and uploads that were not judged, by reason.",
    "vigie_hook_media_total": "Uploads looked up for a message, inspected or not kept, by outcome.",
    "vigie_hook_overrides_total": "Overrides offered to senders, accepted and refused.",
    "vigie_hook_reloads_total": "Times that new rules were taken into use or refused.",
    "vigie_hook_review_time_seconds":
      "From a request to its answer: at once (prompt), by a thread (queued), of uploads.",
    "vigie_hook_reviews_total": "Messages by verdict.",
    "vigie_hook_uploads_total": "Uploads by verdict.",
    "vigie_hook_waiting": "Messages that wait for a thread.",
    "vigie_socket_losses_total":
      "Times that a Unix socket lost its path: put there again (restored), or another process has it (taken).",
  ]

  mutating func begin(_ name: String, _ type: String) {
    if let words = PrometheusPage.help[name] { text += "# HELP \(name) \(words)\n" }
    text += "# TYPE \(name) \(type)\n"
  }

  mutating func sample(_ name: String, _ dimensions: [String], _ value: String) {
    text += name + PrometheusPage.labels(dimensions) + " " + value + "\n"
  }

  mutating func histogram(
    _ name: String,
    _ dimensions: [String],
    _ histogram: Histogram,
    scale: Double
  ) {
    var sum: UInt64 = 0
    let counts = histogram.counts
    for (bound, count) in zip(histogram.bounds, counts) {
      sum &+= count
      sample(name + "_bucket", dimensions + ["le", "\(Double(bound) / scale)"], "\(sum)")
    }
    sum &+= counts[counts.count - 1]
    sample(name + "_bucket", dimensions + ["le", "+Inf"], "\(sum)")
    sample(name + "_sum", dimensions, "\(Double(histogram.sum) / scale)")
    sample(name + "_count", dimensions, "\(sum)")
  }

  private static func labels(_ dimensions: [String]) -> String {
    if dimensions.isEmpty { return "" }
    let pairs = stride(from: 0, to: dimensions.count, by: 2).map { index in
      "\(name(dimensions[index]))=\"\(escaped(dimensions[index + 1]))\""
    }
    return "{" + pairs.joined(separator: ",") + "}"
  }

  private static func escaped(_ value: String) -> String {
    var result = ""
    for character in value {
      switch character {
      case "\\": result += #"\\"#
      case "\"": result += #"\""#
      case "\n": result += #"\n"#
      default: result.append(character)
      }
    }
    return result
  }
}
