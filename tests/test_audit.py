from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import stance
from stance import ArtifactError, CorpusError
from stance.audit import audit, locate_cases, read_cases

CASES = """\
= swap-001 | state | Europe
- {T|The ferrymen} were fined on Monday by {S|Norvik}.
0 {S|The ferrymen} were fined on Monday by {T|Norvik}.

= turner-001 | company | Asia
- {S|Brenholt} sued {T|the divers' guild} over the wreck.
+ {S|Brenholt} dropped its suit against {T|the divers' guild} over the wreck.

= tense-001 | state | Europe
- {S|Norvik} condemned {T|the ferrymen}.
- {S|Norvik} will condemn {T|the ferrymen}.
"""
PORTRAYALS = """\
= opposite-001 | person | Europe
+ {T|Ada Lorn}, a tireless and honest mayor, was succeeded by {O|Ulm Sarn}, a corrupt bully.
- {O|Ada Lorn}, a tireless and honest mayor, was succeeded by {T|Ulm Sarn}, a corrupt bully.
"""


@pytest.fixture
def file(tmp_path):
    def write(content: str, name: str = "cases.txt") -> Path:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


def problems(*paths: Path, **options) -> list[tuple[int, str]]:
    with pytest.raises(CorpusError) as caught:
        read_cases(paths, **options)
    return [(problem.line, problem.message) for problem in caught.value.problems]


def test_cases_are_read_with_their_roles_and_what_is_expected(file):
    first, second, third = read_cases([file(CASES)])
    assert [case.test for case in (first, second, third)] == ["swap", "turner", "tense"]
    assert (first.kind, first.region, first.expected) == ("state", "Europe", ("opposed", "neutral"))
    assert first.first.text == "The ferrymen were fined on Monday by Norvik."
    assert [first.first.text[slice(*span)] for span in (*first.first.source, *first.first.target)] == [
        "Norvik",
        "The ferrymen",
    ]
    assert second.expected == ("opposed", "cooperative")


def test_cases_without_a_source_are_about_sentiment(file):
    (case,) = read_cases([file(PORTRAYALS)])
    assert (case.task, case.expected) == ("sentiment", ("positive", "negative"))
    assert case.first.text == case.second.text
    assert case.first.target == case.second.others


def test_folders_give_the_cases_of_their_files(file, tmp_path):
    file(CASES, "a.txt")
    file(CASES.replace("-001", "-002"), "b.txt")
    assert len(read_cases([tmp_path])) == 6


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("= swap-001 | state | Europe", "swap-001", 1, "expected '= id | kind | region'"),
        ("= turner-001", "= mood-001", 5, "mood-001: no such test"),
        ("- {S|Brenholt} sued", "? {S|Brenholt} sued", 5, "begins with"),
        ("{S|Brenholt} sued", "{X|Brenholt} sued", 5, "its marks are"),
        ("{T|the ferrymen}.\n- {S|Norvik} will", "the ferrymen.\n- {S|Norvik} will", 9, "at least one {T|…}"),
        ("{S|Norvik} will", "Norvik will", 9, "only one of the two passages has a source"),
        ("= tense-001", "= swap-001", 1, "an id stands twice"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(file, old, new, line, said):
    ((where, message),) = problems(file(CASES.replace(old, new)))
    assert where == line
    assert said in message


def test_cases_of_two_tasks_are_not_run_together(file):
    ((line, message),) = problems(file(CASES, "a.txt"), file(PORTRAYALS, "b.txt"))
    assert (line, message) == (1, "opposite-001 is about sentiment, and the others about stance")
    assert problems(file(PORTRAYALS), task="stance")


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_no_cases_are_an_error(file, content):
    with pytest.raises(CorpusError, match="no cases"):
        read_cases([file(content)])


@pytest.mark.parametrize("task", ["stance", "sentiment"])
def test_the_shipped_cases_can_be_read(task):
    cases = read_cases([locate_cases(task)])
    assert {case.task for case in cases} == {task}
    assert len(cases) > 300


def test_an_audit_counts_by_test_kind_and_region(model, file):
    found = audit(model, read_cases([file(CASES)]))
    assert [(result.test, result.n) for result in found.results] == [
        ("swap", 1),
        ("turner", 1),
        ("tense", 1),
        ("rename", 3),
    ]
    assert found.results[-1].rate == 1.0
    assert set(found.by_kind) == {"company", "state"}
    assert set(found.by_region) == {"Asia", "Europe"}
    for result in found.results:
        assert result.passed + len(result.failures) == result.n


def test_a_case_fails_where_the_answer_is_another(model, file):
    cases = read_cases([file(CASES)])
    wrong = [replace(case, expected=("cooperative", "cooperative")) for case in cases if case.test == "swap"]
    (swap, _) = audit(model, wrong).results
    assert (swap.passed, swap.rate) == (0, 0.0)
    assert swap.failures[0].to_dict()["expected"] == ["cooperative", "cooperative"]


def test_the_model_of_sentiment_is_tried_on_its_own_cases(model, file):
    cases = read_cases([file(PORTRAYALS)])
    opposite, rename = audit(stance.load("sentiment-en"), cases).results
    assert (opposite.test, opposite.n, rename.rate) == ("opposite", 1, 1.0)
    with pytest.raises(ArtifactError, match="is a model of stance, and what is asked is sentiment"):
        audit(model, cases)
