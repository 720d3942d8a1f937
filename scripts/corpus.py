#!/usr/bin/env python3
"""Check the marked-up passages in data/passages and data/portrayals, and compile them to labelled rows.

    python scripts/corpus.py check [FILE...]   every problem with file and line
    python scripts/corpus.py build             write data/stance.jsonl, data/sentiment.jsonl and the tables in
                                               data/README.md
    python scripts/corpus.py sheet FILE        the passages without their labels, for a second reader
    python scripts/corpus.py compare READING   where a second reader, whose labels are in data/readings (stance) or
                                               data/readings/portrayals, differs from the passages; the first
                                               comparison is kept in data/agreement.json

The markup is described in data/README.md; labels follow data/CODEBOOK.md.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations
from pathlib import Path

from stance.marks import unmarked
from stance.pairs import roles
from stance.records import Span

DATA = Path(__file__).resolve().parent.parent / "data"
PASSAGES = DATA / "passages"
PORTRAYALS = DATA / "portrayals"
READINGS = DATA / "readings"
AGREEMENT = DATA / "agreement.json"
PAIRS, SENTIMENT = DATA / "stance.jsonl", DATA / "sentiment.jsonl"
README = DATA / "README.md"
TABLES_BEGIN, TABLES_END = "<!-- tables: written by scripts/corpus.py build -->", "<!-- end of tables -->"

#: PLOVER root codes and the quad class each belongs to (PLOVER coding manual).
QUADS = {
    "AGREE": "verbal_cooperation",
    "CONSULT": "verbal_cooperation",
    "SUPPORT": "verbal_cooperation",
    "COOPERATE": "material_cooperation",
    "AID": "material_cooperation",
    "YIELD": "material_cooperation",
    "ACCUSE": "verbal_conflict",
    "REQUEST": "verbal_conflict",
    "REJECT": "verbal_conflict",
    "THREATEN": "verbal_conflict",
    "SANCTION": "material_conflict",
    "PROTEST": "material_conflict",
    "MOBILIZE": "material_conflict",
    "COERCE": "material_conflict",
    "ASSAULT": "material_conflict",
}
SIGNS = {"+": "cooperative", "-": "opposed", "0": "neutral"}
SENTIMENTS = {"+": "positive", "-": "negative", "0": "neutral"}
KINDS = (
    "state",
    "leader",
    "party",
    "armed",
    "police",
    "court",
    "org",
    "company",
    "union",
    "media",
    "church",
    "crowd",
    "person",
)
LETTERS = re.compile(r"[A-Z](?:\+[A-Z])*")  # of whom a mark is
SENTENCE = "§ "  # begins each sentence of an article that is labelled sentence by sentence
HEADER = re.compile(r"= (?P<id>[a-z0-9-]+) \| (?P<topic>[a-z ]+) \| (?P<form>[a-z ]+) \| (?P<tags>[a-z0-9, -]+)")
LABEL = re.compile(
    r"(?P<source>[A-Z])(?P<arrow><?>)(?P<target>[A-Z]) (?P<sign>[-+0])(?: (?P<root>[A-Z]+))?(?: / (?P<predicate>\S.*))?"
)
PORTRAYAL = re.compile(r"(?P<actor>[A-Z]) (?P<sign>[-+0])")
SHINGLE = 5


@dataclass(frozen=True, slots=True)
class Label:
    """One label line: what a source holds toward a target."""

    source: str
    target: str
    stance: str
    root: str | None
    predicate: str | None


@dataclass(slots=True)
class Passage:
    """One marked-up passage; ``spans`` holds offsets into the text without its marks.

    ``portrayals`` is empty where nobody has labelled how the passage portrays its actors. The sentences of one article
    are passages of their own, and share its ``article``.
    """

    path: Path
    line: int
    id: str
    article: str
    topic: str
    form: str
    tags: tuple[str, ...]
    marked: str = ""
    text: str = ""
    kinds: dict[str, str] = field(default_factory=dict)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    labels: dict[tuple[str, str], Label] = field(default_factory=dict)
    portrayals: dict[str, str] = field(default_factory=dict)

    def rows(self) -> Iterator[dict]:
        """Every ordered pair of the passage's actors; a pair without a label line is neutral.

        None in ``data/portrayals``, where only the portrayal of each actor has been labelled.
        """
        if self.path.parent == PORTRAYALS:
            return
        for source, target in permutations(sorted(self.spans), 2):
            own, other, others = roles(self.spans, source, target)
            label = self.labels.get((source, target))
            row = {
                "id": f"{self.id}-{source}{target}",
                "article": self.article,
                "text": self.text,
                "source": {"spans": own},
                "target": {"spans": other},
                "others": {"spans": others},
                "label": label.stance if label else "neutral",
            }
            if label and label.root:
                row |= {"quad": QUADS[label.root], "plover": label.root}
            if label and label.predicate:
                row["predicate"] = label.predicate
            row |= {"source_kind": self.kinds.get(source), "target_kind": self.kinds.get(target)}
            yield row | self._origin()

    def portrayal_rows(self) -> Iterator[dict]:
        """Every actor with its portrayal, where the passage has been labelled for it."""
        for actor, sentiment in sorted(self.portrayals.items()):
            yield {
                "id": f"{self.id}-{actor}",
                "article": self.article,
                "text": self.text,
                "target": {"spans": self.spans[actor]},
                "others": {
                    "spans": sorted({s for own in self.spans.values() for s in own}.difference(self.spans[actor]))
                },
                "label": sentiment,
                "target_kind": self.kinds.get(actor),
            } | self._origin()

    def _origin(self) -> dict:
        return {"topic": self.topic, "form": self.form, "tags": list(self.tags)}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a writer has to mend."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def read(path: Path) -> tuple[list[Passage], list[Problem]]:
    """Read one file of passages; what is wrong with it comes back beside them."""
    passages: list[Passage] = []
    problems: list[Problem] = []
    current: Passage | None = None
    sentences = 0
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.rstrip()

        def problem(message: str, number: int = number) -> None:
            problems.append(Problem(path, number, message))

        if not line or line.startswith("#"):
            continue
        if line.startswith("= "):
            header = HEADER.fullmatch(line)
            if not header:
                problem("header is not '= id | topic | form | tag, tag'")
                current = None
                continue
            tags = tuple(t.strip() for t in header["tags"].split(","))
            current = head = Passage(path, number, header["id"], header["id"], header["topic"], header["form"], tags)
            passages.append(current)
            sentences = 0
        elif current is None:
            problem("line before any header")
        elif line.startswith("! "):
            for item in line[2:].split():
                letter, _, kind = item.partition("=")
                if kind not in KINDS:
                    problem(f"kind {item!r} is not LETTER=one of {', '.join(KINDS)}")
                current.kinds[letter] = kind
        elif line.startswith("~ "):
            for item in line[2:].split():
                letter, _, sign = item.partition("=")
                if sign not in SENTIMENTS or letter in current.portrayals:
                    problem(f"portrayal {item!r} is not LETTER=+, - or 0, or stands twice")
                current.portrayals[letter] = SENTIMENTS.get(sign, "neutral")
        elif line.startswith(SENTENCE) and not head.text:
            if not sentences:
                passages.pop()  # what stands at the head of an article is no passage
            sentences += 1
            current = replace(head, line=number, id=f"{head.id}-s{sentences:02}", labels={}, portrayals={})
            passages.append(current)
            _add_text(current, line.removeprefix(SENTENCE), problem)
        elif label := LABEL.fullmatch(line):
            _add_labels(current, label, problem)
        elif current.text:
            problem("a second line of text, or a label line that is not 'A>B + ROOT / predicate'")
        else:
            _add_text(current, line, problem)
    for passage in passages:
        problems += _audit(passage)
    return passages, problems


def _add_text(passage: Passage, line: str, problem) -> None:
    passage.marked = line
    passage.text, marks = unmarked(line)
    if set("{|") & set(passage.text) or not all(LETTERS.fullmatch(m.name) and m.span.start < m.span.end for m in marks):
        problem("a mark that is not {A|name}")
    spans: dict[str, list[Span]] = defaultdict(list)
    for mark in marks:
        for letter in mark.name.split("+"):
            spans[letter].append(mark.span)
    passage.spans = dict(spans)


def _add_labels(passage: Passage, line: re.Match[str], problem) -> None:
    stance, root = SIGNS[line["sign"]], line["root"]
    if root and root not in QUADS:
        problem(f"unknown PLOVER root {root}")
        return
    if root and QUADS[root].endswith("cooperation") != (stance == "cooperative"):
        problem(f"{root} does not go with {line['sign']}")
    if stance != "neutral" and not (root and line["predicate"]):
        problem("a label of + or - wants a root and a predicate")
    pairs = [(line["source"], line["target"])]
    if line["arrow"] == "<>":
        pairs.append((line["target"], line["source"]))
    for source, target in pairs:
        if source == target or (source, target) in passage.labels:
            problem(f"{source}>{target} labelled twice, or against itself")
        passage.labels[source, target] = Label(source, target, stance, root, line["predicate"])


def _audit(passage: Passage) -> Iterator[Problem]:
    def problem(message: str) -> Problem:
        return Problem(passage.path, passage.line, f"{passage.id}: {message}")

    if not passage.text:
        yield problem("no text")
    if passage.id == passage.article and len(passage.spans) < (1 if passage.portrayals else 2):
        yield problem("too few actors are marked")
    if passage.path.parent == PORTRAYALS and not passage.portrayals:
        yield problem("no line of portrayals")
    if passage.portrayals and passage.portrayals.keys() != passage.spans.keys():
        yield problem("the line of portrayals does not name every actor, or one that is not marked")
    unmarked = {a for pair in passage.labels for a in pair} - passage.spans.keys()
    if unmarked:
        yield problem(f"labelled but not marked: {', '.join(sorted(unmarked))}")
    if missing := passage.spans.keys() - passage.kinds.keys():
        yield problem(f"no kind for {', '.join(sorted(missing))}")


def shingles(text: str) -> set[str]:
    """Runs of five words, in lower case: the fingerprint for near-duplicates."""
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}


def near_duplicates(passages: Iterable[Passage], limit: float = 0.4) -> Iterator[Problem]:
    """Passages that share more than ``limit`` of their five-word runs with an earlier one."""
    holders: dict[str, list[int]] = defaultdict(list)
    seen: list[Passage] = []
    for passage in passages:
        own = shingles(passage.text)
        shared = Counter(i for s in own for i in holders[s])
        if shared:
            other, count = shared.most_common(1)[0]
            if count > limit * len(own):
                yield Problem(passage.path, passage.line, f"{passage.id}: near-duplicate of {seen[other].id}")
        for s in own:
            holders[s].append(len(seen))
        seen.append(passage)


def sources() -> list[Path]:
    """All files of passages."""
    return sorted([*PASSAGES.glob("*.txt"), *PORTRAYALS.glob("*.txt")])


def read_all(paths: Iterable[Path]) -> tuple[list[Passage], list[Problem]]:
    """Read many files, and check across them."""
    passages: list[Passage] = []
    problems: list[Problem] = []
    for path in paths:
        more, wrong = read(path)
        passages += more
        problems += wrong
    first: dict[str, Passage] = {}
    for passage in passages:
        if passage.id in first:
            problems.append(
                Problem(passage.path, passage.line, f"id {passage.id} is taken by {first[passage.id].path.name}")
            )
        first.setdefault(passage.id, passage)
    problems += near_duplicates(passages)
    return passages, problems


def sheet(passages: Iterable[Passage]) -> Iterator[str]:
    """The marked text of each passage, without labels."""
    for passage in passages:
        yield f"{passage.id}: {passage.marked}"


def read_reading(path: Path) -> dict[str, dict[tuple[str, ...], str]]:
    """A second reader's labels: lines ``id: A>B -, C<>D +`` or ``id: A +``; what is not named is neutral."""
    reading: dict[str, dict[tuple[str, ...], str]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        identifier, _, items = line.partition(":")
        labels = reading.setdefault(identifier.strip(), {})
        for item in filter(None, map(str.strip, items.split(","))):
            if portrayal := PORTRAYAL.fullmatch(item):
                labels[(portrayal["actor"],)] = SENTIMENTS[portrayal["sign"]]
            elif label := LABEL.fullmatch(item):
                labels[label["source"], label["target"]] = SIGNS[label["sign"]]
                if label["arrow"] == "<>":
                    labels[label["target"], label["source"]] = SIGNS[label["sign"]]
            else:
                raise SystemExit(f"{path}:{number}: {item!r} is neither 'A>B -' nor 'A -'")
    return reading


def kappa(table: Counter[tuple[str, str]]) -> float:
    """Cohen's kappa of a table of (first label, second label)."""
    total = sum(table.values())
    first, second = Counter(), Counter()
    for (a, b), count in table.items():
        first[a] += count
        second[b] += count
    observed = sum(count for (a, b), count in table.items() if a == b) / total
    chance = sum(first[label] * second[label] for label in first) / total**2
    return (observed - chance) / (1 - chance)


def compare(reading_path: Path) -> None:
    """Print everything on which two readers differ; keep the counts of the first comparison."""
    portrayals = reading_path.parent.name == PORTRAYALS.name
    reading = read_reading(reading_path)
    if portrayals:  # of a batch of its own, or of passages from many batches
        passages = [p for p in read_all(sources())[0] if p.id in reading]
    else:
        passages = read(PASSAGES / reading_path.name)[0]
    if missing := {passage.id for passage in passages} ^ reading.keys():
        raise SystemExit(f"{reading_path}: read and written passages differ: {', '.join(sorted(missing))}")
    table: Counter[tuple[str, str]] = Counter()
    for passage in passages:
        first_labels: dict[tuple[str, ...], str]
        if portrayals:
            first_labels = {(actor,): sentiment for actor, sentiment in passage.portrayals.items()}
        else:
            pairs = permutations(sorted(passage.spans), 2)
            first_labels = {p: passage.labels[p].stance if p in passage.labels else "neutral" for p in pairs}
        for who, first in first_labels.items():
            second = reading[passage.id].get(who, "neutral")
            table[first, second] += 1
            if first != second:
                print(f"{passage.id} {'>'.join(who)}: first {first}, second {second} | {passage.text}")
    print(f"{sum(table.values())} labels, kappa {kappa(table):.3f}")
    name = f"portrayals/{reading_path.stem}" if portrayals else reading_path.stem
    kept = json.loads(AGREEMENT.read_text(encoding="utf-8")) if AGREEMENT.exists() else {}
    if name not in kept:
        kept[name] = {f"{a}/{b}": count for (a, b), count in sorted(table.items())}
        AGREEMENT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def tables(passages: Sequence[Passage]) -> str:
    """The counts for data/README.md, in Markdown."""
    rows = [row for passage in passages for row in passage.rows()]
    stances = [row for row in rows if row["label"] != "neutral"]
    kept = json.loads(AGREEMENT.read_text(encoding="utf-8")) if AGREEMENT.exists() else {}
    readings = {batch: Counter({tuple(k.split("/")): n for k, n in counts.items()}) for batch, counts in kept.items()}
    predicates = len({row.get("predicate") for row in stances})
    portrayals = [row for passage in passages for row in passage.portrayal_rows()]
    texts = {row["text"] for row in rows}
    articles = {passage.article for passage in passages if passage.article != passage.id}
    parts = [
        f"{len(texts)} passages with two actors or more, among them sentences of {len(articles)} whole articles; "
        f"{len(rows)} ordered pairs, {predicates} distinct governing predicates or frames.\n",
        _count_table("label", (row["label"] for row in rows)),
        _cross_table("PLOVER root", "form", [(row["plover"], row["form"]) for row in stances]),
        _cross_table("PLOVER root", "source", [(row["plover"], row["source_kind"]) for row in stances]),
        _cross_table("label", "words between", [(row["label"], _distance(row)) for row in rows]),
        _count_table("construction", (tag for passage in passages for tag in passage.tags), most=40),
        *_agreement({batch: table for batch, table in readings.items() if "/" not in batch}, "pairs"),
        f"{len(portrayals)} portrayals in {len({row['article'] for row in portrayals})} passages.\n",
        _count_table("portrayal", (row["label"] for row in portrayals)),
        _cross_table("portrayal", "kind", [(row["label"], row["target_kind"]) for row in portrayals]),
        *_agreement({batch: table for batch, table in readings.items() if "/" in batch}, "portrayals"),
    ]
    return "\n".join(parts)


def _agreement(readings: Mapping[str, Counter[tuple[str, str]]], what: str) -> Iterator[str]:
    total = sum(readings.values(), Counter())
    if total:
        yield (
            f"Agreement of first and second reader before disagreements were settled: Cohen's kappa {kappa(total):.3f} "
            f"over {sum(total.values())} {what}.\n"
        )
    rows = [(batch, sum(table.values()), f"{kappa(table):.3f}") for batch, table in sorted(readings.items())]
    yield _markdown(("batch", what, "kappa"), rows)


def _distance(row: dict) -> str:
    """How many words stand between the two nearest mentions of source and target."""
    gaps = [
        len(row["text"][min(s[1], t[1]) : max(s[0], t[0])].split())
        for s in row["source"]["spans"]
        for t in row["target"]["spans"]
    ]
    nearest = min(gaps)
    return next(f"{low}-{high}" for low, high in ((0, 2), (3, 5), (6, 10), (11, 20), (21, 999)) if nearest <= high)


def _markdown(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in [head, ["---"] * len(head), *rows])


def _count_table(name: str, values: Iterable[str], most: int | None = None) -> str:
    counts = Counter(values)
    total = sum(counts.values())
    return _markdown((name, "count", "share"), [(v, n, f"{n / total:.1%}") for v, n in counts.most_common(most)])


def _cross_table(name: str, across: str, cells: Sequence[tuple[str, str]]) -> str:
    counts = Counter(cells)
    columns = sorted({column for _, column in cells}, key=lambda c: (len(c), c) if across == "words between" else c)
    rows = [(row, *(counts[row, column] for column in columns)) for row in sorted({row for row, _ in cells})]
    return _markdown((f"{name} \\ {across}", *columns), rows)


def write_readme(passages: Sequence[Passage]) -> None:
    """Put the tables between the marks in data/README.md."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(TABLES_BEGIN)
    _, _, after = rest.partition(TABLES_END)
    README.write_text(f"{before}{TABLES_BEGIN}\n{tables(passages)}{TABLES_END}{after}", encoding="utf-8")


def summary(passages: list[Passage]) -> str:
    rows = [row for p in passages for row in p.rows()]
    labels = Counter(row["label"] for row in rows)
    roots = Counter(row.get("plover", "-") for row in rows if row["label"] != "neutral")
    predicates = Counter(row["predicate"] for row in rows if "predicate" in row)
    neutral = labels["neutral"] / max(1, len(rows))
    portrayals = Counter(sentiment for p in passages for sentiment in p.portrayals.values())
    often = ", ".join(f"{p} {n}" for p, n in predicates.most_common(12))
    return (
        f"{len(passages)} passages, {len(rows)} ordered pairs, {neutral:.0%} neutral: {dict(labels)}\n"
        f"roots: {dict(roots.most_common())}\n{len(predicates)} distinct predicates; most often: {often}\n"
        f"{sum(portrayals.values())} portrayals: {dict(portrayals)}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["check", "build", "sheet", "compare"])
    parser.add_argument("files", nargs="*", type=Path)
    args = parser.parse_args()
    if args.command == "compare":
        for path in args.files:
            compare(path)
        return 0
    passages, problems = read_all(args.files or sources())
    for problem in problems:
        print(problem, file=sys.stderr)
    if args.command == "sheet":
        print(*sheet(passages), sep="\n")
        return 0
    print(summary(passages))
    if problems:
        return 1
    if args.command == "build":
        for path, rows in ((PAIRS, Passage.rows), (SENTIMENT, Passage.portrayal_rows)):
            with path.open("w", encoding="utf-8") as out:
                for row in (row for passage in passages for row in rows(passage)):
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
        write_readme(passages)
        print(f"wrote {PAIRS}, {SENTIMENT} and the tables in {README}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
