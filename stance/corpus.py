"""Labelled pairs on disk: JSONL (also gzipped), CSV and TSV.

A JSONL row holds ``text``, ``source`` and ``target`` (``{"spans": [[start, end], ...]}``, offsets
into ``text``) and ``label``; it may hold ``others`` (spans of further actors), ``id``, ``article``
(rows of one article are never split) and ``quad``. Further keys are ignored. A CSV or TSV table has
the columns ``text,source,target,label``, where source and target are strings found in the text, and
may have ``id``, ``article`` and ``quad``. A row without ``source`` is about sentiment: how the text
portrays the target. One set of data is about one task, stance or sentiment.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from stance.errors import CorpusError, Problem
from stance.records import QUADS, TASKS, LabelledPair, Pair, Span

_HALF = re.compile("[\ud800-\udfff]")

csv.field_size_limit(100_000_000)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a data file: the pair it holds, or what is wrong with it.

    ``value`` is the row as a mapping (JSON object or table row), empty where it is none.
    """

    path: str
    line: int
    value: Mapping[str, Any]
    pair: Pair | None
    error: str | None

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"

    def problem(self, message: str) -> Problem:
        return Problem(self.path, self.line, message)


def read_rows(path: str | Path) -> Iterator[Row]:
    """Read a data file row by row, with or without labels; blank lines are skipped.

    Raises
    ------
    CorpusError
        The file cannot be read, or a table lacks a column.
    """
    path = Path(path)
    read = _table if path.suffix.lower() in (".csv", ".tsv") else _jsonl
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            yield from read(path, lines)
    except (OSError, EOFError, zlib.error) as error:
        raise CorpusError(f"{path}: cannot be read: {error}") from None


def of_one_task(rows: Iterable[Row], task: str | None = None) -> tuple[str, Iterator[Row]]:
    """What rows are about, and the rows: those that are about something else hold an error instead of a pair.

    Parameters
    ----------
    rows : iterable of Row
    task : str, optional
        What they must be about; default: what the first one that can be used is about, and stance where there is none.
    """
    rows = iter(rows)
    seen: list[Row] = []
    why = f"the task is {task}"
    if task is None:
        seen = [*_through_first_sound(rows)]
        first = seen[-1] if seen else None
        task = first.pair.task if first and first.pair else "stance"
        why = f"{first.place} is about {task}" if first else ""

    def checked() -> Iterator[Row]:
        for row in chain(seen, rows):
            if row.pair and row.pair.task != task:
                own = f"has {'a' if row.pair.source else 'no'} source, so it is about {row.pair.task}"
                yield replace(row, pair=None, error=f"{own}; but {why}")
            else:
                yield row

    return task, checked()


def _through_first_sound(rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        yield row
        if row.pair:
            return


def _jsonl(path: Path, lines: Iterable[bytes]) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            yield Row(str(path), number, {}, None, f"is not UTF-8 ({error.reason})")
            continue
        except (ValueError, RecursionError) as error:
            yield Row(str(path), number, {}, None, f"is not JSON ({error})")
            continue
        yield _row(path, number, value, _json_pair)


def _table(path: Path, lines: Iterable[bytes]) -> Iterator[Row]:
    text_lines = (line.decode("utf-8-sig" if number == 0 else "utf-8") for number, line in enumerate(lines))
    reader = csv.DictReader(text_lines, dialect="excel-tab" if path.suffix.lower() == ".tsv" else "excel")
    try:
        missing = {"text", "target"} - set(reader.fieldnames or ())
        if missing:
            raise CorpusError(
                f"{path}: lacks the column {', '.join(sorted(missing))}; expected text,source,target,label "
                "(no source for sentiment)"
            )
        for value in reader:
            yield _row(path, reader.line_num, value, _table_pair)
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: is not UTF-8 ({error.reason})") from None
    except csv.Error as error:
        raise CorpusError(f"{path}:{reader.line_num}: {error}") from None


def _row(path: Path, line: int, value: Any, read_pair: Callable[[Mapping[str, Any]], Pair]) -> Row:
    if not isinstance(value, Mapping):
        return Row(str(path), line, {}, None, "is no object with text, source and target")
    try:
        return Row(str(path), line, value, read_pair(value), None)
    except ValueError as error:
        return Row(str(path), line, value, None, str(error))


def _json_pair(value: Mapping[str, Any]) -> Pair:
    text = value.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("text is missing or empty")
    if any(_HALF.search(str(part)) for part in (text, value.get("id"), value.get("article"))):
        raise ValueError("holds half a character (a lone surrogate, such as a cut-off JSON escape leaves)")
    others = _spans(value["others"], "others", text) if "others" in value else ()
    source = _spans(value["source"], "source", text) if "source" in value else None
    target = _spans(value.get("target"), "target", text)
    if source == () or not target:
        raise ValueError(f"{'source' if source == () else 'target'} has no spans")
    source = source or ()
    return Pair(text, source, target, others, _identifier(value.get("id")))


def _spans(value: Any, role: str, text: str) -> tuple[Span, ...]:
    spans = value.get("spans") if isinstance(value, Mapping) else None
    if not isinstance(spans, list):
        raise ValueError(f'{role} is missing or not {{"spans": [[start, end]]}}')
    for span in spans:
        if not (isinstance(span, list) and len(span) == 2 and all(type(offset) is int for offset in span)):
            raise ValueError(f"{role} span {span!r} is not [start, end]")
        if not 0 <= span[0] < span[1] <= len(text):
            raise ValueError(f"{role} span {span} is outside the text of {len(text)} characters")
    return tuple(Span(*span) for span in spans)


def _table_pair(value: Mapping[str, Any]) -> Pair:
    text = value.get("text") or ""
    spans: dict[str, tuple[Span, ...]] = {"source": ()}
    for role in ("source", "target") if "source" in value else ("target",):
        name = (value.get(role) or "").strip()
        found = [Span(*m.span()) for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)] if name else []
        if not found:
            raise ValueError(f"{role} {name!r} is not in the text")
        spans[role] = tuple(found)
    return Pair(text, spans["source"], spans["target"], id=_identifier(value.get("id")))


