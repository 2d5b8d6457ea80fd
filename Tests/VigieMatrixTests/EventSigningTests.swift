import Foundation
import TestSupport
import Testing
import VigieCrypto
import VigieJSON

@testable import VigieMatrix

@Suite("Signatures of events")
struct EventSigningTests {
  /// The seed of the test vectors, `YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1` in hexadecimal.
  ///
  /// *Source:* Matrix specification v1.11, Appendices, "Cryptographic Test Vectors".
  private static let seed = "6090c103d5e7af6b15a970fd563ed75549e6159719ae5c3c31dee4316fb75c0d"

  private func signing(roomVersion: Int = 1) throws -> EventSigning {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/key"
    #expect(
      FileManager.default.createFile(
        atPath: path,
        contents: Data(EventSigningTests.seed.utf8),
        attributes: [.posixPermissions: 0o600]
      )
    )
    return EventSigning(try SigningKey(file: path), roomVersion: roomVersion)
  }

  @Test(
    "the vectors of the specification",
    arguments: [
      (
        #"""
        {"room_id":"!x:domain","sender":"@a:domain","origin":"domain","origin_server_ts":1000000,
         "signatures":{},"hashes":{"sha256":"5jM4wQpv6lnBo7CLIghJuHdW+s2CMBJPUOGOC89ncos"},"type":"X",
         "content":{},"prev_events":[],"auth_events":[],"depth":3,"unsigned":{"age_ts":1000000}}
        """#,
        "KxwGjPSDEtvnFgU00fwFz+l6d2pJM6XBIaMEn81SXPTRl16AqLAYqfIReFGZlHi5KLjAWbOoMszkwsQma+lYAg"
      ),
      (
        #"""
        {"content":{"body":"Here is the message content"},"event_id":"$0:domain",
         "hashes":{"sha256":"onLKD1bGljeBWQhWZ1kaP9SorVmRQNdN5aM2JYU2n/g"},"origin":"domain",
         "origin_server_ts":1000000,"type":"m.room.message","room_id":"!r:domain","sender":"@u:domain",
         "signatures":{},"unsigned":{"age_ts":1000000}}
        """#,
        "Wm+VzmOUOz08Ds+0NTWb1d4CZrVsJSikkeRxh6aCcUwu6pNC78FunoD7KNWzqFn241eYHYMGCA5McEiVPdhzBA"
      ),
    ]
  )
  func vectors(_ text: String, _ signature: String) throws {
    #expect(try signing().signature(of: try JSONValue(Array(text.utf8))) == signature)
  }

  @Test(
    "an event whose hash is of another content is not signed, nor one without a hash",
    arguments: [
      (#""Here is the message content""#, #""another""#),
      (#""hashes":"#, #""hash":"#),
      (#""sha256""#, #""sha1""#),
      ("onLKD1b", "onLKD1c"),
      (#""unsigned":{"#, #""unhashed":{"#),
    ]
  )
  func anotherContent(_ old: String, _ new: String) throws {
    let text = #"""
      {"content":{"body":"Here is the message content"},"event_id":"$0:domain",
       "hashes":{"sha256":"onLKD1bGljeBWQhWZ1kaP9SorVmRQNdN5aM2JYU2n/g"},"origin":"domain",
       "origin_server_ts":1000000,"type":"m.room.message","room_id":"!r:domain","sender":"@u:domain",
       "signatures":{},"unsigned":{"age_ts":1000000}}
      """#
    let other = text.replacingOccurrences(of: old, with: new)
    try #require(other != text)
    let signing = try signing()
    let json = try JSONValue(Array(other.utf8))
    #expect(throws: MatrixFault.self) { try signing.signature(of: json) }
  }

  @Test("keys stand in the order of their code points, strings in their shortest form")
  func canonical() throws {
    let text = #"{"b":[1,2.0,-0,true,null],"a":{"ü":"é\u0001\n\"\\/","z":1,"日":2,"本":1}}"#
    let bytes = try CanonicalJSON.bytes(try JSONValue(Array(text.utf8)))
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"a":{"z":1,"ü":"é\u0001\n\"\\/","日":2,"本":1},"b":[1,2,0,true,null]}"#
    )
  }

  @Test(
    "numbers nobody may sign are refused, and keys said twice",
    arguments: ["1.5", "9007199254740992", "1e300", #"{"a":1,"a":2}"#]
  )
  func refusals(_ text: String) throws {
    let json = try JSONValue(Array(text.utf8))
    #expect(throws: MatrixFault.self) { try CanonicalJSON.bytes(json) }
  }

  /// The members of a content that redaction keeps, by type and version of the room.
  ///
  /// *Source:* Matrix specification v1.11, room versions 1, 8, 9 and 11, "Redactions".
  @Test(
    arguments: [
      ("m.room.message", 11, #"{"body":"x"}"#, "{}"),
      ("m.room.create", 10, #"{"creator":"@a:b","room_version":"10"}"#, #"{"creator":"@a:b"}"#),
      ("m.room.create", 11, #"{"creator":"@a:b","x":1}"#, #"{"creator":"@a:b","x":1}"#),
      ("m.room.join_rules", 7, #"{"join_rule":"x","allow":[]}"#, #"{"join_rule":"x"}"#),
      ("m.room.join_rules", 8, #"{"join_rule":"x","allow":[]}"#, #"{"allow":[],"join_rule":"x"}"#),
      ("m.room.power_levels", 10, #"{"ban":1,"invite":2}"#, #"{"ban":1}"#),
      ("m.room.power_levels", 11, #"{"ban":1,"invite":2}"#, #"{"ban":1,"invite":2}"#),
      ("m.room.redaction", 11, #"{"redacts":"$x","reason":"y"}"#, #"{"redacts":"$x"}"#),
      (
        "m.room.member", 9,
        #"{"membership":"join","join_authorised_via_users_server":"a","displayname":"b"}"#,
        #"{"join_authorised_via_users_server":"a","membership":"join"}"#
      ),
      (
        "m.room.member", 11,
        #"{"membership":"invite","third_party_invite":{"display_name":"b","signed":{"c":1}}}"#,
        #"{"membership":"invite","third_party_invite":{"signed":{"c":1}}}"#
      ),
      ("m.room.aliases", 5, #"{"aliases":[]}"#, #"{"aliases":[]}"#),
      ("m.room.aliases", 6, #"{"aliases":[]}"#, "{}"),
    ]
  )
  func redaction(_ type: String, _ version: Int, _ content: String, _ kept: String) throws {
    let json = try JSONValue(
      Array(#"{"type":"\#(type)","content":\#(content),"origin":"o","depth":1,"x":2}"#.utf8)
    )
    let redacted = try EventSigning.redacted(json, roomVersion: version)
    let bytes = try CanonicalJSON.bytes(try #require(redacted["content"]))
    #expect(String(decoding: bytes, as: UTF8.self) == kept)
    #expect((redacted["origin"] != nil) == (version < 11))
    #expect(redacted["x"] == nil)
  }

  @Test(
    "base64 without padding",
    arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v")]
  )
  func base64(_ text: String, _ encoded: String) {
    #expect(UnpaddedBase64.text(Array(text.utf8)) == encoded)
  }
}
