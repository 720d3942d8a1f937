from __future__ import annotations

import csv
import io
import json

import pytest
from rich.console import Console

from stance import Answer, ArticleStance, Document, Dyad, Evidence, Span
from stance.records import Actor, Contribution, Explanation, Mention, ModelStamp, Sentiment
from stance.report import (
    CSV_COLUMNS,
    csv_lines,
    dyad_rows,
    dyad_table,
    explanation_table,
    json_parts,
    nothing_found,
    shorten,
    to_json_line,
)

PASSAGE = 'Norvik, unmoved,\nfined the "Harrow League".'


def article(title: str | None = None, source: str = "Norvik", passage: str = PASSAGE, dyads: int = 1) -> ArticleStance:
    actors = Actor("NVK", source, "state"), Actor("harrow", "Harrow League", "organisation")
    evidence = Evidence(Span(5, 5 + len(passage)), passage, "opposed", 0.9, (Span(5, 11),), (Span(33, 46),))
    probabilities = {"cooperative": 0.04, "neutral": 0.06, "opposed": 0.9}
    found = (Dyad(*actors, "opposed", probabilities, True, (evidence,), 3),) * dyads
    own = Evidence(Span(5, 5 + len(passage)), passage, "negative", 0.7, (), (Span(5, 11),))
    portrayed = Sentiment("negative", {"negative": 0.7, "neutral": 0.2, "positive": 0.1}, False, (own,), 3)
    return ArticleStance(
        Document("", id="a1", title=title, path="a.txt"),
        (Mention(actors[0], Span(5, 11)), Mention(actors[1], Span(33, 46))),
        found,
        ModelStamp("m", "1", "ff"),
        ModelStamp("s", "1", "ee"),
        {(actors[0], None): portrayed},
    )


def printed(part, width: int = 120) -> str:
    screen = Console(file=io.StringIO(), width=width)
    screen.print(part)
    return screen.file.getvalue()


@pytest.mark.parametrize("values", [[], [{"a": 1}], [{"a": 1}, {"b": [2]}], [1, 2, 3], [[]]])
def test_json_of_one_is_itself_and_of_several_an_array(values):
    expected = values[0] if len(values) == 1 else values
    assert json.loads("\n".join(json_parts(iter(values)))) == expected


@pytest.mark.parametrize("value", [{"text": "a\nb\u2028é"}, {"text": '"'}])
def test_a_json_line_is_one_line_with_readable_letters(value):
    line = to_json_line(value)
    assert "\n" not in line
    assert json.loads(line) == value
    assert "\\u00e9" not in line


@pytest.mark.parametrize("passage", [PASSAGE, "a;b", "\t tabs\t", "“quoted”, é"])
def test_csv_can_be_read_back(passage):
    lines = csv_lines([CSV_COLUMNS, *dyad_rows(article("One, two", passage=passage))])
    (row,) = csv.DictReader(io.StringIO("\n".join(lines), newline=""))
    assert [*row] == list(CSV_COLUMNS)
    assert row == {
        "article_id": "a1",
        "path": "a.txt",
        "title": "One, two",
        "date": "",
        "url": "",
        "source": "NVK",
        "source_name": "Norvik",
        "target": "harrow",
        "target_name": "Harrow League",
        "stance": "opposed",
        "quad": "",
        "probability": "0.9000",
        "cooperative": "0.0400",
        "neutral": "0.0600",
        "opposed": "0.9000",
        "mixed": "True",
        "passages": "3",
        "start": "5",
        "end": str(5 + len(passage)),
        "evidence": " ".join(passage.split()),
        "source_sentiment": "negative",
        "source_sentiment_probability": "0.7000",
        "target_sentiment": "",
        "target_sentiment_probability": "",
    }


def test_each_csv_row_is_one_line():
    assert [line.count("\n") for line in csv_lines(dyad_rows(article(dyads=3)))] == [0, 0, 0]


def test_the_table_shows_a_dyad_with_its_passage():
    text = printed(dyad_table(article("Fishing"), 120))
    title, head, row = (line.split() for line in text.splitlines())
    assert title == ["Fishing"]
    assert head == ["source", "stance", "target", "prob.", "passages", "strongest", "passage"]
    assert " ".join(row) == 'Norvik − opposed (mixed) Harrow League 0.90 3 Norvik, unmoved, fined the "Harrow League".'


@pytest.mark.parametrize("width", [100, 120, 200])
def test_each_dyad_takes_one_line_within_the_width(width):
    lines = printed(
        dyad_table(article(passage=PASSAGE * 20, source="Union of " * 9, dyads=2), width), width
    ).splitlines()
    assert len(lines) == 4
    assert max(map(len, lines)) <= width
    assert all(line.rstrip().endswith("…") for line in lines[2:])


@pytest.mark.parametrize("words", ["[Live] update", "[/] done", "[red]alarm[/red]", "[link=x]y"])
def test_square_brackets_are_printed_as_they_stand(words):
    result = article(words, source=words, passage=words)
    assert printed(dyad_table(result, 120)).count(words) == 3
    assert words in printed(nothing_found(article(words, dyads=0)))


@pytest.mark.parametrize(
    ("text", "width", "short"), [("a  b\nc", 5, "a b c"), ("abcdef", 6, "abcdef"), ("abc def", 5, "abc…"), ("", 3, "")]
)
def test_shortened_text_is_one_line_of_at_most_the_width(text, width, short):
    assert shorten(text, width) == short


def test_sides_have_colours_of_their_own_on_a_terminal():
    screen = Console(file=io.StringIO(), width=120, force_terminal=True, color_system="standard", _environ={})
    screen.print(dyad_table(article(), 120))
    assert "\x1b[31m− opposed (mixed)" in screen.file.getvalue()


def test_an_article_without_dyads_is_named():
    assert "a1: 2 actors, no dyads" in printed(nothing_found(article(dyads=0)))


def test_the_explanation_table_accounts_for_the_terms_it_leaves_out():
    contributions = tuple(
        Contribution(f"[term{k}]", 0.5, {"neutral": k / 10, "opposed": -k / 10}) for k in range(4, 0, -1)
    )
    answer = Answer("neutral", {"neutral": 0.9, "opposed": 0.1})
    explanation = Explanation(
        answer, {"neutral": 1.2, "opposed": -1.0}, {"neutral": 0.2, "opposed": 0.0}, contributions
    )
    rows = [line.split() for line in printed(explanation_table(explanation, 2)).splitlines()]
    assert rows[0] == ["term", "TF-IDF", "neutral", "opposed"]
    assert rows[1] == ["[term4]", "0.500", "+0.400", "-0.400"]
    assert rows[3] == ["2", "further", "terms", "+0.300", "-0.300"]
    assert rows[4] == ["intercept", "+0.200", "+0.000"]
    assert rows[5] == ["score", "+1.200", "-1.000"]
    assert len(rows) == 7
