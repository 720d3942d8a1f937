#!/usr/bin/env python3
"""Check the lexicons of stances and of portrayals, stance/*.tsv, whose columns stance/lexicon.py describes.

python scripts/lexicon.py check    every problem with its line, and the counts
python scripts/lexicon.py sort     put the lines in order and drop those that stand twice
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

LEXICONS = [Path(__file__).resolve().parent.parent / "stance" / f"{name}.tsv" for name in ("lexicon", "portrayal")]
COLUMNS = ("predicate", "pos", "side", "strength", "direction", "root")
POS = ("verb", "noun", "adj", "adv")
SIDES = ("+", "-", "~", "0")
STRENGTHS = ("1", "2", "3")
DIRECTIONS = (">", "<", "=")
COOPERATIVE = ("AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "YIELD")
OPPOSED = ("ACCUSE", "REQUEST", "REJECT", "THREATEN", "SANCTION", "PROTEST", "MOBILIZE", "COERCE", "ASSAULT")
ROOTS = {"+": (*COOPERATIVE, "-"), "-": (*OPPOSED, "-"), "~": (*COOPERATIVE, *OPPOSED, "-"), "0": ("-",)}


def problems(lines: Sequence[str]) -> Iterator[str]:
    """What is wrong, by line."""
    sides: dict[tuple[str, str], tuple[str, int]] = {}
    seen: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(lines, 1):
        cells = line.split("\t")
        if len(cells) != len(COLUMNS):
            yield f"{number}: {len(cells)} columns; expected {', '.join(COLUMNS)}"
            continue
        predicate, pos, side, strength, direction, root = cells
        if predicate != " ".join(predicate.lower().split()) or not predicate:
            yield f"{number}: {predicate!r} is not in lower case with single spaces"
        for value, allowed in ((pos, POS), (side, SIDES), (strength, STRENGTHS), (direction, DIRECTIONS)):
            if value not in allowed:
                yield f"{number}: {value!r} is none of {', '.join(allowed)}"
        if root not in ROOTS.get(side, ()):
            yield f"{number}: {predicate}: root {root} does not go with side {side}"
        if first := seen.get((predicate, pos, side, direction)):
            yield f"{number}: {predicate} ({pos}, {side}, {direction}) stands in line {first} too"
        seen.setdefault((predicate, pos, side, direction), number)
        if side in "+-":  # a verb may be to the credit of its subject and not of its object ("expose")
            other, first = sides.setdefault((predicate, direction), (side, number))
            if other != side:
                yield f"{number}: {predicate} is {side}, but {other} in line {first}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["check", "sort"])
    command = parser.parse_args().command
    sound = True
    for path in LEXICONS:
        lines = path.read_text(encoding="utf-8").splitlines()
        if command == "sort":
            path.write_text("".join(f"{line}\n" for line in sorted(set(lines))), encoding="utf-8")
            continue
        found = [*problems(lines)]
        sound = sound and not found
        for problem in found:
            print(f"{path.name}:{problem}", file=sys.stderr)
        cells = [line.split("\t") for line in lines]
        counts = [Counter(row[column] for row in cells if len(row) == len(COLUMNS)) for column in (1, 2, 5)]
        print(
            f"{path.name}: {len(lines)} entries; pos {dict(counts[0])}; side {dict(counts[1])}; root {dict(counts[2])}"
        )
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
