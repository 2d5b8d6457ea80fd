"""What the makers of office documents share: packages of fixed bytes, and what each must give."""

import io
import warnings
import zipfile

import cases
from cases import ROOT, case, gap  # noqa: F401  the makers of documents take all of it from here

DATE = (2026, 3, 3, 9, 0, 0)
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument"
LABEL = "MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d"
LINK = "https://intranet.example/notes"


def text(role, words, location=None, path=()):
    """A text that must be found."""
    return cases.text(role, words, path, location)


def zipped(members, stored=()):
    """A ZIP of members (name, text or bytes) in order; a name may stand twice."""
    warnings.simplefilter("ignore")  # A name that stands twice is meant.
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members:
            info = zipfile.ZipInfo(name, DATE)
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, body.encode() if isinstance(body, str) else body)
    return out.getvalue()


def types(overrides):
    """[Content_Types].xml."""
    parts = "".join(
        f'<Override PartName="/{part}" ContentType="{TYPES}.{kind}+xml"/>'
        for part, kind in overrides)
    return (f'{XML}<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>')


def relationships(*targets):
    """The relationships of a part: (kind, target) or (kind, target, True) for one outside."""
    body = ""
    for number, target in enumerate(targets, 1):
        mode = ' TargetMode="External"' if len(target) > 2 else ""
        body += (f'<Relationship Id="rId{number}" Type="{OFFICE}/relationships/{target[0]}" '
                 f'Target="{target[1]}"{mode}/>')
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{body}</Relationships>'


def custom_properties(pairs):
    """docProps/custom.xml."""
    body = "".join(
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" '
        f'pid="{number}" name="{name}"><vt:lpwstr>{value}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(pairs, 2))
    return (f'{XML}<Properties xmlns="{OFFICE}/custom-properties" '
            f'xmlns:vt="{OFFICE}/docPropsVTypes">{body}</Properties>')


PROPERTIES = [
    ("docProps/core.xml",
     f'{XML}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
     'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Note de cadrage</dc:title>'
     "<cp:keywords>DIFFUSION RESTREINTE</cp:keywords><cp:revision>7</cp:revision>"
     "</cp:coreProperties>"),
    ("docProps/app.xml",
     f'{XML}<Properties xmlns="{OFFICE}/extended-properties"><Pages>3</Pages>'
     "<Company>NATO RESTRICTED</Company></Properties>"),
    ("docProps/custom.xml",
     custom_properties([
         (f"{LABEL}_Enabled", "true"), (f"{LABEL}_Name", "Confidential"),
         ("bjDocumentSecurityLabel", "Highly Confidential"), ("Chantier", "Lot 3"),
         ("bjDocumentLabelXML", "&lt;sisl&gt;&lt;element uid=&quot;id_classification_"),
         ("bjDocumentLabelXML-0", "confidential&quot; value=&quot;&quot;/&gt;&lt;/sisl&gt;"),
     ])),
    ("docMetadata/LabelInfo.xml",
     f'{XML}<clbl:labelList xmlns:clbl="http://schemas.microsoft.com/office/2020/'
     'mipLabelMetadata"><clbl:label id="{2096f6a2-d2f7-48be-b329-b73aaa526e5d}" enabled="1" '
     'method="Privileged" siteId="{72f988bf-86f1-41af-91ab-2d7cd011db47}" contentBits="3" '
     'removed="0"/></clbl:labelList>'),
    ("customXml/item1.xml",
     '<b:BindingInformation xmlns:b="urn:nato:stanag:4778:bindinginformation:1:0" '
     'xmlns:s="urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"><b:Metadata>'
     "<s:originatorConfidentialityLabel><s:ConfidentialityInformation>"
     "<s:PolicyIdentifier>NATO</s:PolicyIdentifier><s:Classification>RESTRICTED"
     "</s:Classification></s:ConfidentialityInformation></s:originatorConfidentialityLabel>"
     "</b:Metadata></b:BindingInformation>"),
]

PROPERTY_TEXTS = [
    text("metadata", "title: Note de cadrage", "property title"),
    text("metadata", "keywords: DIFFUSION RESTREINTE", "property keywords"),
    text("metadata", "Company: NATO RESTRICTED", "property Company"),
    text("metadata", "Chantier: Lot 3", "property Chantier"),
    text("label", f"{LABEL}_Enabled=true", f"property {LABEL}_Enabled"),
    text("label", f"{LABEL}_Name=Confidential", f"property {LABEL}_Name"),
    text("label", "Highly Confidential", "property bjDocumentSecurityLabel"),
    text("label", "bjDocumentSecurityLabel: Highly Confidential",
         "property bjDocumentSecurityLabel"),
    text("label", '<element uid="id_classification_confidential" value=""/>',
         "property bjDocumentLabelXML"),
    text("label", '<clbl:label id="{2096f6a2-d2f7-48be-b329-b73aaa526e5d}" enabled="1"',
         "label information"),
    text("label", "PolicyIdentifier=NATO; Classification=RESTRICTED", "part customXml/item1.xml"),
]
