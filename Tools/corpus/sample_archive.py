#!/usr/bin/env python3
"""Writes Corpus/archives/sample: four small archives of invented public channels, and what is hidden in them.

    Tools/corpus/sample_archive.py            write the files anew
    Tools/corpus/sample_archive.py --check    compare them with what would be written; exit 1 if they differ

Everybody and everything in them is invented. The bytes depend on this file alone. `planted.jsonl` says,
one JSON object a line, which message of which archive holds a marking: archive, channel, message,
scheme, level, usage, disguise, and where it stands (body or filename).
"""
import io
import json
import random
import sys
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

SEED = 20260601
FOLDER = Path(__file__).resolve().parents[2] / "Corpus" / "archives" / "sample"
START = datetime(2026, 5, 4, 6, 30, tzinfo=timezone.utc)

PEOPLE = [
    ("anne.berthelot", "Anne Berthelot"), ("bruno.castaing", "Bruno Castaing"), ("chloe.dervaux", "Chloé Dervaux"),
    ("david.esnault", "David Esnault"), ("elise.fournel", "Élise Fournel"), ("farid.gharbi", "Farid Gharbi"),
    ("gael.hubert", "Gaël Hubert"), ("helene.ivars", "Hélène Ivars"), ("ines.joly", "Inès Joly"),
    ("karim.lasfar", "Karim Lasfar"), ("lea.moreau-vasseur", "Léa Moreau-Vasseur"), ("marc.noel", "Marc Noël"),
]
GUESTS = [("emma.clarke", "Emma Clarke"), ("tom.whitfield", "Tom Whitfield"), ("jana.brandt", "Jana Brandt"),
          ("lukas.reuter", "Lukas Reuter")]

THINGS = {
    "lieu": ["quai nord", "bâtiment B", "hall d'accueil", "local technique", "parking du site", "salle 214", "entrepôt 3"],
    "objet": ["les palettes", "les vidéoprojecteurs", "les badges visiteurs", "les cartons d'archives", "les onduleurs",
              "les tables pliantes", "les écrans"],
    "jour": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "demain", "la semaine prochaine"],
    "heure": ["8 h 30", "9 h", "10 h 15", "14 h", "15 h 45", "17 h"],
    "outil": ["la messagerie", "le VPN", "l'imprimante du 2e", "le webmail", "l'annuaire", "l'outil de congés",
              "le partage réseau"],
    "plat": ["lasagnes", "couscous", "poisson à la bordelaise", "quiche aux poireaux", "curry de lentilles", "blanquette"],
    "ville": ["Arras", "Colmar", "Digne", "Niort", "Vesoul", "Tulle", "Auch"],
    "n": [str(n) for n in range(2, 40)],
    "ticket": [f"INC-{n}" for n in range(20410, 20480)],
    "host": ["srv-web-03", "relais-mail-2", "poste-1187", "fw-annexe", "bastion-test"],
}

