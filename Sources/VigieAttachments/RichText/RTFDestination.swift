import VigieCore

/// What the text of a group of RTF is.
///
/// *Source:* Rich Text Format 1.9.1, "Contents of an RTF File", index of destinations.
enum RTFDestination {
  /// A story or a piece of data with a text of its own.
  enum Kind: Sendable {
    /// Text of a role, at a place that is counted.
    case story(Role, String)
    /// A property of the document, by the name that people know.
    case property(String)
    /// The name and the value of a property that a user made.
    case propertyName, propertyValue
    /// A variable of the document: a name, then a value.
    case variable
    /// The instruction of a field.
    case instruction
    /// The name and the value of a property of a shape.
    case shapeName, shapeValue
    /// The definitions of fonts.
    case fontTable
    /// Data in hexadecimal digits: an embedded object, a picture, a store of XML.
    case object, picture, dataStore
    /// A tag of the HTML that was made into this RTF.
    case htmlTag
    /// Nothing that a person wrote.
    case nothing
    /// A group that programs may ignore and that is not known here.
    case ignorable
  }

  /// Destinations by their control words.
  static let kinds: [String: Kind] = {
    var kinds: [String: Kind] = [
      "header": .story(.header, "header"), "headerl": .story(.header, "left-page header"),
      "headerr": .story(.header, "right-page header"),
      "headerf": .story(.header, "first-page header"),
      "footer": .story(.footer, "footer"), "footerl": .story(.footer, "left-page footer"),
      "footerr": .story(.footer, "right-page footer"),
      "footerf": .story(.footer, "first-page footer"),
      "footnote": .story(.footnote, "footnote"), "annotation": .story(.comment, "comment"),
      "atnauthor": .story(.metadata, "author of comment"),
      "atnid": .story(.metadata, "initials of comment"),
      "bkmkstart": .story(.bookmark, "bookmark"), "shptxt": .story(.textBox, "text box"),
      "dptxbxtext": .story(.textBox, "text box"), "xe": .story(.hidden, "index entry"),
      "tc": .story(.hidden, "contents entry"), "tcn": .story(.hidden, "contents entry"),
      "ffname": .story(.formField, "form field"), "ffdeftext": .story(.formField, "form field"),
      "ffhelptext": .story(.formField, "form field"),
      "ffstattext": .story(.formField, "form field"), "ffl": .story(.formField, "form field"),
      "ffformat": .nothing, "ffentrymcr": .nothing, "ffexitmcr": .nothing,
      "title": .property("Title"), "subject": .property("Subject"), "author": .property("Author"),
      "operator": .property("Last author"), "keywords": .property("Keywords"),
      "comment": .property("Comment"), "doccomm": .property("Comments"),
      "manager": .property("Manager"), "company": .property("Company"),
      "category": .property("Category"), "hlinkbase": .property("Link base"),
      "template": .property("Template"), "propname": .propertyName, "staticval": .propertyValue,
      "linkval": .propertyValue, "docvar": .variable, "fldinst": .instruction, "sn": .shapeName,
      "sv": .shapeValue, "fonttbl": .fontTable, "objdata": .object, "pict": .picture,
      "datastore": .dataStore, "htmltag": .htmlTag, "objclass": .nothing, "objname": .nothing,
      "objalias": .nothing, "objsect": .nothing,
    ]
    let silent = [
      "stylesheet", "colortbl", "listtable", "listoverridetable", "rsidtbl", "revtbl", "filetbl",
      "themedata", "colorschememapping", "latentstyles", "pgptbl", "xmlnstbl", "mmathpr",
      "mmathPr", "wgrffmtfilter", "fontemb", "fontfile", "panose", "falt", "blipuid", "generator",
      "listname", "listlevel", "leveltext", "levelnumbers", "picprop", "pnseclvl", "nonshppict",
      "bkmkend", "mhtmltag", "pntxta", "pntxtb", "atrfstart", "atrfend", "atnref", "atndate",
      "atnicn", "atnparent", "atntime", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "aftncn",
      "ftncn", "fldtype", "datafield", "passwordhash", "ebcstart", "ebcend", "pnseqlvl",
      "listpicture", "liststylename", "creatim", "revtim", "printim", "buptim", "g", "gridtbl",
      "oldcprops", "oldpprops", "oldsprops", "oldtprops", "protusertbl", "docfmt", "tblstylename",
      "nextfile", "fname", "xform", "shprslt", "writereservhash", "hsv", "lsdlockedexcept",
      "defchp", "defpap", "nesttableprops",
    ]
    for word in silent { kinds[word] = .nothing }
    return kinds
  }()

  /// Groups that start a destination of another name but whose text goes on around them.
  static let transparent: Set<String> = [
    "shppict", "upr", "ud", "shpinst", "shp", "sp", "shpgrp", "fldrslt", "field", "result",
    "object", "listtext", "pntext", "formfield", "ffdeftext", "background", "userprops", "info",
    "do", "pn", "pnlvlblt", "pnlvlbody", "mmath", "moMath", "moMathPara", "mr", "me", "cs", "ts",
    "xmlopen", "xmlclose", "factoidname", "bkmkpub", "hl", "htmlbase", "fldedit", "revised",
    "b", "i", "ul", "v", "f", "fs", "cf", "par", "pard", "plain", "rtlch", "ltrch", "loch",
    "hich", "dbch", "insrsid", "charrsid", "lang", "deleted", "htmlrtf", "protect", "sect", "tab",
    "line", "row", "cell", "intbl", "trowd", "strike", "caps", "scaps", "outl", "shad", "up", "dn",
    "super", "sub", "expnd", "kerning", "qc", "ql", "qr", "qj", "li", "ri", "fi", "sb", "sa", "sl",
    "highlight", "cb", "chcbpat", "noproof", "langfe", "langnp", "alang", "af", "afs", "ab", "ai",
  ]
}
