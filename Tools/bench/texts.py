#!/usr/bin/env python3
"""Texts to measure on: synthetic chat from fixed word lists and a fixed seed, or JSONL files."""
import json
import math
import random
import struct

SEED = 20_261_125
# (share, bytes): the sizes of chat messages, from a count over 2.6 million of them.
SIZES = [(0.0, 4), (0.1, 20), (0.5, 70), (0.9, 360), (0.99, 1_837), (0.999, 6_136), (1.0, 9_000)]
PLANT_SHARE = 0.01

FRENCH = """le la les un une des de du et à en pour pas que qui dans sur avec on nous vous je il elle est
sont était sera avoir être faire dire voir venir prendre demain aujourd'hui hier lundi mardi mercredi
jeudi vendredi matin soir semaine mois année réunion dossier équipe projet réponse question problème
version serveur fichier écran café bureau salle étage bâtiment train voiture réseau accès compte
nouveau nouvelle petit grande bonne dernière première même autre chaque plusieurs très déjà encore
toujours jamais peut-être merci bonjour bonsoir désolé d'accord c'est j'ai qu'il n'est l'heure l'idée
relire préparer envoyer vérifier terminer commencer corriger attendre trouver chercher appeler
proposer tâche budget référence sécurité document note point liste travail collègue directeur
stagiaire formation présentation calendrier congé agence département préfecture mairie école hôpital
marché commande facture fenêtre lumière température météo soleil pluie forêt montagne rivière
développement intégration déploiement résultat données modèle système procédure règle 
général spécial interne externe possible nécessaire différent certain important français européen
relais restaurant cantine entrée plat dessert fromage œuvre sœur cœur naïf où ça là voilà non oui si
mais ou donc or ni car lors puis ensuite après avant pendant depuis jusque chez entre sans sous""".split()
ENGLISH = """the a an of and to in for not that which on with we you I he she it is are was will have be do
say see come take tomorrow today yesterday monday tuesday wednesday thursday friday morning evening
week month year meeting file team project answer question problem version server screen coffee
office room floor building train car network access account new small large good last first same
other each several very already still always never maybe thanks hello sorry agreed let's don't it's
review prepare send check finish start fix wait find search call propose task budget reference
security document note point list work colleague manager intern training slides calendar leave
agency department council school hospital market order invoice window light temperature weather sun
rain forest mountain river build merge deploy result data model system process rule release general
special internal external possible needed different certain important restaurant lunch dessert
cheese test branch commit error warning function value type string number loop memory thread cache
latency public room clear yes no but or so then after before during since until between without under""".split()
# Other scripts: Cyrillic, Greek, Arabic, Chinese, Japanese.
OTHER = """и в не на я он что это как мы вы они но за по из сегодня завтра встреча документ вопрос сервер проект спасибо
και το να είναι για με θα δεν από στο αύριο σήμερα έγγραφο ερώτηση έργο ευχαριστώ
في من على إلى هذا غدا اليوم اجتماع وثيقة سؤال مشروع شكرا 我们 今天 明天 会议 文件 问题 项目 谢谢 ありがとう 会議 資料 明日""".split()
# Words of rules in their ordinary sense, one word in three hundred.
RULE_WORDS = """officiel confidentiel secret restreint diffusion interne official secret restricted
confidential classified marked limited sensitive""".split()
RULE_WORD_SHARE = 1 / 300
EMOJI = ["🙂", "👍", "😂", "🎉", "🚀", "❤️", "🙏", "☕"]
PLANTS = [
    "DIFFUSION RESTREINTE\n", "D I F F U S I O N  R E S T R E I N T E ", "NATO RESTRICTED\n",
    "OFFICIAL-SENSITIVE: ", "RESTREINT UE/EU RESTRICTED\n", "VS-NUR FÜR DEN DIENSTGEBRAUCH\n",
    "TLP:AMBER ", "CUI//SP-PRVCY\n", "dіffusіon rеstrеіntе ", "D1FFUSI0N R3STR31NT3 ",
    "la mention Diffusion Restreinte se place en haut de page ",
]


def size(rng):
    share = rng.random()
    for (low, small), (high, large) in zip(SIZES, SIZES[1:]):
        if share <= high:
            part = (share - low) / (high - low)
            return int(math.exp(math.log(small) + part * (math.log(large) - math.log(small))))
    return SIZES[-1][1]


def message(rng, byte_count, words, emoji, rule_words=RULE_WORD_SHARE):
    parts, count = [], 0
    left = 0
    while count < byte_count:
        word = rng.choice(words)
        if left == 0:
            left = rng.randint(4, 16)
            word = word[0].upper() + word[1:]
        left -= 1
        if rng.random() < rule_words:
            word = rng.choice(RULE_WORDS)
        if rng.random() < 0.02:
            word = str(rng.choice([rng.randint(1, 31), rng.randint(2_000, 2_030), rng.randint(1, 99_999)]))
        if left == 0:
            end = rng.choices([".", " ?", " !", ",", "\n", " :"], [60, 10, 8, 10, 10, 2])[0]
            word += end
            if emoji and rng.random() < 0.3:
                word += " " + rng.choice(EMOJI)
        parts.append(word)
        count += len(word.encode()) + 1
    return " ".join(parts)


def generate(byte_count, language="mix", sizes=None, plants=PLANT_SHARE, rule_words=RULE_WORD_SHARE, seed=SEED):
    """Messages of a total size; `language` is fr, en, mix or other, `sizes` a (least, most) or None.

    `plants` is the share of messages that hold a marking, `rule_words` that of words that rules know too.
    """
    rng = random.Random(f"{seed} {language} {sizes}")
    texts, total = [], 0
    while total < byte_count:
        kind = language if language != "mix" else rng.choices(["fr", "en", "both"], [45, 45, 10])[0]
        words = {"fr": FRENCH, "en": ENGLISH, "both": FRENCH + ENGLISH, "other": OTHER}[kind]
        wanted = rng.randint(*sizes) if sizes else size(rng)
        text = message(rng, wanted, words, emoji=language == "mix" and rng.random() < 0.2, rule_words=rule_words)
        if plants and rng.random() < plants:
            plant = rng.choice(PLANTS)
            cut = text.find(" ", rng.randrange(len(text))) + 1
            text = plant + text if rng.random() < 0.5 else text[:cut] + plant + text[cut:]
        data = text.encode()
        texts.append(data)
        total += len(data)
    return texts


def from_jsonl(paths, byte_count):
    """The bodies in JSONL files, up to a total size, in the order of the files' lines."""
    texts, total = [], 0
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                value = json.loads(line)
                text = value.get("body") or value.get("text") or value.get("content")
                if not isinstance(text, str) or not text:
                    continue
                # Labelled messages bear ⟦ ⟧ around their markings.
                data = text.replace("⟦", "").replace("⟧", "").encode("utf-8", "replace")
                texts.append(data)
                total += len(data)
                if total >= byte_count:
                    return texts
    return texts


def write_records(path, texts):
    with open(path, "wb") as file:
        for text in texts:
            file.write(struct.pack("<I", len(text)) + text)


if __name__ == "__main__":
    import sys

    # Turns JSONL files into records: texts.py OUT FILE.jsonl …
    if len(sys.argv) < 3 or sys.argv[1].startswith("-"):
        sys.exit("usage: texts.py OUT FILE.jsonl …")
    write_records(sys.argv[1], from_jsonl(sys.argv[2:], 1 << 40))
