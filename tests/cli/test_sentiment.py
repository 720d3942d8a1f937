"""The commands on rows and texts about sentiment."""

from __future__ import annotations

import csv
import io
import json

import pytest

from stance.records import SENTIMENTS

ROWS = [
    {"id": "r1", "text": "Norvik cheated its own pensioners.", "target": {"spans": [[0, 6]]}, "label": "negative"},
    {"id": "r2", "text": "Voters trust honest, tireless Norvik.", "target": {"spans": [[30, 36]]}, "label": "positive"},
    {"id": "r3", "text": "A map showed Norvik.", "target": {"spans": [[13, 19]]}, "label": "neutral"},
]
STANCE_ROW = ROWS[0] | {"id": "s", "source": {"spans": [[19, 33]]}, "label": "neutral"}
ARTICLE = """\
The Harrow League has cheated its own members for years, a court found, and its chairman lied about it.

Norvik won praise on all sides for the generous and patient way in which it cared for the Sarn Front's widows.
"""


@pytest.fixture
def text(tmp_path, actors):
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path, "--actors", actors


def test_rows_without_a_source_are_classified_by_the_model_of_sentiment(run, pairs_file):
    done = run("classify", pairs_file(ROWS))
    assert (done.code, done.err) == (0, "")
    for line, row in zip(done.out.splitlines(), ROWS, strict=True):
        answer = json.loads(line)
        assert [*answer] == ["id", "sentiment", "probabilities"]
        assert (answer["id"], answer["sentiment"]) == (row["id"], row["label"])
        assert {*answer["probabilities"]} == {*SENTIMENTS}


def test_a_row_of_stance_among_them_gets_an_error_with_its_line(run, pairs_file):
    path = pairs_file([*ROWS, STANCE_ROW])
    done = run("classify", path)
    assert done.code == 1
    assert json.loads(done.out.splitlines()[-1]) == {
        "id": "s",
        "error": f"{path}:4: has a source, so it is about stance; but {path}:1 is about sentiment",
    }


def test_the_task_can_be_named(run, pairs_file):
    done = run("classify", pairs_file(ROWS), "--task", "stance")
    assert done.code == 1
    assert "but the task is stance" in done.out


@pytest.mark.parametrize("command", ["classify", "evaluate", "explain"])
def test_a_model_of_another_task_is_one_clear_line(run, pairs_file, command):
    done = run(command, pairs_file(ROWS), "--model", "stance-en")
    assert (done.code, done.out) == (1, "")
    assert "is a model of stance, and what is asked is sentiment" in done.err


def test_a_mixture_is_listed_with_file_and_line(run, pairs_file, tmp_path):
    path = pairs_file([*ROWS, STANCE_ROW])
    for command in (("evaluate", path), ("train", path, "-o", tmp_path / "m"), ("explain", path)):
        done = run(*command)
        assert (done.code, done.out) == (1, "")
        assert f"{path}:4: has a source" in done.err


def test_an_evaluation_scores_sentiments(run, pairs_file):
    found = json.loads(run("evaluate", pairs_file(ROWS)).out)
    assert (found["n"], {*found["per_label"]}) == (3, {*SENTIMENTS})
    assert found["accuracy"] == 1.0


def test_rows_are_explained(run, pairs_file):
    (first, *_) = json.loads(run("explain", pairs_file(ROWS)).out)
    assert first["sentiment"] == "negative"
    for label, score in first["scores"].items():
        total = sum(c["scores"][label] for c in first["contributions"]) + first["intercepts"][label]
        assert total == pytest.approx(score, abs=1e-9)


def test_an_actor_of_a_text_is_explained(run, text):
    (passage,) = json.loads(run("explain", text[0], "--actor", "Harrow League", *text[1:]).out)
    assert passage["sentiment"] == "negative"
    assert ARTICLE[passage["start"] : passage["end"]] == passage["text"]


def test_an_actor_and_a_pair_are_two_questions(run, text):
    assert run("explain", text[0], "--actor", "Norvik", "--pair", "Norvik:Sarn Front").code == 2


def test_predict_gives_each_actor_its_sentiment(run, text):
    result = json.loads(run("predict", *text).out)
    found = {actor["id"]: actor["sentiment"]["label"] for actor in result["actors"]}
    assert (found["harrow"], found["norvik"]) == ("negative", "positive")
    assert result["sentiment_model"]["name"] == "sentiment-en"


def test_the_table_of_portrayals_stands_below_that_of_dyads(run, text):
    out = run("predict", *text, "--format", "table", "--all").out
    assert out.index("portrayed") > out.index("target")
    assert "− negative" in out
    assert "+ positive" in out


def test_csv_has_columns_for_the_sentiment_toward_both_sides(run, text):
    rows = [*csv.DictReader(io.StringIO(run("predict", *text, "--format", "csv", "--all").out))]
    assert {(row["source"], row["source_sentiment"]) for row in rows} >= {("norvik", "positive")}
    assert all(0 <= float(row["target_sentiment_probability"]) <= 1 for row in rows)


def test_without_sentiment_nothing_is_said_of_it(run, text):
    result = json.loads(run("predict", *text, "--no-sentiment").out)
    assert result["sentiment_model"] is None
    assert all("sentiment" not in actor for actor in result["actors"])
    assert "portrayed" not in run("predict", *text, "--no-sentiment", "--format", "table").out


def test_another_model_of_sentiment_can_be_given(run, text, tmp_path):
    done = run("predict", *text, "--sentiment-model", tmp_path / "none")
    assert (done.code, done.out) == (1, "")
    assert "no such model" in done.err
    done = run("predict", *text, "--sentiment-model", "stance-en")
    assert "is a model of stance, and what is asked is sentiment" in done.err
