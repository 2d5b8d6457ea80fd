import Testing
import VigieArchives
import VigieCore

@Suite("Columns of a table")
struct CSVColumnTests {
  private func read(_ csv: String) throws -> (messages: [Message], notes: [String]) {
    let folder = try Folder()
    var reader = try ArchiveReader(path: try folder.write("a.csv", csv))
    var messages: [Message] = []
    while let item = try reader.next() {
      if case .message(let message, _, _) = item { messages.append(message) }
    }
    return (messages, reader.columnNotes)
  }

  @Test("days in numbers are read in the order that the whole column proves")
  func proven() throws {
    let french = try read(
      "Nom;Date;Message\na;01/06/2026 9:05;x\nb;16/06/2026 14:05:09;y\nc;02/06/2026;z\n"
    )
    #expect(
      french.messages.map(\.timestamp) == [
        "2026-06-01T09:05:00", "2026-06-16T14:05:09", "2026-06-02",
      ]
    )
    #expect(french.notes.count == 1)
    #expect(french.notes.first?.contains("Date as timestamp (day/month/year)") == true)
    let american = try read("user,date,text\na,06/01/2026,x\nb,06/16/2026 14:05,y\n")
    #expect(american.messages.map(\.timestamp) == ["2026-06-01", "2026-06-16T14:05:00"])
    // The day that proves it stands far behind the first rows.
    let rows = String(repeating: "a,01/06/2026,x\n", count: 500)
    let far = try read("user,date,text\n\(rows)b,16/06/2026,y\n")
    #expect(Set(far.messages.dropLast().map(\.timestamp)) == ["2026-06-01"])
  }

  @Test("days whose order nothing tells give no time, and that is said")
  func open() throws {
    for rows in ["a,01/06/2026,x\n", "a,16/06/2026,x\nb,06/16/2026,y\n"] {
      let found = try read("user,date,text\n\(rows)")
      #expect(found.messages.allSatisfy { $0.timestamp == nil })
      #expect(found.notes.first?.contains("not taken") == true, "\(found.notes)")
    }
    // Columns with French names leave no doubt.
    let french = try read("Auteur.e;Date;Texte\nLuc;01/06/2026;x\n")
    #expect(french.messages.map(\.timestamp) == ["2026-06-01"])
    #expect(french.messages.map(\.sender) == ["Luc"])
    for name in ["Date envoi", "Date d'envoi", "Date d’envoi", "Date et heure"] {
      let sent = try read("Auteur;\(name);Texte\nLuc;16/06/2026 14:05;x\n")
      #expect(sent.messages.map(\.timestamp) == ["2026-06-16T14:05:00"], "\(name)")
    }
    let contradicting = try read("Auteur.e;Date;Texte\nLuc;16/06/2026;x\nEve;06/16/2026;y\n")
    #expect(contradicting.messages.map(\.timestamp) == [nil, nil])
    // What is no day stays as it is.
    let other = try read("user,date,text\na,hier,x\nb,2026-06-16T10:00:00Z,y\n")
    #expect(other.messages.map(\.timestamp) == ["hier", "2026-06-16T10:00:00Z"])
  }

  @Test("the hour may stand in a column of its own")
  func hours() throws {
    let found = try read(
      "Date;Heure;Émetteur;Message\n16/06/2026;14h05;Eve;x\n2026-06-17;8:00;Eve;y\n;9:00;Eve;z\n"
    )
    #expect(
      found.messages.map(\.timestamp) == ["2026-06-16T14:05:00", "2026-06-17T08:00:00", "9:00"]
    )
    #expect(found.messages.map(\.sender) == ["Eve", "Eve", "Eve"])
  }

  @Test("a row of names that are not known is no message, and is scanned all the same")
  func unknown() throws {
    let folder = try Folder()
    let path = try folder.write(
      "a.csv",
      "Qui;Quand;Quoi\nLuc;16/06/2026;bonjour\nEve;17/06/2026;salut\n"
    )
    let found = try items(path)
    #expect(found.messages.map(\.id) == ["line-2", "line-3"])
    guard case .channel(let names, _, _)? = found.first else {
      Issue.record("the names are not scanned")
      return
    }
    #expect(names.body == "Qui\nQuand\nQuoi")
    // Nothing tells words from names here: what may be a message is one.
    #expect(try read("Luc;bonjour;ici\nEve;salut;là\n").messages.count == 2)
    #expect(try read("DIFFUSION RESTREINTE!;1\nsuite;2\n").messages.count == 2)
  }
}
