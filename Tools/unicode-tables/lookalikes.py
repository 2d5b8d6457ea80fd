"""Look-alikes that UTS #39 lacks or draws otherwise, each group with its reason."""


def pairs(text):
    """"Xy Zw" -> {ord("X"): "y", ord("Z"): "w"}."""
    return {ord(pair[0]): pair[1:] for pair in text.split()}


SHAPES = {}

# Cyrillic whose capital is a Latin capital; the small letter is a small capital of it.
SHAPES |= pairs("вb Вb нh Нh мm Мm тt Тt кk Кk")
# Cyrillic that fake-Cyrillic lettering uses for a Latin letter of like shape.
SHAPES |= pairs("Иn иn Яr яr Шw шw Щw щw Дa дa Эe эe Єe єe Цu цu Пn пn Гr гr Ўy ўy")
# Cyrillic that looks like a digit (з 3, ч 4, б 6) or like b with more on it.
SHAPES |= pairs("З3 з3 Ӡ3 ӡ3 Ч4 ч4 Ҷ4 ҷ4 б6 Бb Ьb ьb Ъb ъb Ѣb ѣb")
# Cyrillic with strokes or hooks, read by the letter beneath; ghe with stroke reads as f.
SHAPES |= pairs("ҒF ғf Ђh ђh Ћh ћh Ѵv ѵv Әe әe Ҽe ҽe Үy үy Ұy ұy ҁc ҀC Һh һh Ԏt ԏt Џu џu ӀI ӏl Ѓr ѓr")
# Greek capitals and small letters of Latin shape; capitals without a twin by lettering habit.
SHAPES |= pairs("βb Βb ꞵb ꞴB εe Εe ζz Ζz κk Κk μm Μm Λa λa Δa δd Σe Ξe ξe ςc ωw Ωo Πn πn Γr γy ηn Ηh")
SHAPES |= pairs("νv Νn υu Υy τt χx ϲc Ϲc ϵe ϱp ϐb ϰk Θo θo ϑo")
# Coptic, drawn as Greek.
SHAPES |= pairs("ⲀA ⲁa ⲂB ⲃb ⲈE ⲉe ⲌZ ⲍz ⲎH ⲏh ⲒI ⲓi ⲔK ⲕk ⲘM ⲙm ⲚN ⲛn ⲞO ⲟo ⲢP ⲣp ⲤC ⲥc ⲦT ⲧt ⲨY ⲩy ⲬX ⲭx")
# Cherokee of Latin shape that UTS #39 leaves out.
SHAPES |= pairs("ᏆI ꮖi")
# Lisu, whose letters are all capitals: UTS #39 writes its I as l.
SHAPES |= pairs("ꓲI")
# Armenian of Latin shape, in the case UTS #39 leaves out.
SHAPES |= pairs("ՕO օo ՍU սu ՏS ոn հh զq ցg յj Լl Տs")
# Turned and reversed letters that are still read upright.
SHAPES |= pairs("ǝe ƎE əe ƏE ɘe ɐa ⱯA ∀A ∃E ɹr ʇt ʞk ᴉi ɜ3 Ɜ3 ɛe ƐE ʒ3 Ʒ3 ɔo ƆO ɯw ƜW ʌa ɅA ∂d ɥh ʎy ʍm ɒa ɞe ɝe ɚe ɻr ɺr ⅎf ℲF")
# Letters close enough to their base: kra, eng, gamma-like, thorn (drawn as p), clicks as bars.
SHAPES |= pairs("ĸk ŋn ŊN þp ÞP ƿp ɑa ⱭA ɡg ꞬG ǀl ǃl ꞁl ꟾl ʟL ɩi ƖI ɪI ʏY ɣy ƔY ʊu ƱU ʃs ʗc ʘo ᴆD ꜧh ꜦH")
# Currency signs made of a struck letter, as lettering generators use them. The euro stays silent.
SHAPES |= pairs("₳A ฿B ₿B ₵C ₣F ₲G ₭K ₥m ₦N ₱P ₴S ₮T ₩W ₸T ₹R ₡C ₫d")
# Thai and Hebrew of lettering generators, where the shape is plain.
SHAPES |= pairs("คa ๒b ๔d เi ๓m ภn ๏o รs ยu ฬw קp")
# Han, Kana and Bopomofo of lettering generators.
SHAPES |= pairs("卂A 乃B 匚C 乇E 千F 卄H 丨l フJ 爪M 几N 卩P 尺R 丂S 乂X 乙Z 山W ㄥL ㄖO ㄒT ㄩU ㄚY")

# What UTS #39 writes as a barred c is a round e (epsilon and its kin) unless it is that letter.
PROTOTYPES = pairs("ꞓe ꞒE")

# Letters of the Latin script that the names do not tell as "X WITH …": eth, sharp s, long s.
LETTERS_OF_LATIN = pairs("ðd ÐD ßss ẞSS ıi ȷj ſs")

# Punctuation as a reader sees it, with the ASCII that stands for it.
PUNCTUATION = {}
PUNCTUATION |= {ord(c): "'" for c in "‘’‚‛′‵ʹʼʻʽˈ´＇ꞌ❛❜"}
PUNCTUATION |= {ord(c): '"' for c in "“”„‟″‶ʺ＂❝❞〝〞"}
PUNCTUATION |= {ord(c): "-" for c in "−‐‑‒–—―⁃﹣－﹘➖˗"}
PUNCTUATION |= {ord(c): "/" for c in "⁄∕⧸／╱"}
PUNCTUATION |= {ord(c): "|" for c in "∣│┃｜❘￨¦"}
PUNCTUATION |= {ord(c): "_" for c in "＿‿"}
PUNCTUATION |= {ord(c): ":" for c in "：∶꞉ː˸﹕"}
PUNCTUATION |= {ord(c): "[" for c in "［⦋〔【"} | {ord(c): "]" for c in "］⦌〕】"}
PUNCTUATION |= {ord("ˌ"): ",", 0xA78F: "."}
# Line ends of Unicode, and the blank Braille pattern, which shows as a space.
PUNCTUATION |= {0x85: "\n", 0x2028: "\n", 0x2029: "\n", 0x2800: " "}

# Signs that UTS #39 takes for letters but that stand in amounts far too often: the euro.
SILENT = {0x20AC}

# The script view: letters that have a symbol of their own or share one.
SCRIPT_LETTERS = (
    "abcdefghijklmnopqrstuvwxyz0123456789@$"
    "αβγδεζηθικλμνξοπρσςτυφχψω"
    "абвгдежзийклмнопрстуфхцчшщъыьэюяіјѕєђћљњџӏһԛԝԁ")

# What looks alike in either case is one symbol; σ and ς, ϐ and β… are one letter.
SCRIPT_GROUPS = [
    "aαа@", "bвβь8", "cсϲ", "dԁ", "eеεєϵё", "hнηһ", "iіιl1ӏı", "jј", "kкκϰ", "mмμ", "nνv", "oоο0",
    "pрρϱ", "qԛ", "rгγ", "sѕ5$", "tтτ7", "uυyу", "wωԝ", "xхχ", "zζ2", "πп", "φфϕ", "θϑѳ", "λл",
    "σς", "з3", "ч4", "б6", "g9", "ий",
]
