"""Pages of HTML and documents of XML in the Corpus."""

import base64

from office_parts import LABEL, case, gap, text

IMPORTED = base64.b64encode("SECRET incorporé\n".encode()).decode()

PAGE = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>SECRET titre</title>
<meta name="Classification" content="Confidential"><meta name="{LABEL}_Name" content="Confidential">
<style>p::before {{ content: "SECRET style" }}</style>
<script>var marque = "SECRET script";</script></head>
<body><header><p>DIFFUSION <b>RESTR</b>EINTE</header>
<p>Le compte&nbsp;rendu<br>est joint &amp; relu.<table><tr><td>un</td><td>SECRET case</td></tr></table>
<p style="DISPLAY : none">SECRET cach&eacute;</p><span hidden>SECRET attribut</span>
<div style="mso-element:header"><p>NATO RESTRICTED</p></div>
<img src="data:text/plain;base64,{IMPORTED}" alt="SECRET d&#233;crit">
<a href="https://intranet.example/notes" title="SECRET infobulle">lien</a>
<input value="SECRET saisi"><!-- SECRET commentaire --><!--[if mso]><p>SECRET pour Outlook</p><![endif]-->
<iframe srcdoc="<p>SECRET cadre</p>"></iframe><footer>SPÉCIAL FRANCE</footer></body></html>
"""

FORM = """<html><form><select name="mention"><option value="">Aucune<option selected>SECRET choisi</select>
<p><input type="radio" name="tri" checked>oui <input type="radio" name="tri">non</p></form>
"""

PAGE_TEXTS = [
    text("metadata", "SECRET titre", "title"),
    text("label", "Classification: Confidential", "property Classification"),
    text("label", "Confidential", "property Classification"),
    text("label", f"{LABEL}_Name=Confidential", f"property {LABEL}_Name"),
    text("hidden", "SECRET style", "style sheet"),
    text("hidden", "SECRET script", "script"),
    text("header", "DIFFUSION RESTREINTE", "header"),
    text("header", "NATO RESTRICTED", "header"),
    text("footer", "SPÉCIAL FRANCE", "footer"),
    text("body-text", "Le compte\u00a0rendu\nest joint & relu."),
    text("body-text", "un\tSECRET case"),
    text("hidden", "SECRET caché", "hidden text"),
    text("hidden", "SECRET attribut", "hidden text"),
    text("alternative-text", "SECRET décrit", "alt"),
    text("alternative-text", "SECRET infobulle", "title"),
    text("link", "https://intranet.example/notes", "link"),
    text("form-field", "SECRET saisi", "form field"),
    text("comment", "SECRET commentaire", "comment"),
    text("hidden", "SECRET pour Outlook", "conditional comment"),
    text("body-text", "SECRET cadre", "frame"),
    text("body-text", "SECRET incorporé", path=["embedded file 1"]),
]

STANAG = """<?xml version="1.0" encoding="UTF-8"?>
<mb:BindingInformation xmlns:mb="urn:nato:stanag:4778:bindinginformation:1:0"
 xmlns:slab="urn:nato:stanag:4774:confidentialitymetadatalabel:1:0">
 <mb:MetadataBindingContainer><mb:MetadataBinding><mb:Metadata><slab:originatorConfidentialityLabel>
  <slab:ConfidentialityInformation><slab:PolicyIdentifier>NATO</slab:PolicyIdentifier>
   <slab:Classification>SECRET</slab:Classification>
   <slab:Category Type="PERMISSIVE" TagName="Releasable To"><slab:GenericValue>FRA</slab:GenericValue></slab:Category>
  </slab:ConfidentialityInformation></slab:originatorConfidentialityLabel></mb:Metadata>
  <mb:DataReference URI="note.docx"/></mb:MetadataBinding></mb:MetadataBindingContainer>
