public import ArgumentParser
public import VigieCore

extension Visibility: ExpressibleByArgument {}
extension Role: ExpressibleByArgument {}

extension Verdict {
  /// All of them, for help and errors.
  static var names: String { allCases.map(\.name).joined(separator: ", ") }
}

/// Where a message would go.
struct ChannelOptions: ParsableArguments {
  @Option(help: "Who can read the channel. Without it: public and not encrypted.")
  var channel: Visibility?

  @Option(help: ArgumentHelp("The name of the channel, checked too.", valueName: "name"))
  var channelName: String?

  @Flag(inversion: .prefixedNo, help: "Whether the channel is encrypted.")
  var encrypted: Bool?

  @Flag(inversion: .prefixedNo, help: "Whether other servers take part.")
  var federated: Bool?

  /// The channel: public and unencrypted where nothing is said of it.
  var value: Channel {
    Channel(
      id: "command-line",
      name: channelName,
      visibility: channel ?? .public,
      encrypted: encrypted ?? (channel == nil || channel == .public ? false : nil),
      federated: federated
    )
  }
}
