#!/usr/bin/env python3
"""Makes Corpus/attachments/text: one text in many encodings, and what each must give.

Every byte comes from Python's codecs, so that the result is the same on every machine. Persons and
units are invented.

Run: Tools/corpus/attachments/encoded.py [--check]
"""

import json
import sys

from cases import ROOT, text

FRENCH = ("DIFFUSION RESTREINTE\nCompte rendu de la réunion du 3 mars : les travaux du pont reprennent à la "
          "rentrée, sous la conduite de Camille Servant, cheffe du service des réseaux.\n")
POLISH = ("ZASTRZEŻONE\nNotatka ze spotkania: prace na moście rozpoczną się w październiku, "
          "pod kierunkiem służby drogowej. Życzymy wszystkim miłej pracy.\n")
CZECH = ("VYHRAZENÉ\nZápis z jednání: práce na mostě začnou v říjnu, řídí je silniční služba. "
         "Přílohu obdrží každý účastník.\n")
BULGARIAN = ("ЗА СЛУЖЕБНО ПОЛЗВАНЕ\nПротокол от събранието: работата по моста започва през октомври "
             "под ръководството на пътната служба.\n")
RUSSIAN = ("ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ\nПротокол совещания: работы на мосту начнутся в октябре "
           "под руководством дорожной службы. Копия направляется в архив.\n")
GREEK = ("ΠΕΡΙΟΡΙΣΜΕΝΗΣ ΧΡΗΣΗΣ\nΠρακτικά της συνάντησης: οι εργασίες στη γέφυρα αρχίζουν τον Οκτώβριο "
         "με ευθύνη της υπηρεσίας οδών.\n")
TURKISH = ("HİZMETE ÖZEL\nToplantı tutanağı: köprüdeki çalışmalar ekim ayında başlayacak, işleri yol "
           "müdürlüğü yürütecek. Görüşmek üzere, şimdiden teşekkürler.\n")
JAPANESE = ("取扱注意\n会議の記録です。橋の工事は十月に始まります。道路課が担当します。"
            "よろしくお願いいたします。次の会議は来週の月曜日です。\n")
CHINESE = "内部资料\n会议记录：大桥的工程十月开始，由道路部门负责。下一次会议在下周一举行，请准时参加。\n"
TAIWAN = "內部資料\n會議紀錄：大橋的工程十月開始，由道路部門負責。下一次會議在下週一舉行，請準時參加。\n"
KOREAN = "대외비\n회의 기록입니다. 다리 공사는 시월에 시작합니다. 도로과에서 담당합니다. 다음 회의는 월요일입니다.\n"
HEBREW = "מוגבל\nפרוטוקול הישיבה: העבודות על הגשר יתחילו באוקטובר בניהול מחלקת הדרכים. עותק נשלח לארכיון.\n"

# The name, the codec, the text, the words that must be found, and where if not in the likeliest reading.
TEXTS = [
    ("windows-1252", "cp1252", FRENCH, "réunion du 3 mars"),
    ("latin-9", "iso8859-15", FRENCH, "cheffe du service des réseaux"),
    ("mac-roman", "mac_roman", FRENCH, "DIFFUSION RESTREINTE"),
    ("ebcdic", "cp1140", FRENCH.upper().replace("\n", "\x85"), "DIFFUSION RESTREINTE"),
    ("windows-1250", "cp1250", POLISH, "ZASTRZEŻONE"),
    ("latin-2", "iso8859-2", POLISH, "ZASTRZEŻONE"),
    ("czech-latin-2", "iso8859-2", CZECH, "VYHRAZENÉ"),
    ("windows-1251", "cp1251", BULGARIAN, "ЗА СЛУЖЕБНО ПОЛЗВАНЕ"),
    ("koi8-r", "koi8-r", RUSSIAN, "ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ"),
    ("iso-8859-5", "iso8859-5", RUSSIAN, "ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ"),
    ("windows-1253", "cp1253", GREEK, "ΠΕΡΙΟΡΙΣΜΕΝΗΣ ΧΡΗΣΗΣ"),
    ("iso-8859-7", "iso8859-7", GREEK, "ΠΕΡΙΟΡΙΣΜΕΝΗΣ ΧΡΗΣΗΣ"),
    ("windows-1254", "cp1254", TURKISH, "HİZMETE ÖZEL", "read as ISO-8859-9"),
    ("windows-1255", "cp1255", HEBREW, "מוגבל"),
    ("shift-jis", "cp932", JAPANESE, "取扱注意"),
    ("euc-jp", "euc_jp", JAPANESE, "取扱注意"),
    ("iso-2022-jp", "iso2022_jp", JAPANESE, "取扱注意"),
    ("gb18030", "gb18030", CHINESE, "内部资料"),
    ("big5", "cp950", TAIWAN, "內部資料"),
    ("euc-kr", "euc_kr", KOREAN, "대외비"),
    ("utf-16le-cyrillic", "utf-16-le", RUSSIAN, "ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ"),
    ("utf-16be-cyrillic", "utf-16-be", BULGARIAN, "ЗА СЛУЖЕБНО ПОЛЗВАНЕ"),
    ("utf-16le-chinese", "utf-16-le", CHINESE, "内部资料"),
    ("utf-16be-mark", "utf-16-be", "\ufeff" + GREEK, "ΠΕΡΙΟΡΙΣΜΕΝΗΣ ΧΡΗΣΗΣ"),
    ("utf-32le", "utf-32-le", FRENCH, "DIFFUSION RESTREINTE"),
]
CLEAN = [
    ("clean-windows-1252", "cp1252", "Le déjeuner est à midi, la salle est au deuxième étage.\n", "déjeuner"),
]


def main():
    stale = []
    for name, codec, words, wanted, *where in TEXTS + CLEAN:
        found = text("body-text", wanted, location=where[0] if where else None)
        described = {"file": f"{name}.txt", "texts": [found], "gaps": []}
        files = {
            f"{name}.txt": words.encode(codec),
            f"{name}.txt.case.json": (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode(),
        }
        for file, data in files.items():
            path = ROOT / "text" / file
            if "--check" in sys.argv[1:]:
                if not path.exists() or path.read_bytes() != data:
                    stale.append(file)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    for file in stale:
        print(f"text/{file} is not what Tools/corpus/attachments/encoded.py makes")
    sys.exit(1 if stale else 0)


main()
