"""The inputs of the Unicode tables: the Unicode Character Database and the confusables."""
import ctypes
import hashlib
import re
import sys

END = 0x110000


class Database:
    """The parts of the Unicode Character Database that folding needs."""

    def __init__(self, directory):
        self.digest = hashlib.sha256()
        self.name, self.category, self.parts, self.compatible = {}, {}, {}, set()
        self.decimal, self.number, self.up, self.down = {}, {}, {}, {}
        start = None
        for line in self.read(directory / "UnicodeData.txt"):
            field = line.split(";")
            code = int(field[0], 16)
            if field[1].endswith(", First>"):
                start = code
                continue
            first = code
            if field[1].endswith(", Last>"):
                first = start
            for scalar in range(first, code + 1):
                self.name[scalar], self.category[scalar] = field[1], field[2]
            if field[5]:
                words = field[5].split()
                if words[0].startswith("<"):
                    self.compatible.add(code)
                    words = words[1:]
                self.parts[code] = [int(word, 16) for word in words]
            if field[6]:
                self.decimal[code] = int(field[6])
            if field[8].isdigit():
                self.number[code] = int(field[8])
            if field[12]:
                self.up[code] = int(field[12], 16)
            if field[13]:
                self.down[code] = int(field[13], 16)
        self.by_name = {name: code for code, name in self.name.items()}
        self.sets = {}
        scripts = self.ranges(directory / "Scripts.txt")
        self.script = {code: name for name, codes in scripts.items() for code in codes}
        for file in ["DerivedCoreProperties.txt", "PropList.txt"]:
            self.sets.update(self.ranges(directory / file))
        self.version = re.search(
            r"-(\d+\.\d+\.\d+)", (directory / "Scripts.txt").read_text("utf-8")).group(1)

    def read(self, path):
        text = path.read_text("utf-8")
        lines = [line.split("#")[0].strip() for line in text.splitlines()]
        lines = [line for line in lines if line]
        self.digest.update("\n".join([path.name] + lines + [""]).encode())
        return lines

    def ranges(self, path):
        result = {}
        for line in self.read(path):
            field = [part.strip() for part in line.split(";")]
            ends = [int(end, 16) for end in field[0].split("..")]
            result.setdefault(field[1], set()).update(range(ends[0], ends[-1] + 1))
        return result

    def gc(self, code):
        return self.category.get(code, "Cn")

    def decompose(self, code):
        """NFKD without reordering, which does not matter once the marks are gone."""
        if code not in self.parts:
            return [code]
        return [part for first in self.parts[code] for part in self.decompose(first)]

    def is_compatibility(self, code):
        return code in self.compatible or (
            code in self.parts and any(self.is_compatibility(part) for part in self.parts[code]))

    def silent(self, code):
        return self.gc(code)[0] == "M" or code in self.sets["Default_Ignorable_Code_Point"]


class Confusables:
    """UTS #39 skeletons through ICU's C interface."""

    def __init__(self, major=72):
        library = ctypes.CDLL(f"libicui18n.so.{major}")
        status = ctypes.c_int(0)
        opener = getattr(library, f"uspoof_open_{major}")
        opener.restype = ctypes.c_void_p
        self.checker = opener(ctypes.byref(status))
        self.function = getattr(library, f"uspoof_getSkeletonUTF8_{major}")
        self.function.argtypes = [
            ctypes.c_void_p, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_int32, ctypes.c_char_p,
            ctypes.c_int32, ctypes.POINTER(ctypes.c_int)]
        self.major = major
        self.table = {c: self.ask(chr(c)) for c in range(END) if not 0xD800 <= c < 0xE000}
        changed = [f"{c:X} {s}\n" for c, s in self.table.items() if s != chr(c)]
        self.digest = hashlib.sha256("".join(changed).encode()).hexdigest()

    def ask(self, text):
        data, out, status = text.encode(), ctypes.create_string_buffer(256), ctypes.c_int(0)
        size = self.function(self.checker, 0, data, len(data), out, 256, ctypes.byref(status))
        if status.value > 0:
            sys.exit(f"ICU error {status.value}")
        return out.raw[:size].decode()
