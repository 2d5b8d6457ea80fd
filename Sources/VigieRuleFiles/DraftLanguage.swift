/// The language in which a new rule has its first examples.
public enum DraftLanguage: String, Sendable, CaseIterable {
  case english = "en"
  case french = "fr"
  case german = "de"

  /// The language some words are in, as far as a few of them tell; English where they do not.
  init(of words: String) {
    let folded = words.lowercased()
    let list = Set(folded.split { !$0.isLetter }.map(String.init))
    // Words that stand in nearly every marking of the language and are none of the other two.
    if !list.isDisjoint(with: ["nur", "für", "der", "den", "das", "dem", "und", "vom"]) {
      self = .german
    } else if !list.isDisjoint(with: ["de", "du", "des", "le", "la", "les", "au", "aux", "et", "à"])
      || folded.contains(where: { "éèêçœ".contains($0) })
    {
      self = .french
    } else {
      self = .english
    }
  }

  /// What stands below a stamp.
  var minutes: String {
    switch self {
    case .english: "Minutes of the meeting of 3 May"
    case .french: "Compte rendu de la réunion du 3 mai"
    case .german: "Protokoll der Sitzung vom 3. Mai"
    }
  }

  /// What sends a marked text along.
  var sending: String {
    switch self {
    case .english: "Please find attached the budget"
    case .french: "Veuillez trouver ci-joint le budget"
    case .german: "Anbei erhalten Sie den Haushalt"
    }
  }

  /// What asks about a marking, before and after it.
  var question: (before: String, after: String) {
    switch self {
    case .english: ("What does", "mean, and who decides on it?")
    case .french: ("Que veut dire", "et qui en décide ?")
    case .german: ("Was bedeutet", "und wer entscheidet darüber?")
    }
  }

  /// What has no marking.
  var plain: String {
    switch self {
    case .english: "The meeting of 3 May is moved to room 12."
    case .french: "La réunion du 3 mai se tiendra en salle 12."
    case .german: "Die Sitzung vom 3. Mai findet in Raum 12 statt."
    }
  }
}
