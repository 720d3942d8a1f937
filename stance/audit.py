"""Behavioural tests of a model, in the manner of CheckList (Ribeiro et al., *Beyond Accuracy*, ACL 2020).

A case is two passages that differ in one thing; the cases stand in ``data/audit`` and are never trained on::

    = passive-001 | state | Europe
    - {S|Norway} fined {T|the Harbour League}.
    - {T|The Harbour League} was fined by {S|Norway}.

A header holds id (whose first word is the test), kind of the source and region; a line holds what the source is toward
the target (``+``, ``-`` or ``0``) and the passage, with ``{S|…}``, ``{T|…}`` and ``{O|…}`` for further actors. Cases of
sentiment, in ``data/audit/sentiment``, have no source: the sign says how the passage portrays the target.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.errors import CorpusError, Problem
from stance.marks import unmarked
from stance.model import StanceModel
from stance.records import SIDES, Answer, Pair, Span

TESTS: Mapping[str, str] = {
    "swap": "source and target exchanged: both directions right",
    "opposite": "two actors portrayed in opposite ways: both right",
    "contrast": "of two actors one is portrayed well or badly: both right",
    "passive": "active and passive: the same stance",
    "turner": "a turner or negation added: the turned label right",
    "clause": "an irrelevant clause added: the same label",
    "attribution": "somebody else says so: the same label",
    "tense": "another tense: the same label",
    "number": "singular and plural: the same label",
    "rename": "all actors renamed: the same probabilities, exactly",
}
_BOTH_RIGHT, _SECOND_RIGHT = {"swap", "opposite", "contrast"}, {"turner"}
_SIGNS = "+-0"
_ROLES = frozenset("STO")
_OTHER_NAMES = ("Xanthia", "the Brumal Accord", "Oduya", "Colonel Itzak Vern", "the Lower Fens Assembly")


@dataclass(frozen=True, slots=True)
class Case:
    """Two passages with the stance, or the sentiment, that each shows."""

    id: str
    kind: str
    region: str
    first: Pair
    second: Pair
    expected: tuple[str, str]

    @property
    def test(self) -> str:
        return self.id.split("-")[0]

    @property
    def task(self) -> str:
        return self.first.task


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that the model got wrong, with what it said of both passages."""

    case: Case
    answers: tuple[Answer, Answer]

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.case.id,
            "texts": [self.case.first.text, self.case.second.text],
            "expected": list(self.case.expected),
            "answers": [answer.label for answer in self.answers],
        }


