"""The picture that the README shows: megabytes a second of each engine, on a scale of powers of ten."""
import html
import math
import statistics

WIDTH, LEFT, RIGHT, ROW, TOP = 800, 276, 92, 26, 74
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 16px; font-weight: 600 }
  .small { font-size: 11px; fill: #59636e }
  .line { stroke: #d1d9e0 }
  .own { fill: #0b5fae } .peer { fill: #8c959f } .limit { fill: none; stroke: #8c959f; stroke-dasharray: 3 2 }
  .strong { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .small { fill: #9198a1 } .line { stroke: #3d444d }
    .own { fill: #58a6ff } .peer { fill: #6e7681 } .limit { stroke: #9198a1 }
  }
"""


def draw(rows, title, note):
    """SVG of (name, kind, rates): kind is own, peer or limit; a bar is the median, a line through its end the spread."""
    rows = sorted(((name, kind, statistics.median(rates), min(rates), max(rates)) for name, kind, rates in rows),
                  key=lambda row: -row[2])
    low = math.floor(math.log10(min(row[3] for row in rows)))
    high = math.ceil(math.log10(max(row[4] for row in rows)))
    scale = (WIDTH - LEFT - RIGHT) / (high - low)

    def across(rate):
        return LEFT + (math.log10(rate) - low) * scale
    height = TOP + ROW * len(rows) + 34
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
           f'aria-label="{html.escape(title)}">', f"<style>{STYLE}</style>",
           f'<text class="title" x="12" y="24">{html.escape(title)}</text>',
           f'<text class="small" x="12" y="42">{html.escape(note)}</text>']
    for power in range(low, high + 1):
        x = LEFT + (power - low) * scale
        out.append(f'<line class="line" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 8}" y2="{height - 28}"/>'
                   f'<text class="small" x="{x:.1f}" y="{height - 12}" text-anchor="middle">{label(10 ** power)}</text>')
    for number, (name, kind, median, least, most) in enumerate(rows):
        y = TOP + ROW * number
        strong = " class=\"strong\"" if kind == "own" else ""
        out.append(f'<text{strong} x="{LEFT - 10}" y="{y + 14}" text-anchor="end">{html.escape(name)}</text>'
                   f'<rect class="{kind}" x="{LEFT}" y="{y + 2}" width="{across(median) - LEFT:.1f}" height="15" rx="2"/>'
                   f'<line class="line" x1="{across(least):.1f}" x2="{across(most):.1f}" y1="{y + 9.5}" y2="{y + 9.5}" '
                   f'stroke-width="2"/>'
                   f'<text{strong} x="{across(most) + 8:.1f}" y="{y + 14}">{label(median)}</text>')
    return "\n".join(out + ["</svg>"]) + "\n"


def label(rate):
    if rate >= 1_000:
        return f"{rate / 1e3:.3g} GB/s"
    return f"{rate:.3g} MB/s" if rate >= 1 else f"{rate * 1e3:.3g} kB/s"


def of(figures):
    """The picture of a page's figures: one call a message, all rules, beside the limits of the machine."""
    rows = []
    for name, row in figures["messages"].items():
        if name in ("Vigie, matching", "Vigie, prefilter") or name.endswith("phrases alone"):
            continue
        kind = "own" if name.startswith("Vigie") else "limit" if row["does not see"] == "everything" else "peer"
        rows.append((name.replace(", all rules", "").replace(", whole check", ""), kind, row["MB/s"]))
    for table in ("slow", "disguises"):
        rows += [(name.replace(", all rules", ""), "peer", row["MB/s"]) for name, row in figures.get(table, {}).items()
                 if not name.startswith("Vigie") and "its own" not in name]
    for name, label, kind in (("ripgrep, all rules (whole file)", "ripgrep (whole file)", "peer"),
                              ("reading 256 MiB of memory", "reading memory", "limit")):
        if row := figures["blocks"].get(name):
            rows.append((label, kind, row["MB/s"]))
    return draw(rows, "Checking chat messages for the same markings, one thread",
                f"MB/s, log scale; {figures['cpu']}, kernel {figures['kernel']}. Vigie sees through disguises and judges; "
                "the others only match.")