</mb:BindingInformation>
"""

SEDA = """<?xml version="1.0" encoding="ISO-8859-15"?>
<ArchiveTransfer xmlns="fr:gouv:culture:archivesdefrance:seda:v2.1"><DataObjectPackage>
<ManagementMetadata><ClassificationRule><ClassificationLevel>Secret Défense</ClassificationLevel>
<ClassificationOwner>Ministère des essais</ClassificationOwner></ClassificationRule>
</ManagementMetadata><Content><Title>Dossier <em>SEC</em>RET du service</Title></Content>
</DataObjectPackage></ArchiveTransfer>
"""

ISM = """<ddms:Resource xmlns:ddms="urn:us:mil:ces:metadata:ddms:5" xmlns:ISM="urn:us:gov:ic:ism">
<ddms:security ISM:classification="S" ISM:ownerProducer="USA" ISM:disseminationControls="NF"/>
<ddms:title nir="2 95 10 99 126 111 93">Essai</ddms:title></ddms:Resource>
"""


def make():
    """Writes the pages and the XML."""
    case("html", "roles.html", PAGE.encode(), PAGE_TEXTS)
    case("html", "latin.htm", PAGE.replace("utf-8", "windows-1252").encode("cp1252"),
         [text("footer", "SPÉCIAL FRANCE", "footer")])
    case("html", "clean.html", b"<html><body><p>Le d&eacute;jeuner.</p></body></html>",
         [text("body-text", "Le déjeuner.")], absent=["SECRET"])
    case("html", "form.html", FORM.encode(),
         [text("body-text", "☐Aucune\n☑SECRET choisi\n"), text("body-text", "☑oui ☐non")],
         absent=["AucuneSECRET"])
    deep = "<div>" * 50_000 + "SECRET profond"
    case("html", "deep.html", f"<html>{deep[-45_000:]}".encode(),
         [text("body-text", "SECRET profond")], [gap("limit")])
    case("html", "unfinished.html", b"<html><p>SECRET entier<!-- SECRET ouvert",
         [text("body-text", "SECRET entier"), text("body-text", "SECRET ouvert")])
    case("xml", "stanag-4778.xml", STANAG.encode(), [
        text("label", "PolicyIdentifier=NATO; Classification=SECRET; GenericValue=FRA"),
        text("body-text", "NATO\n"), text("metadata", "TagName: Releasable To")])
    case("xml", "seda.xml", SEDA.encode("iso-8859-15"), [
        text("label", "ClassificationLevel=Secret Défense"),
        text("body-text", "Dossier SECRET du service")])
    case("xml", "ism.xml", ISM.encode(), [
        text("label", 'classification="S" ownerProducer="USA" disseminationControls="NF"'),
        text("metadata", "nir: 2 95 10 99 126 111 93")])
    case("xml", "wide.xml", '<?xml version="1.0" encoding="UTF-16"?><a>SECRET é</a>'.encode("utf-16"),
         [text("body-text", "SECRET é")])
    case("xml", "clean.xml", b"<?xml version='1.0'?><note><p>Rien de grave.</p></note>",
         [text("body-text", "Rien de grave.")], absent=["SECRET"])
    laughs = "<!ENTITY e0 'ha'>" + "".join(
        f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 10))
    case("xml", "entities.xml", f"<?xml version='1.0'?><!DOCTYPE a [{laughs}]><a>SECRET &e9;</a>".encode(),
         [text("body-text", "SECRET")], [gap("unsupported"), gap("corrupt")])
    case("xml", "two-roots.xml", b"<?xml version='1.0'?><a>un</a><b>SECRET deux</b>",
         [text("body-text", "un"), text("body-text", "SECRET deux")], [gap("corrupt")])
    wide = " ".join(f"a{n}='SECRET'" for n in range(3_500))
    case("xml", "wide-element.xml", f"<?xml version='1.0'?><a {wide}>fin</a>".encode(),
         [text("metadata", "SECRET")])
