#!/usr/bin/env python3
"""What Tools/bench/instructions makes of profiles and of figures: above all that it can fail."""
import contextlib
import io
import pathlib
import sys
import tempfile
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

sys.dont_write_bytecode = True
loader = SourceFileLoader("instructions", str(pathlib.Path(__file__).with_name("instructions")))
instructions = module_from_spec(spec_from_loader("instructions", loader))
loader.exec_module(instructions)

PROFILE = """# callgrind format
positions: line
events: Ir
summary: 1060

ob=(1) /build/vigie-bench
fl=(1) ???
fn=(1) $s7example4passyyF
0 100
+3 200
cob=(2) /lib/libc.so.6
cfi=(2) memcpy.S
cfn=(2) memcpy
calls=7 0
0 700
* 10

fn=(3) $s7example4passyyF'2
0 40

ob=(2)
fl=(2)
fn=(2)
0 700

ob=(3) ???
fl=(1)
fn=(4) 0x00000000048f6000
0 10
totals: 1060
"""


def row(own, swift=0, system=0, findings=3, **functions):
    return {"bytes": 100, "findings": findings, "own": own, "swift": swift, "system": system, "functions": functions}


def judged(new, old, is_same_system=True):
    """The rows that are said to have grown, and what was printed."""
    words = io.StringIO()
    with contextlib.redirect_stdout(words):
        grown = instructions.judge({"avx2": {"text": new}}, {"avx2": {"text": old} if old else {}}, is_same_system)
        instructions.explain(grown)
    return len(grown), words.getvalue()


class Profiles(unittest.TestCase):
    def test_counts_what_each_function_took_itself(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "out")
            path.write_text(PROFILE)
            counts = instructions.read_profile(path)
        self.assertEqual(sum(counts.values()), 1_060)
        made = instructions.row(counts, bytes=1)
        self.assertEqual((made["own"], made["swift"], made["system"]), (350, 0, 710))
        self.assertEqual(made["functions"], {"$s7example4passyyF": 350, "memcpy": 700, "(patterns, compiled)": 10})


class Judging(unittest.TestCase):
    def test_five_percent_pass_and_more_does_not(self):
        self.assertEqual(judged(row(1_050), row(1_000))[0], 0)
        self.assertEqual(judged(row(1_051), row(1_000))[0], 1)

    def test_growth_anywhere_counts(self):
        self.assertEqual(judged(row(500, 300, 300), row(500, 300, 200))[0], 1)
        self.assertEqual(judged(row(500, 400, 200), row(500, 300, 200))[0], 1)

    def test_code_of_another_system_does_not_count(self):
        self.assertEqual(judged(row(500, 300, 300), row(500, 300, 200), is_same_system=False)[0], 0)
        self.assertEqual(judged(row(600, 300, 100), row(500, 300, 200), is_same_system=False)[0], 1)

    def test_names_the_function_that_grew(self):
        _, words = judged(row(1_200, pass_=900, judge=300), row(1_000, pass_=700, judge=300))
        self.assertIn("700 → 900  pass_", words)
        self.assertNotIn("judge", words)

    def test_a_text_without_figure_fails(self):
        self.assertEqual(judged(row(1_000), None)[0], 1)

    def test_says_where_findings_differ(self):
        self.assertIn("findings 3 → 4", judged(row(1_000, findings=4), row(1_000))[1])


if __name__ == "__main__":
    unittest.main()