TALK = {
    "logistique": [
        "Bonjour, {objet} arrivent {jour} à {heure} au {lieu}.", "Quelqu'un a la clé du {lieu} ?",
        "Il manque {n} chaises pour la réunion de {jour}.", "Le transporteur a du retard, plutôt {heure}.",
        "J'ai rangé {objet}, il reste de la place au fond.", "Merci, bien reçu.", "Ok pour {jour} {heure}.",
        "Le camion ne passe pas sous le portique, il faut décharger à l'extérieur.",
        "On peut mutualiser avec la navette de {ville} ?", "Bon de livraison signé, je le dépose à l'accueil.",
        "Attention, les travaux au {lieu} commencent {jour}.", "Qui valide la commande de {n} ramettes ?",
    ],
    "support": [
        "{outil} ne répond plus depuis {heure}.", "Redémarrage fait, c'est revenu.", "Ticket {ticket} ouvert pour {outil}.",
        "As-tu vidé le cache ? Chez moi ça marche.", "Mot de passe expiré : passez par le portail, pas par le tchat.",
        "Mise à jour de {outil} prévue {jour} à {heure}.", "C'est le certificat qui a expiré, je renouvelle.",
        "Le poste redémarre en boucle, je passe au {lieu}.", "{ticket} clos.", "Merci, ça refonctionne !",
        "Pensez à enregistrer avant la coupure de {heure}.", "On a {n} demandes en attente ce matin.",
    ],
    "cellule-crise": [
        "Point de situation à {heure}.", "La préfecture demande l'état des effectifs à {ville}.",
        "{n} agents disponibles, relève à {heure}.", "Le standard est renforcé jusqu'à {jour}.",
        "Vent fort annoncé {jour}, le {lieu} reste fermé.", "Bien noté, je transmets.", "Exercice terminé, retour à la normale.",
        "Qui tient la main courante cette nuit ?", "Accès au {lieu} rétabli.", "Prochain point {jour} {heure}.",
        "Le groupe électrogène a tourné {n} minutes sans incident.",
    ],
    "cantine": [
        "Aujourd'hui : {plat}.", "Quelqu'un descend à la cantine ?", "La file est courte, venez !", "Pas de {plat} aujourd'hui :(",
        "Table réservée pour {n}.", "Le café du {lieu} est en panne, encore.", "Bon appétit !", "Il reste du gâteau au {lieu}.",
        "Menu végétarien : {plat}.", "Pot de départ de Marc {jour} à {heure}, {lieu}.", "Miam",
    ],
    "cert": [
        "Vague d'hameçonnage imitant {outil}, ne cliquez pas.", "Bloqué au relais, {n} messages.",
        "Journal de {host} envoyé à l'équipe.", "Correctif déployé sur {host}.", "Faux positif, je ferme {ticket}.",
        "Scan terminé : rien d'anormal sur {host}.", "Nouvelle version de l'antivirus {jour}.",
        "Quelqu'un d'autre voit des connexions depuis {ville} à {heure} ?", "Règle ajoutée au pare-feu.", "Merci pour le signalement.",
    ],
    "partenaires": [
        "Good morning, the call is moved to {heure}.", "Thanks, noted.", "Could you share the agenda for the {n} June workshop?",
        "Guten Morgen, die Telefonkonferenz beginnt um {heure}.", "Danke, ist angekommen.", "Wer nimmt am Treffen in {ville} teil?",
        "We booked {n} seats, badges at reception.", "Die Unterlagen kommen morgen.", "The draft minutes are on the shared site.",
        "Please send the dietary requirements by Thursday.", "Bonjour à tous, lien de la visio dans l'invitation.",
        "Translation of section {n} is done.", "Viele Grüße aus {ville}!",
    ],
}

