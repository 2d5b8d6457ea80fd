#!/usr/bin/env python3
"""Learn from labelled messages which words speak for applied and which for mentioned.

    vigie rules eval Corpus --features | Tools/corpus/fit_wording.py            Rules/wording.yaml
    vigie rules eval Corpus --features | Tools/corpus/fit_wording.py --check    cross-validation only

A logistic regression over the words of each marking's sentence and those around it, with the layout
the engine sees beside them, so that a stamp's lone line is not credited to its words. The
cross-validation prints the accuracy on messages that had no part in the fit, and on sets of messages
by authors who had none, which comes nearer to messages of strangers. Needs scikit-learn and numpy (PyPI).
"""

import argparse
import collections
import json
import pathlib
import random
import sys

import numpy
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "Rules" / "wording.yaml"
# Evidence of layout: learned beside the words, and left to evidence/kinds.yaml.
LAYOUT = set(
    "own-line first-line last-line line-start heading trailing after-colon mid-sentence laughing "
    "all-caps title-case lower-case bracketed portion second-portion repeated caveat filename "
    "subject channel-name header footer label forwarded quoted quote-line code legend placeholder "
    "question ticked unticked defined figures indicators announces asked quotation pictured "
    "text-start other-marking questioned entry".split()
)
STRENGTH = 0.2  # inverse of the penalty on large weights: between 0.1 and 0.5, which did alike
LEAST_COUNT = 2  # messages in which words must stand
LEAST_WEIGHT = 0.06  # what weighs less is left out of the file
EXAMPLE_TRUST = 1.0  # what an example of a rule counts beside a labelled message
LIMIT = 4.0  # the most all words together weigh
SHARE = 1.2  # what of it counts: the usage weight of `wording` in evidence/kinds.yaml
FOLDS = 5
SEED = 3

HEAD = """\
# Words learned from the labelled messages of Corpus: what each weighs on applied (+) against
# mentioned (-) where it stands in the sentence of a marking. Written by Tools/corpus/fit_wording.py;
# not to be edited: label messages and fit again. What a person can name belongs in evidence/.
#
#   w   on either side    <w  before    >w  after    two words: in a row    #  the marking itself
#   ~w  around the sentence, on either side; ~0 a number there
"""


def is_example(row):
    """Whether a row is an example of a rule."""
    return row["id"].startswith("example:")


def features(row):
    """The words of a row as they are written in the file, and its layout after an @."""
    before, after = row["before"], row["after"]
    words = [word for word in before + after if word.isalnum()]
    found = set(words)
    found |= {"<" + word for word in before if word.isalnum()}
    found |= {">" + word for word in after if word.isalnum()}
    run = before + ["#"] + after
    found |= {"~0" if word.isdigit() else "~" + word for word in row["near"] if word.isalnum()}
    found |= {f"{a} {b}" for a, b in zip(run, run[1:]) if (a + b).replace("#", "").isalnum()}
    return found | {"@" + name for name in row["evidence"] if name in LAYOUT}


def fit(rows):
    """The names and weights learned from some rows."""
    counts = collections.Counter(name for row in rows for name in features(row))
    names = sorted(name for name, count in counts.items() if count >= LEAST_COUNT)
    index = {name: place for place, name in enumerate(names)}
    cells = [
        (line, index[name]) for line, row in enumerate(rows) for name in features(row)
        if name in index
    ]
    lines, columns = zip(*cells)
    matrix = csr_matrix((numpy.ones(len(cells)), (lines, columns)), (len(rows), len(names)))
    usage = [row["usage"] == "applied" for row in rows]
    trust = [EXAMPLE_TRUST if is_example(row) else 1 for row in rows]
    model = LogisticRegression(C=STRENGTH, max_iter=4000).fit(matrix, usage, trust)
    return {name: weight for name, weight in zip(names, model.coef_[0]) if name[0] != "@"}


def learned(row, weights):
    """What the words of a row weigh together."""
    return max(-LIMIT, min(LIMIT, sum(weights.get(name, 0) for name in features(row))))


def author(row):
    """The set of messages a row is from, whatever its language: one author wrote each."""
    return "-".join(row["id"].split("-")[1:-1])


def cross_validate(rows, group, words):
    """Prints the usage accuracy with and without the words, on groups left out of the fit."""
    names = sorted({group(row) for row in rows if not is_example(row)})
    random.Random(SEED).shuffle(names)
    fold = {name: place % FOLDS for place, name in enumerate(names)}
    alone = together = 0
    count = sum(not is_example(row) for row in rows)
    for left_out in range(FOLDS):
        weights = fit([row for row in rows if fold.get(group(row)) != left_out])
        for row in rows:
            if not is_example(row) and fold[group(row)] == left_out:
                is_applied = row["usage"] == "applied"
                alone += (row["logit"] >= 0) == is_applied
                together += (row["logit"] + SHARE * learned(row, weights) >= 0) == is_applied
    print(
        f"{count} labels, {words} left out in turn: usage right {alone / count:.4f} by evidence, "
        f"{together / count:.4f} with learned words",
        file=sys.stderr,
    )


def main():
    """Reads rows, checks, and writes the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="cross-validate, write nothing")
    arguments = parser.parse_args()
    # Disguised lines are other lines over again: their sentences would count many times.
    rows = [json.loads(line) for line in sys.stdin if line.strip()]
    rows = [row for row in rows if not row["id"].startswith("xd-")]
    if not rows:
        sys.exit("fit_wording.py: no rows on standard input; see --help")
    cross_validate(rows, lambda row: row["id"], "messages")
    cross_validate(rows, author, "authors")
    if arguments.check:
        return
    kept = sorted((n, w) for n, w in fit(rows).items() if abs(w) >= LEAST_WEIGHT)
    lines = [f"  {json.dumps(name, ensure_ascii=False)}: {weight:.2f}\n" for name, weight in kept]
    OUTPUT.write_text(HEAD + f"limit: {LIMIT}\nweights:\n" + "".join(lines), encoding="utf-8")
    print(f"{OUTPUT.relative_to(ROOT)}: {len(kept)} entries", file=sys.stderr)


if __name__ == "__main__":
    main()
