import VigieMarkup

/// The local names that the readers of office documents and of XML know.
///
/// *Source:* ISO/IEC 29500-1 and -4 (OOXML), OASIS OpenDocument 1.3 part 3, ADatP-4774.
enum Tag: String, CaseIterable {
  // WordprocessingML
  case document, glossaryDocument, hdr, ftr, footnotes, endnotes, comments, settings, numbering
  case styles, body, p, r, t, delText, instrText, delInstrText, tab, ptab, br, cr, noBreakHyphen
  case sym, del, moveFrom, vanish, rPrChange, rStyle, pStyle, style, rPr, pPr, footnote, endnote
  case comment, txbxContent, textpath, textbox, fldSimple, fldChar, hyperlink, bookmarkStart
  case sdtPr, alias, tag, listItem, ffData, helpText, statusText, ddList, listEntry, docVar, docPr
  case cNvPr, shape, imagedata, lvlText, lvl, tc, tr, tbl, name, `default`, `val`, author, instr
  case styleId, type, char, font, string, tooltip, anchor, displayText, value, descr, title, alt
  case person, rt, rPh, connectString, query, mailMerge, docPartBody
  // Markup compatibility
  case AlternateContent, Choice, Fallback
  // DrawingML and PresentationML
  case sld, notes, sldMaster, sldLayout, notesMaster, handoutMaster, presentation, sp, cxnSp, pic
  case graphicFrame, ph, cNvSpPr, txBox, fld, cmLst, cm, text, txBody, reply, replyLst, wsDr
  case chartSpace, dataModel, drawing, userShapes, xml, v, pt, sldId, id, show, hidden, section
  case hlinkClick, hlinkHover, numCache, numRef, f, tagLst, cmAuthorLst
  // SpreadsheetML
  case workbook, worksheet, chartsheet, dialogsheet, sst, si, sheet, state, definedName, row, c
  case `is`, ref, s, headerFooter, oddHeader, oddFooter, evenHeader, evenFooter, firstHeader
  case firstFooter, dataValidation, prompt, promptTitle, error, errorTitle, formula1, formula2
  case display, location, threadedComment, ThreadedComments, col, min, max, numFmt, formatCode
  case ht, cols, n, d, b, e, m, pivotCacheDefinition, pivotCacheRecords, externalLink, connections
  case connection, macrosheet, cellXfs, queryTable
  case styleSheet, theme, fonts, webSettings, presentationPr, viewPr, tblStyleLst, themeOverride
  case colorStyle, chartStyle, styleData
  // Properties and labels
  case Properties, property, coreProperties, pid, vector, variant, lpstr, lpwstr
  case labelList, label, PolicyIdentifier, Classification, ConfidentialityInformation
  case Relationships, Relationship, Target, TargetMode, Id, `Type`, Types, Override, Default
  case PartName, ContentType, Extension
  // OpenDocument
  case h, a, span, line_break = "line-break", annotation
  case document_content = "document-content", document_styles = "document-styles"
  case document_meta = "document-meta", document_settings = "document-settings"
  case tracked_changes = "tracked-changes", deletion, insertion, changed_region = "changed-region"
  case note, note_citation = "note-citation", note_class = "note-class", frame
  case text_box = "text-box", desc, hidden_text = "hidden-text"
  case hidden_paragraph = "hidden-paragraph", string_value = "string-value"
  case table_cell = "table-cell", covered_table_cell = "covered-table-cell"
  case table_row = "table-row", table_column = "table-column", table
  case number_columns_repeated = "number-columns-repeated"
  case number_rows_repeated = "number-rows-repeated", visibility, style_name = "style-name"
  case header, footer, header_left = "header-left", footer_left = "footer-left"
  case header_first = "header-first", footer_first = "footer-first"
  case region_left = "region-left", region_center = "region-center", region_right = "region-right"
  case master_page = "master-page", display_name = "display-name", page, user_defined =
    "user-defined"
  case meta, keyword, creator, date, scripts, module, binary_data = "binary-data"
  case content_validation = "content-validation", help_message = "help-message"
  case error_message = "error-message", named_range = "named-range"
  case named_expression = "named-expression", header_decl = "header-decl"
  case footer_decl = "footer-decl", date_time_decl = "date-time-decl", bookmark
  case bookmark_start = "bookmark-start", href, family, text_properties = "text-properties"
  case table_properties = "table-properties", drawing_page_properties = "drawing-page-properties"
  case file_entry = "file-entry", encryption_data = "encryption-data", full_path = "full-path"
  case ruby_text = "ruby-text", formula, spreadsheet, `class`, num_prefix = "num-prefix"
  case num_suffix = "num-suffix", conditional_text = "conditional-text"
  case value_if_true = "string-value-if-true", value_if_false = "string-value-if-false"
  case customshape = "custom-shape", rect

  /// The names with their numbers.
  static let vocabulary = MarkupVocabulary(allCases.map(\.rawValue))
  private static let list = Array(allCases)

  /// The name of a number, or `nil` for an unknown one.
  static func of(_ number: Int) -> Tag? {
    number >= 0 && number < list.count ? list[number] : nil
  }

  /// The number of the name.
  var number: Int { Tag.numbers[self] ?? MarkupVocabulary.unknown }

  private static let numbers: [Tag: Int] = Dictionary(
    uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) }
  )
}

extension MarkupElement {
  /// The name, where it is a known one.
  var tag: Tag? { Tag.of(name) }

  /// The value of the first attribute with a name.
  func attribute(_ tag: Tag) -> String? {
    guard attributeCount > 0 else { return nil }
    for index in 0..<attributeCount where Tag.of(attributeName(index)) == tag {
      return attributeValue(index)
    }
    return nil
  }

  /// The `val` of an element of WordprocessingML; empty for none.
  var val: String { attribute(.val) ?? "" }
}
