"""The page that `run` prints, and the same figures as JSON."""
import json
import statistics

from contenders import REFERENCE_BANDWIDTH, left_out, spread


class Page:
    """Markdown, printed as it grows, and every figure in it by name."""

    def __init__(self):
        self.lines, self.figures = [], {}

    def write(self, *lines):
        self.lines += lines
        print("\n".join(lines), flush=True)

    def save(self, folder):
        (folder / "results.md").write_text("\n".join(self.lines) + "\n", encoding="utf-8")
        (folder / "results.json").write_text(json.dumps(self.figures, indent=1, ensure_ascii=False) + "\n",
                                             encoding="utf-8")

    def write_left_out(self):
        if words := left_out.take():
            self.write(words.rstrip("\n"))

    def compare(self, key, title, rows, measured, base, note=""):
        """A table of ratios; `rows` as `contenders.compare` takes them, each with what it does not see."""
        self.write(f"\n## {title}\n")
        if note:
            self.write(note + "\n")
        self.write("| engine | time ÷ Vigie's: median (min…max) | MB/s: median (min…max) | hits | rules | does not see |",
                   "|---|---|---|---|---|---|")
        kept = self.figures.setdefault(key, {})
        for name, (program, _, blind) in rows.items():
            taken = measured[name]
            ratios = [(seconds / size) / (own[0] / own[1])
                      for (seconds, size, _), own in zip(taken, measured[base])]
            rates = [size / seconds / 1e6 for seconds, size, _ in taken]
            ahead = " **faster**" if not name.startswith("Vigie") and statistics.median(ratios) < 1 else ""
            self.write(f"| {name} | {spread(ratios)}{ahead} | {spread(rates, 1)} | {taken[-1][2]:,} | "
                       f"{program.rules or '—'} | {blind} |")
            kept[name] = {"time over Vigie's": ratios, "MB/s": rates, "hits": taken[-1][2], "rules": program.rules,
                          "does not see": blind}
        faster = [name for name, row in kept.items() if "Vigie" not in name and row["does not see"] != "everything"
                  and statistics.median(row["time over Vigie's"]) < 1]
        if faster:
            self.write("\nFaster than Vigie's whole check here: " + "; ".join(faster) + ".")
        self.write_left_out()

    def preparation(self, rows):
        """What authors of servers ask: how long does it take to load all rules?"""
        names = {}
        for name, (program, *_) in rows.items():
            if program.rules:
                names.setdefault(program, name)
        self.write("\nUntil it can begin (s of processor time: reading the rules, finding out which it takes, compiling): "
                   + "; ".join(f"{name} {program.preparation:.1f}" for program, name in names.items()) + ".")
        self.figures["preparation"] = {name: program.preparation for program, name in names.items()}

    def latency(self, vigie, sets, passes, scale):
        self.write("\n## Latency of one message: the whole check, from the call to the verdict (ns, wall)\n",
                   "| text | messages | mean bytes | single p50 | p90 | p99 | p99.9 | best of 5 p50 | p90 | p99 | p99.9 |",
                   "|---|---|---|---|---|---|---|---|---|---|---|")
        clock = 0
        kept = self.figures.setdefault("latency", {})
        for name, path in sets:
            numbers = [int(n) for n in vigie.ask(f"latency {path} {passes}")]
            count, size, clock = numbers[:3]
            self.write(f"| {name} | {count:,} | {size / max(count, 1):,.0f} | "
                       + " | ".join(f"{n:,}" for n in numbers[3:]) + " |")
            kept[name] = dict(zip(["p50", "p90", "p99", "p99.9", "best p50", "best p90", "best p99", "best p99.9"],
                                  numbers[3:]), messages=count, bytes=size)
        self.write(f"\nEach figure holds one reading of the clock, {clock} ns here. The bars below are for 200 B, on a "
                   f"quiet machine that reads {REFERENCE_BANDWIDTH:.0f} GB/s (this one: times {scale:.2f}).")

    def bars(self, kernel):
        """The bars of the project beside what was measured; half the rates where there is no AVX-512."""
        half = 1 if kernel == "avx512" else 2
        each, large = self.figures["messages"], self.figures["blocks"]
        own, base = "Vigie, whole check", statistics.median
        rows = []

        def rate(name, bar, value, unit):
            rows.append((name, f"≥ {bar / half:g} {unit}", f"{value:,.2f} {unit}", value >= bar / half))

        def at_most(name, bar, value, unit):
            rows.append((name, f"≤ {bar * half:,} {unit}", f"{value:,} {unit}", value <= bar * half))

        def ratio(table, engine, name, bar):
            row = self.figures.get(table, {}).get(engine)
            if row:
                value = base(row["time over Vigie's"])
                rows.append((name, f"≥ {bar / half:g} ×", f"{value:,.2f} ×", value >= bar / half))
        rate("natural chat", 1, base(each[own]["MB/s"]) / 1e3, "GB/s")
        rate("natural chat", 5, self.figures["messages a second"] / 1e6, "million messages/s")
        if two_hundred := self.figures.get("latency", {}).get("200 B"):
            at_most("200-byte message, p50", 200, two_hundred["p50"], "ns")
            at_most("200-byte message, p99", 1_500, two_hundred["p99"], "ns")
            at_most("200-byte message, p99.9", 3_000, two_hundred["p99.9"], "ns")
        rate("large text", 1, base(large[own]["MB/s"]) / 1e3, "GB/s")
        if memory := self.figures.get("memory GB/s"):
            rate("share of memory read", 8, base(large[own]["MB/s"]) / 1e3 / memory * 100, "%")
        for engine, bar in (("Hyperscan, all rules", 4), ("RE2::Set, all rules", 4), ("PCRE2-JIT loop, all rules", 60),
                            ("YARA, all rules", 250)):
            ratio("messages", engine, engine, bar)
        ratio("blocks", "ripgrep, all rules (whole file)", "ripgrep, all rules", 25)
        disguised = next((name for name in self.figures.get("disguises", {}) if name.startswith("Hyperscan")), "")
        ratio("disguises", disguised, disguised, 80)
        ratio("slow", "Presidio, all rules", "Presidio, all rules", 4_000)
        self.write("\n## The bars\n", f"Half of these where the processor has no AVX-512 (here: {kernel}).\n",
                   "| what | bar | here | holds |", "|---|---|---|---|")
        self.write(*(f"| {name} | {bar} | {here} | {'yes' if holds else '**no**'} |" for name, bar, here, holds in rows))
        self.figures["bars"] = [{"what": name, "bar": bar, "here": here, "holds": holds}
                                for name, bar, here, holds in rows]
