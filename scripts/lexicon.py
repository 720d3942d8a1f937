#!/usr/bin/env python3
"""Check the stance lexicon, stance/lexicon.tsv, whose columns stance/lexicon.py describes.

python scripts/lexicon.py check    every problem with its line, and the counts
python scripts/lexicon.py sort     put the lines in order and drop those that stand twice
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

LEXICON = Path(__file__).resolve().parent.parent / "stance" / "lexicon.tsv"
COLUMNS = ("predicate", "pos", "side", "strength", "direction", "root")
POS = ("verb", "noun", "adj")
SIDES = ("+", "-", "~", "0")
STRENGTHS = ("1", "2", "3")
DIRECTIONS = (">", "<", "=")
COOPERATIVE = ("AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "YIELD")
OPPOSED = ("ACCUSE", "REQUEST", "REJECT", "THREATEN", "SANCTION", "PROTEST", "MOBILIZE", "COERCE", "ASSAULT")
ROOTS = {"+": (*COOPERATIVE, "-"), "-": (*OPPOSED, "-"), "~": (*COOPERATIVE, *OPPOSED, "-"), "0": ("-",)}


def problems(lines: Sequence[str]) -> Iterator[str]:
    """What is wrong, by line."""
    sides: dict[str, tuple[str, int]] = {}
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
        if first := seen.get((predicate, pos, side)):
            yield f"{number}: {predicate} ({pos}, {side}) stands in line {first} too"
        seen.setdefault((predicate, pos, side), number)
        if side in "+-":
            other, first = sides.setdefault(predicate, (side, number))
            if other != side:
                yield f"{number}: {predicate} is {side}, but {other} in line {first}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["check", "sort"])
    command = parser.parse_args().command
    lines = LEXICON.read_text(encoding="utf-8").splitlines()
    if command == "sort":
        LEXICON.write_text("".join(f"{line}\n" for line in sorted(set(lines))), encoding="utf-8")
        return 0
    found = [*problems(lines)]
    for problem in found:
        print(f"{LEXICON.name}:{problem}", file=sys.stderr)
    counts = Counter((cells[1], cells[2]) for cells in (line.split("\t") for line in lines) if len(cells) > 2)
    print(f"{len(lines)} entries:", ", ".join(f"{pos} {side} {count}" for (pos, side), count in sorted(counts.items())))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