@dataclass(frozen=True, slots=True)
class TestResult:
    """How one test went: cases, those passed, and the failures."""

    __test__ = False  # no test of ours, whatever pytest thinks

    test: str
    n: int
    passed: int
    failures: tuple[Failure, ...]

    @property
    def rate(self) -> float:
        return self.passed / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything that ``stance audit`` prints: results by test, and rates by kind of source and by region."""

    results: tuple[TestResult, ...]
    by_kind: Mapping[str, float]
    by_region: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        return {
            "tests": {
                result.test: {
                    "what": TESTS[result.test],
                    "n": result.n,
                    "passed": result.passed,
                    "rate": result.rate,
                    "failures": [failure.to_dict() for failure in result.failures],
                }
                for result in self.results
            },
            "by_kind": dict(self.by_kind),
            "by_region": dict(self.by_region),
        }


def locate_cases(task: str = "stance") -> Path:
    """The folder of the cases that come with the package, for a task."""
    package = Path(__file__).parent
    installed, checkout = package / "audit_cases", package.parent / "data" / "audit"
    folder = installed if installed.is_dir() else checkout
    return folder if task == "stance" else folder / task


def read_cases(paths: Iterable[str | Path], task: str | None = None) -> list[Case]:
    """Read cases of one task from files, or from all ``.txt`` files of folders.

    Parameters
    ----------
    paths : iterable of path
    task : str, optional
        What all of them must be about; default: what the first one is about.

    Raises
    ------
    CorpusError
        With every problem, by file and line; or when there are no cases.
    """
    cases: list[Case] = []
    problems: list[Problem] = []
    for path in map(Path, paths):
        for file in sorted(path.glob("*.txt")) if path.is_dir() else [path]:
            try:
                blocks = re.split(r"\n\s*\n", file.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError) as error:
                problems.append(Problem(str(file), 1, f"cannot be read: {error}"))
                continue
            line = 1
            for block in blocks:
                if block.strip():
                    try:
                        case = _case(block.strip().splitlines())
                        task = task or case.task
                        if case.task != task:
                            raise ValueError(f"{case.id} is about {case.task}, and the others about {task}")
                        cases.append(case)
                    except ValueError as error:
                        problems.append(Problem(str(file), line, str(error)))
                line += block.count("\n") + 2
    if len({case.id for case in cases}) < len(cases):
        problems.append(Problem(", ".join(map(str, paths)), 1, "an id stands twice"))
    if problems:
        raise CorpusError(f"{len(problems)} problems in the cases; nothing was used", problems)
    if not cases:
        raise CorpusError(f"no cases in {', '.join(map(str, paths))}")
    return cases


def _case(lines: Sequence[str]) -> Case:
    head = [cell.strip() for cell in lines[0].removeprefix("=").split("|")]
    if not lines[0].startswith("=") or len(head) != 3 or len(lines) != 3:
        raise ValueError("expected '= id | kind | region' and two passages")
    if head[0].split("-")[0] not in TESTS:
        raise ValueError(f"{head[0]}: no such test; expected one of {', '.join(TESTS)}")
    pairs = []
    for line in lines[1:]:
        sign, _, marked = line.partition(" ")
        text, marks = unmarked(marked.strip())
        roles: dict[str, list[Span]] = {"S": [], "T": [], "O": []}
        if len(sign) != 1 or sign not in _SIGNS or {mark.name for mark in marks} - _ROLES:
            raise ValueError("a passage begins with +, - or 0, and its marks are {S|…}, {T|…} and {O|…}")
        for mark in marks:
            roles[mark.name].append(mark.span)
        if not roles["T"]:
            raise ValueError("a passage has at least one {T|…}, and {S|…} where it is about stance")
        pair = Pair(text, tuple(roles["S"]), tuple(roles["T"]), tuple(roles["O"]))
        labels = (*SIDES[pair.task], "neutral")
        pairs.append((pair, labels[_SIGNS.index(sign)]))
    (first, one), (second, other) = pairs
    if first.task != second.task:
        raise ValueError("only one of the two passages has a source")
    return Case(head[0], head[1], head[2], first, second, (one, other))


def audit(model: StanceModel, cases: Sequence[Case]) -> Audit:
    """Run the cases on a model; renaming is tried on every passage of every case.

    Parameters
    ----------
    model : StanceModel
        Of the cases' task; ``ArtifactError`` for another one.
    cases : sequence of Case
    """
    for task in {case.task for case in cases}:
        model.require(task)
    firsts, seconds = (model.classify([getattr(case, side) for case in cases]) for side in ("first", "second"))
    answers = [*zip(firsts, seconds, strict=True)]
    passed = [_passes(case, answer) for case, answer in zip(cases, answers, strict=True)]
    results = []
    for test in TESTS:
        own = [n for n, case in enumerate(cases) if case.test == test]
        if own:
            failures = tuple(Failure(cases[n], answers[n]) for n in own if not passed[n])
            results.append(TestResult(test, len(own), sum(passed[n] for n in own), failures))
    results.append(_renaming(model, cases, answers))
    return Audit(tuple(results), _rates([c.kind for c in cases], passed), _rates([c.region for c in cases], passed))


def _passes(case: Case, answers: tuple[Answer, Answer]) -> bool:
    first, second = (answer.label for answer in answers)
    if case.test in _BOTH_RIGHT:
        return (first, second) == case.expected
    if case.test in _SECOND_RIGHT:
        return second == case.expected[1]
    return first == second


def _renaming(model: StanceModel, cases: Sequence[Case], answers: Sequence[tuple[Answer, Answer]]) -> TestResult:
    renamed = [model.classify([_renamed(getattr(case, side)) for case in cases]) for side in ("first", "second")]
    failures = []
    for number, (case, before) in enumerate(zip(cases, answers, strict=True)):
        after = (renamed[0][number], renamed[1][number])
        if any(dict(a.probabilities) != dict(b.probabilities) for a, b in zip(before, after, strict=True)):
            failures.append(Failure(case, after))
    return TestResult("rename", len(cases), len(cases) - len(failures), tuple(failures))


def _renamed(pair: Pair) -> Pair:
    """The pair with a new name in the place of every mention."""
    spans = sorted({*pair.source, *pair.target, *pair.others})
    pieces: list[str] = []
    moved: dict[Span, Span] = {}
    length = end = 0
    for number, span in enumerate(spans):
        name = _OTHER_NAMES[number % len(_OTHER_NAMES)]
        pieces += (pair.text[end : span.start], name)
        length += span.start - end
        moved[span] = Span(length, length + len(name))
        length += len(name)
        end = span.end
    text = "".join([*pieces, pair.text[end:]])
    source, target, others = (tuple(moved[span] for span in own) for own in (pair.source, pair.target, pair.others))
    return Pair(text, source, target, others, pair.id)


def _rates(names: Sequence[str], passed: Sequence[bool]) -> dict[str, float]:
    return {
        name: sum(ok for own, ok in zip(names, passed, strict=True) if own == name) / names.count(name)
        for name in sorted(set(names))
    }
