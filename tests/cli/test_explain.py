from __future__ import annotations

import json
import math

import pytest

TEXT = "Norvik condemned the Harrow League.\n\nIt rained.\n\nNorvik later praised the Harrow League for its patience.\n"
ROW = {"text": TEXT, "source": {"spans": [[0, 6]]}, "target": {"spans": [[21, 34]]}}


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(TEXT)
    return path


def adds_up(explained: dict) -> bool:
    sums = {
        label: explained["intercepts"][label] + math.fsum(term["scores"][label] for term in explained["contributions"])
        for label in explained["scores"]
    }
    return sums == pytest.approx(explained["scores"], abs=1e-9)


def test_every_passage_of_a_pair_is_explained_and_adds_up(run, article, actors):
    done = run("explain", article, "--pair", "Norvik:Harrow League", "--actors", actors)
    assert (done.code, done.err) == (0, "")
    first, second = json.loads(done.out)
    assert [first["stance"], second["stance"]] == ["opposed", "cooperative"]
    for explained in (first, second):
        assert TEXT[explained["start"] : explained["end"]] == explained["text"]
        assert adds_up(explained)
        exps = {label: math.exp(score) for label, score in explained["scores"].items()}
        probabilities = {label: value / sum(exps.values()) for label, value in exps.items()}
        assert explained["probabilities"] == pytest.approx(probabilities)


def test_direction_gives_another_explanation(run, article, actors):
    one, other = (
        json.loads(run("explain", article, "--pair", pair, "--actors", actors).out)
        for pair in ("norvik:harrow", "harrow:norvik")
    )
    assert one[0]["scores"] != other[0]["scores"]


def test_the_text_may_come_from_standard_input(run, actors):
    done = run("explain", "-", "--pair", "norvik:harrow", "--actors", actors, stdin=TEXT)
    assert len(json.loads(done.out)) == 2


def test_pairs_files_are_explained_row_by_row_as_classified(run, pairs_file):
    path = pairs_file([ROW | {"id": "a"}, ROW | {"id": "b", "source": ROW["target"], "target": ROW["source"]}])
    explained = json.loads(run("explain", path).out)
    assert all(map(adds_up, explained))
    classified = [json.loads(line) for line in run("classify", path).out.splitlines()]
    for one, other in zip(explained, classified, strict=True):
        assert (one["id"], one["stance"]) == (other["id"], other["stance"])
        assert one["probabilities"] == pytest.approx(other["probabilities"])


@pytest.mark.parametrize("top", [1, 5])
def test_the_table_shows_as_many_terms_as_asked_for_and_the_sums(run, article, actors, top):
    options = ("--actors", actors, "--top", top)
    done = run("explain", article, "--pair", "norvik:harrow", *options, tty=True)
    first, _, _ = done.out.partition("probability")
    assert "Norvik condemned the Harrow League." in first
    lines = first.splitlines()
    head = next(k for k, line in enumerate(lines) if line.startswith("term"))
    rest = next(k for k, line in enumerate(lines) if "further terms" in line)
    assert rest - head - 1 == top
    assert [line.split()[0] for line in lines[rest + 1 :] if line.strip()] == ["intercept", "score"]


def test_a_pair_that_no_sentence_mentions_is_said(run, article, actors):
    done = run("explain", article, "--pair", "Norvik:Sarn Front", "--actors", actors)
    assert (done.code, json.loads(done.out)) == (0, [])
    assert "no sentence mentions both Norvik and Sarn Front" in done.err


@pytest.mark.parametrize(("pair", "code"), [("Norvik", 2), ("Norvik:Ruritanian Guild", 1)])
def test_a_pair_that_cannot_be_used_is_no_traceback(run, article, actors, pair, code):
    done = run("explain", article, "--pair", pair, "--actors", actors)
    assert (done.code, done.out) == (code, "")
    assert pair.rpartition(":")[2] in done.err


@pytest.mark.parametrize("pair", [["--pair", "norvik:harrow"], []])
def test_a_missing_file_is_one_line(run, tmp_path, actors, pair):
    done = run("explain", tmp_path / "gone", *pair, "--actors", actors)
    assert (done.code, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1
    assert "gone" in done.err


def test_a_text_without_a_pair_is_no_traceback(run, article):
    done = run("explain", article)
    assert done.code in (1, 2)
    assert "article.txt:1:" in done.err or "--pair" in done.err