FULLWIDTH = {c: chr(ord(c) + 0xFEE0) for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ:-"}
CYRILLIC = str.maketrans("AEIOTCPHKX", "АЕІОТСРНКХ")


def spaced(text):
    return "   ".join(" ".join(word) for word in text.split(" "))


def zero_width(text):
    return "\u200b".join(text)


def homoglyph(text):
    return text.translate(CYRILLIC)


def fullwidth(text):
    return "".join(FULLWIDTH.get(c, c) for c in text)


def leet(text):
    return text.translate(str.maketrans("EIO", "310"))


def one_a_line(text):
    return "\n".join(text.replace(" ", ""))


# (scheme, level, usage, disguise, text): each stands in one message of its own.
PLANTED = {
    "element": [
        ("fr", "restricted", "applied", [], "DIFFUSION RESTREINTE\nCompte rendu de la visite du site d'Arras : accès par le quai nord, codes changés."),
        ("fr", "restricted", "applied", ["letter-spacing"], spaced("DIFFUSION RESTREINTE") + "\nListe des personnels d'astreinte et horaires de ronde."),
        ("fr", "restricted", "applied", ["zero-width"], zero_width("DIFFUSION RESTREINTE") + "\nPlan de charge du convoi de jeudi."),
        ("fr", "restricted", "applied", ["homoglyph"], homoglyph("DIFFUSION RESTREINTE") + "\nItinéraire retenu : variante sud."),
        ("fr", "restricted", "applied", [], "Ci-joint la note du bureau transport, c'est du DIFFUSION RESTREINTE, ne pas faire suivre."),
        ("fr", "restricted", "mentioned", [], "Rappel : la mention « Diffusion Restreinte » se place en haut et en bas de chaque page."),
        ("fr", "restricted", "mentioned", [], "Ce document n'est pas en diffusion restreinte, vous pouvez l'afficher au hall d'accueil."),
        ("fr", "secret", "applied", [], "SECRET\nSPÉCIAL FRANCE\nFiche d'évaluation du dispositif de Colmar, exemplaire 2/4."),
        ("nato", "restricted", "applied", [], "NATO RESTRICTED\nMovement order 14, convoy leaves Vesoul at 0500Z."),
        ("eu", "restricted", "applied", ["compatibility-form"], fullwidth("RESTREINT UE/EU RESTRICTED") + "\nProjet de conclusions du groupe de travail."),
        ("fr", "restricted", "applied", ["line-split"], one_a_line("DIFFUSION RESTREINTE")),
    ],
    "slack": [
        ("fr", "restricted", "applied", [], "Diffusion restreinte — état des stocks du magasin central, ne pas rediffuser."),
        ("fr", "restricted", "applied", ["leet"], leet("DIFFUSION RESTREINTE") + "\nRelevé des accès de la nuit."),
        ("fr", "restricted", "mentioned", [], "Pour habiliter un nouveau à la diffusion restreinte, il faut quelle formation ?"),
        ("eu", "restricted", "applied", [], "RESTREINT UE/EU RESTRICTED\nDraft of the annex on port security."),
        ("eu", "restricted", "mentioned", [], "Does anyone know whether EU RESTRICTED documents may be printed on the shared printer?"),
        ("gb", "restricted", "applied", [], "OFFICIAL-SENSITIVE\nSeating plan and arrival times of the delegation."),
        ("gb", "restricted", "mentioned", [], "The OFFICIAL-SENSITIVE handling guidance was updated last month, see the intranet."),
        ("de", "restricted", "applied", [], "VS – NUR FÜR DEN DIENSTGEBRAUCH\nEntwurf der Lagemeldung vom Vortag."),
        ("de", "restricted", "applied", ["letter-spacing"], spaced("VS-NUR FÜR DEN DIENSTGEBRAUCH") + "\nAnfahrtsskizze mit Schleusenzeiten."),
        ("tlp", "confidential", "applied", [], "TLP:RED\nIndicateurs de la campagne en cours, destinataires nommés seulement."),
        ("tlp", "restricted", "applied", ["compatibility-form"], fullwidth("TLP:AMBER") + "\nDétail des postes touchés à Niort."),
        ("us", "restricted", "applied", [], "CUI//SP-EXPT\nExport license summary for the test bench."),
    ],
    "jsonl": [
        ("tlp", "restricted", "applied", [], "TLP:AMBER+STRICT\nListe des adresses bloquées au relais, à ne pas sortir de l'organisation."),
        ("tlp", "confidential", "mentioned", [], "TLP:RED veut dire : pour les personnes présentes et elles seules."),
        ("tlp", "internal", "applied", [], "[TLP:GREEN] Bulletin hebdomadaire, à partager entre équipes de sécurité."),
        ("nato", "restricted", "applied", ["zero-width"], zero_width("NATO RESTRICTED") + "\nRadio plan for the exercise."),
        ("nato", "confidential", "mentioned", [], "My NATO CONFIDENTIAL clearance expires in June, whom do I ask?"),
        ("us", "restricted", "mentioned", [], "The CUI training is mandatory for all contractors this year."),
        ("us", "restricted", "applied", [], "UNCLASSIFIED//FOR OFFICIAL USE ONLY\nPoints of contact for the joint inspection."),
        ("fr", "restricted", "applied", ["homoglyph", "letter-spacing"], spaced(homoglyph("DIFFUSION RESTREINTE")) + "\nSchéma d'adressage de l'annexe."),
    ],
    "csv": [
        ("fr", "restricted", "applied", [], "DIFFUSION RESTREINTE\nPoint de situation n° 3 : effectifs engagés, relève et points d'appui."),
        ("fr", "restricted", "mentioned", [], "Question bête : diffusion restreinte, ça s'écrit avec des majuscules ?"),
        ("fr", "restricted", "applied", ["leet", "letter-spacing"], spaced(leet("DIFFUSION RESTREINTE")) + "\nCodes du portail provisoire."),
        ("gb", "restricted", "applied", ["compatibility-form"], fullwidth("OFFICIAL-SENSITIVE") + "\nNames of the visiting team."),
        ("de", "restricted", "mentioned", [], "Was bedeutet eigentlich die Abkürzung VS-NfD auf dem Deckblatt?"),
        ("eu", "confidential", "applied", [], "CONFIDENTIEL UE/EU CONFIDENTIAL\nNote on the mission's logistics base."),
        ("fr", "restricted", "applied", ["line-split"], "DIFFUSION\nRESTREINTE\nTableau des astreintes de la cellule."),
    ],
}
FILES = {"element": ("fr", "restricted", "applied", [], "DIFFUSION_RESTREINTE_plan-acces-arras.pdf")}
COUNTS = {"element": 520, "slack": 900, "jsonl": 340, "csv": 240}
CHANNELS = {
    "element": ["logistique"], "slack": ["support", "cantine", "partenaires"], "jsonl": ["cert"], "csv": ["cellule-crise"],
}
FIRST = {"gb": "partenaires", "de": "partenaires", "us": "partenaires", "eu": "partenaires", "tlp": "support", "fr": "support"}


def chatter(rng, channel):
    text = rng.choice(TALK[channel])
    while "{" in text:
        key = text[text.index("{") + 1:text.index("}")]
        text = text.replace("{" + key + "}", rng.choice(THINGS[key]), 1)
    return text


def conversation(rng, archive):
    """The messages of an archive in time order: (time, channel, person, text, planted or None)."""
    planted = list(PLANTED[archive])
    count = COUNTS[archive]
    slots = set(rng.sample(range(10, count - 10), len(planted)))
    rng.shuffle(planted)
    time = START
    output = []
    for index in range(count):
        time += timedelta(seconds=rng.randint(20, 2400))
        if time.hour >= 18:
            time = (time + timedelta(days=1)).replace(hour=6, minute=rng.randint(20, 59))
        fact = planted.pop() if index in slots else None
        channel = CHANNELS[archive][0]
        if len(CHANNELS[archive]) > 1:
            channel = FIRST[fact[0]] if fact else rng.choice(CHANNELS[archive])
        pool = PEOPLE + GUESTS * 2 if channel == "partenaires" else PEOPLE
        person = rng.choice(pool)
        output.append((time, channel, person, fact[4] if fact else chatter(rng, channel), fact))
    return output


class Truth:
    """What is planted, as it is written."""

    def __init__(self):
        self.lines = []

    def add(self, archive, channel, message, fact, where="body"):
        scheme, level, usage, disguise, _ = fact
        self.lines.append({"archive": archive, "channel": channel, "message": message, "scheme": scheme, "level": level,
                           "usage": usage, "disguise": disguise, "where": where})


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def token(rng, count):
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(rng.choice(letters) for _ in range(count))


def element(rng, truth):
    name = "element.json"
    room = "!logistique:agent.example"
    events = []

    def event(kind, time, sender, content, **more):
        identity = "$" + token(rng, 22)
        events.append({"type": kind, "sender": f"@{sender}:agent.example", "content": content,
                       "origin_server_ts": int(time.timestamp() * 1000), "event_id": identity, "room_id": room, **more})
        return identity

    first = START - timedelta(minutes=5)
    event("m.room.create", first, PEOPLE[0][0], {"room_version": "10"}, state_key="")
    event("m.room.join_rules", first, PEOPLE[0][0], {"join_rule": "public"}, state_key="")
    event("m.room.name", first, PEOPLE[0][0], {"name": "Logistique"}, state_key="")
    event("m.room.topic", first, PEOPLE[0][0], {"topic": "Livraisons, salles, navettes"}, state_key="")
    messages = conversation(rng, "element")
    for index, (time, channel, person, text, fact) in enumerate(messages):
        content = {"msgtype": "m.text", "body": text}
        if not fact and index % 9 == 0:
            content["format"] = "org.matrix.custom.html"
            content["formatted_body"] = "<p>" + text.replace("&", "&amp;").replace("<", "&lt;") + "</p>"
        identity = event("m.room.message", time, person[0], content)
        if fact:
            truth.add(name, "Logistique", identity, fact)
        elif index % 61 == 60:
            edited = text + " (corrigé)"
            event("m.room.message", time + timedelta(seconds=15), person[0], {
                "msgtype": "m.text", "body": "* " + edited, "m.new_content": {"msgtype": "m.text", "body": edited},
                "m.relates_to": {"rel_type": "m.replace", "event_id": identity}})
        elif index == 200:
            events[-1]["content"] = {}
            events[-1]["unsigned"] = {"redacted_because": {"type": "m.room.redaction", "content": {}}}
        if index == 120:
            event("m.room.encrypted", time + timedelta(seconds=5), PEOPLE[3][0], {
                "algorithm": "m.megolm.v1.aes-sha2", "ciphertext": token(rng, 120), "session_id": token(rng, 43)})
        if index == 260:
            event("m.room.message", time + timedelta(seconds=5), PEOPLE[4][0], {
                "msgtype": "m.image", "body": "quai-nord.jpg", "url": "mxc://agent.example/" + token(rng, 24),
                "info": {"mimetype": "image/jpeg", "size": 48211}})
        if index == 300:
            fact = FILES["element"]
            identity = event("m.room.message", time + timedelta(seconds=5), PEOPLE[5][0], {
                "msgtype": "m.file", "body": fact[4], "url": "mxc://agent.example/" + token(rng, 24),
                "info": {"mimetype": "application/pdf", "size": 90112}})
            truth.add(name, "Logistique", identity, fact, "filename")
    export = {"room_name": "Logistique", "room_creator": f"@{PEOPLE[0][0]}:agent.example",
              "topic": "Livraisons, salles, navettes", "export_date": "06/2026",
              "exported_by": f"@{PEOPLE[0][0]}:agent.example", "messages": events}
    return name, json.dumps(export, ensure_ascii=False, indent=1).encode() + b"\n"


def slack(rng, truth):
    name = "slack.zip"
    users = {person[0]: f"U{index:04d}" for index, person in enumerate(PEOPLE + GUESTS)}
    files = {
        "channels.json": [{"id": f"C{index:04d}", "name": channel, "created": 1767225600, "is_archived": False,
                           "is_general": index == 1, "members": sorted(users.values()),
                           "topic": {"value": topic, "creator": "U0000"}, "purpose": {"value": "", "creator": ""}}
                          for index, (channel, topic) in enumerate([
                              ("support", "Assistance informatique"), ("cantine", "Menus du jour & bons plans"),
                              ("partenaires", "Échanges avec les partenaires")])],
        "users.json": [{"id": users[person[0]], "name": person[0], "profile": {"real_name": person[1],
                        "display_name": person[1]}} for person in PEOPLE + GUESTS],
        "integration_logs.json": [],
    }
    for index, (time, channel, person, text, fact) in enumerate(conversation(rng, "slack")):
        stamp = f"{int(time.timestamp())}.{rng.randint(0, 999999):06d}"
        shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        message = {"type": "message", "user": users[person[0]], "text": shown, "ts": stamp}
        if fact:
            truth.add(name, channel, stamp, fact)
        elif index % 17 == 0:
            message["text"] = f"<@{users[rng.choice(PEOPLE)[0]]}> " + shown
        elif index == 400:
            message["files"] = [{"id": "F0001", "name": "menu-semaine.pdf", "title": "Menu", "mimetype": "application/pdf",
                                 "mode": "hosted", "url_private": "https://files.example/menu-semaine.pdf"}]
        elif index % 23 == 0:
            message["edited"] = {"user": users[person[0]], "ts": f"{int(time.timestamp()) + 30}.000000"}
        files.setdefault(f"{channel}/{time:%Y-%m-%d}.json", []).append(message)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, (2026, 6, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, json.dumps(files[path], ensure_ascii=False, separators=(",", ":")).encode())
    return name, buffer.getvalue()


def jsonl(rng, truth):
    name = "cert.jsonl"
    lines = []
    for index, (time, channel, person, text, fact) in enumerate(conversation(rng, "jsonl")):
        identity = f"cert-{index:04d}"
        lines.append(compact({"id": identity, "body": text, "sender": f"@{person[0]}:agent.example",
                              "timestamp": f"{time:%Y-%m-%dT%H:%M:%SZ}",
                              "channel": {"id": "cert", "name": "CERT", "visibility": "public", "encrypted": False}}))
        if fact:
            truth.add(name, "CERT", identity, fact)
    return name, ("\n".join(lines) + "\n").encode()


def csv(rng, truth):
    name = "cellule-crise.csv"
    rows = ["id;date;auteur;salon;texte"]
    for index, (time, channel, person, text, fact) in enumerate(conversation(rng, "csv")):
        identity = f"m{index + 1}"
        quoted = '"' + text.replace('"', '""') + '"' if any(c in text for c in ';"\n') else text
        rows.append(f"{identity};{time:%Y-%m-%dT%H:%M:%SZ};{person[1]};cellule-crise;{quoted}")
        if fact:
            truth.add(name, "cellule-crise", identity, fact)
    return name, ("\r\n".join(rows) + "\r\n").encode()


def build():
    truth = Truth()
    files = dict(write(random.Random(SEED + index), truth) for index, write in enumerate([element, slack, jsonl, csv]))
    files["planted.jsonl"] = "".join(compact(line) + "\n" for line in truth.lines).encode()
    return files


def main():
    files = build()
    if sys.argv[1:] == ["--check"]:
        stale = [name for name, data in files.items()
                 if not (FOLDER / name).is_file() or (FOLDER / name).read_bytes() != data]
        stale += [path.name for path in sorted(FOLDER.glob("*")) if path.name not in files]
        for name in stale:
            print(f"Corpus/archives/sample/{name} is not what Tools/corpus/sample_archive.py writes; run it again")
        return 1 if stale else 0
    if sys.argv[1:]:
        print(__doc__)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (FOLDER / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