def _identifier(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labelled pairs, and a fingerprint of them.

    Attributes
    ----------
    pairs : tuple of LabelledPair
    sha256 : str
        Of the pairs' content, in order; where they are stored does not count.
    task : str
        What they are about: one of ``stance.records.TASKS``.
    """

    pairs: tuple[LabelledPair, ...]
    sha256: str
    task: str = "stance"


def read_corpus(paths: Sequence[str | Path], task: str | None = None, *, strict: bool = True) -> Corpus:
    """Read labelled pairs, or say everything that is wrong with them.

    Parameters
    ----------
    paths : sequence of path
        Files, read as one corpus.
    task : str, optional
        What all rows must be about; default: what the first row is about.
    strict : bool
        Also refuse what makes training unsound: spans of source and target that overlap, ids that
        occur twice, pairs labelled in two ways.

    Raises
    ------
    CorpusError
        With every problem, by file and line.
    """
    task, found = of_one_task(chain.from_iterable(read_rows(path) for path in paths), task)
    rows = [*found]
    problems = [row.problem(row.error) for row in rows if row.error]
    sound = [(row, row.pair) for row in rows if row.pair]
    labels = TASKS[task]
    for row, pair in sound:
        label, quad = row.value.get("label"), row.value.get("quad")
        if label not in labels:
            why = "" if pair.source else " (a row without source is about sentiment)"
            problems.append(row.problem(f"label {label!r} is none of {', '.join(labels)}{why}"))
        fitting: tuple[str, ...] = QUADS.get(str(label), ())
        if quad and quad not in fitting:
            expected = ", ".join(fitting) or "none of a neutral pair"
            problems.append(row.problem(f"quad {quad!r} does not go with label {label!r}; expected {expected}"))
    if strict:
        problems += _unsound(sound)
    if problems:
        order = {str(path): number for number, path in enumerate(paths)}
        problems.sort(key=lambda problem: (order[problem.path], problem.line))
        raise CorpusError(f"{len(problems)} problems in the data; nothing was used", problems)
    if not sound:
        raise CorpusError(f"no labelled pairs in {', '.join(map(str, paths))}")
    pairs = tuple(_labelled(row, pair) for row, pair in sound)
    return Corpus(pairs, fingerprint(pairs), task)


def read_pairs(path: str | Path, task: str | None = None) -> list[Pair]:
    """Read pairs of one task, with or without labels; ``CorpusError`` lists every row that cannot be used."""
    rows = [*of_one_task(read_rows(path), task)[1]]
    problems = [row.problem(row.error) for row in rows if row.error]
    if problems:
        raise CorpusError(f"{len(problems)} problems in the data; nothing was used", problems)
    return [row.pair for row in rows if row.pair]


def _unsound(rows: Iterable[tuple[Row, Pair]]) -> Iterator[Problem]:
    ids: dict[str, Row] = {}
    labels: dict[tuple, Row] = {}
    for row, pair in rows:
        if any(s.overlaps(t) for s in pair.source for t in pair.target):
            yield row.problem("spans of source and target overlap")
        if pair.id is not None:
            first = ids.setdefault(pair.id, row)
            if first is not row:
                yield row.problem(f"id {pair.id!r} is that of {first.place}")
        first = labels.setdefault((pair.text, pair.source, pair.target), row)
        label, other = row.value.get("label"), first.value.get("label")
        if label != other:
            yield row.problem(f"labelled {label}, but {other} at {first.place}")


def _labelled(row: Row, pair: Pair) -> LabelledPair:
    article = row.value.get("article")
    return LabelledPair(
        pair,
        row.value["label"],
        pair.text if article in (None, "") else str(article),
        row.value.get("quad") or None,
    )


def fingerprint(pairs: Iterable[LabelledPair]) -> str:
    """SHA-256 over the content of labelled pairs."""
    digest = hashlib.sha256()
    for labelled in pairs:
        digest.update(json.dumps(to_json(labelled), sort_keys=True, ensure_ascii=False).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def to_json(labelled: LabelledPair) -> dict[str, Any]:
    """A labelled pair as a JSONL row."""
    pair = labelled.pair
    row: dict[str, Any] = {"id": pair.id, "article": labelled.article, "text": pair.text}
    row |= {role: {"spans": getattr(pair, role)} for role in ("source", "target", "others") if getattr(pair, role)}
    row["label"] = labelled.label
    if labelled.quad:
        row["quad"] = labelled.quad
    return row
