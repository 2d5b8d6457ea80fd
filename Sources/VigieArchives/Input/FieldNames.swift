/// The fields of a message by the names that exports of all kinds give them.
package enum FieldNames {
  /// A field of a message.
  package enum Field: Int, Sendable, CaseIterable {
    case id, body, html, subject, sender, timestamp, channel, visibility, encrypted, federated
    case attachments, replaces

    /// The name of the field, for the operator.
    package var name: String { "\(self)" }
  }

  /// Common names by field, lower case without accents, spaces, hyphens, underscores and apostrophes; for each
  /// field the better first.
  static let common: [(field: Field, names: [String])] = [
    (.id, ["id", "eventid", "messageid", "msgid", "uuid", "postid", "identifiant"]),
    (
      .body,
      [
        "body", "text", "message", "content", "contents", "messagetext", "postmessage", "msg",
        "comment", "description",
        "value", "plaintext",
        "texte", "contenu",
        "corps", "inhalt", "nachricht",
      ]
    ),
    (.html, ["html", "bodyhtml", "formattedbody", "htmlbody"]),
    (.subject, ["subject", "title", "sujet", "objet", "titre", "betreff", "headline"]),
    (
      .sender,
      [
        "sender", "user", "username", "author", "from", "nick", "name", "senderid", "userid",
        "sendername", "senderfullname", "displayname", "fromname", "auteur", "auteur.e", "auteur·e",
        "auteure", "autrice", "expediteur",
        "expeditrice", "emetteur", "emettrice", "utilisateur", "utilisatrice", "absender",
        "mittente", "remitente",
        "afzender", "nadawca",
      ]
    ),
    (
      .timestamp,
      [
        "timestamp", "ts", "date", "createdat", "time", "sent", "datetime", "originserverts",
        "timestampms", "createddate", "createat", "sentat", "datesent",
        "postcreationtime",
        "horodatage", "dateenvoi", "datedenvoi", "dateetheure", "dateheure", "publiele",
        "envoyele", "datum", "heure",
      ]
    ),
    (
      .channel,
      [
        "channel", "room", "conversation", "stream", "thread", "roomid", "channelid", "channelname",
        "roomname", "salon", "canal", "kanal",
      ]
    ),
    (.visibility, ["visibility", "visibilite", "channeltype"]),
    (.encrypted, ["encrypted", "chiffre"]),
    (.federated, ["federated"]),
    (.attachments, ["attachments", "files", "media", "attachment", "file", "piecesjointes"]),
    (.replaces, ["replaces", "edits", "replace"]),
  ]

  /// The field of each name, the operator's own names before the common ones.
  struct Table: Sendable {
    private var fields: [String: (field: Field, rank: Int)] = [:]

    /// A table with the names an operator gave: name by field.
    init(_ own: [String: String] = [:]) {
      for (field, names) in FieldNames.common {
        for (rank, name) in names.enumerated() { fields[name] = (field, rank + 1) }
      }
      for (field, name) in own {
        guard let field = Field.allCases.first(where: { $0.name == field }) else { continue }
        fields[folded(name)] = (field, 0)
      }
    }

    /// The field of a column or key, with its rank among the names of the field: less is better.
    func field(of name: String) -> (field: Field, rank: Int)? { fields[folded(name)] }
  }

  /// A name in lower case without accents and what separates words.
  static func folded(_ name: String) -> String {
    var output = String.UnicodeScalarView()
    for scalar in name.lowercased().unicodeScalars {
      switch scalar {
      case "à", "â", "ä": output.append("a")
      case "é", "è", "ê", "ë": output.append("e")
      case "î", "ï": output.append("i")
      case "ô", "ö": output.append("o")
      case "û", "ü", "ù": output.append("u")
      case "ç": output.append("c")
      case " ", "-", "_", ".", "'", "\u{2019}", "\u{A0}", "\u{FEFF}", "\u{300}"..."\u{36F}":
        continue
      default: output.append(scalar)
      }
    }
    return String(output)
  }
}

extension ArchiveOptions {
  /// The names of fields that ``fields`` may map, checked.
  func table(path: String) throws(ArchiveError) -> FieldNames.Table {
    let known = FieldNames.Field.allCases.map(\.name)
    for field in fields.keys.sorted() where !known.contains(field) {
      throw ArchiveError(
        .unsupported,
        path: path,
        reason: "there is no field '\(field)' to map a column to",
        mend: "the fields are \(known.list)"
      )
    }
    return FieldNames.Table(fields)
  }
}
