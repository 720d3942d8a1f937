from __future__ import annotations

import json
from collections import Counter

import pytest


@pytest.fixture
def data(pairs_file, small_rows):
    return pairs_file(small_rows)


def test_the_json_holds_every_documented_figure(run, data, small_rows):
    done = run("evaluate", data)
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert {"n", "accuracy", "macro_f1", "per_label", "confusion", "ece", "ci", "baselines", "signature"} <= set(found)
    supports = Counter(row["label"] for row in small_rows)
    assert found["n"] == len(small_rows)
    assert {label: score["support"] for label, score in found["per_label"].items()} == supports
    assert {label: sum(row.values()) for label, row in found["confusion"].items()} == supports
    right = sum(found["confusion"][label][label] for label in supports)
    assert found["accuracy"] == pytest.approx(right / found["n"])
    assert found["macro_f1"] == pytest.approx(sum(s["f1"] for s in found["per_label"].values()) / 3)
    for score in (found, *found["baselines"].values()):
        for key, (low, high) in score["ci"].items():
            assert low <= score[key] <= high
    assert found["baselines"]["majority"]["accuracy"] == pytest.approx(max(supports.values()) / found["n"])
    assert set(found["baselines"]) == {"majority", "lexicon"}
    assert {"model", "data", "seed", "version"} <= set(found["signature"])


def test_labels_limit_the_pairs_and_the_choice(run, data, small_rows):
    found = json.loads(run("evaluate", data, "--labels", "cooperative,opposed").out)
    assert found["n"] == sum(row["label"] != "neutral" for row in small_rows)
    assert set(found["confusion"]) == set(found["per_label"]) == {"cooperative", "opposed"}


def test_the_same_seed_gives_the_same_answer_and_is_signed(run, data):
    first, second, other = (json.loads(run("evaluate", data, "--seed", seed).out) for seed in (3, 3, 4))
    assert first == second
    assert first["signature"]["seed"] == 3
    assert other["accuracy"] == first["accuracy"]
    assert other["ci"] != first["ci"]


def test_the_table_shows_the_model_beside_the_baselines(run, data, small_rows):
    done = run("evaluate", data, tty=True)
    lines = [line.split() for line in done.out.splitlines() if line.strip()]
    assert lines[0] == [str(len(small_rows)), "pairs"]
    assert {"model", "majority", "lexicon", "cooperative", "neutral", "opposed"} <= {line[0] for line in lines}
    assert "expected calibration error" in done.out


def test_data_that_is_wrong_is_listed_by_file_and_line(run, pairs_file, small_rows):
    rows = [dict(row) for row in small_rows[:3]]
    rows[0]["label"], rows[2]["text"] = "hostile", ""
    path = pairs_file(rows)
    done = run("evaluate", path)
    assert (done.code, done.out) == (1, "")
    assert f"{path}:1: label 'hostile' is none of" in done.err
    assert f"{path}:3: text is missing" in done.err


def test_labels_that_nobody_gave_are_one_clear_line(run, pairs_file, small_rows):
    path = pairs_file([row for row in small_rows if row["label"] != "neutral"])
    done = run("evaluate", path, "--labels", "neutral")
    assert done.code in (1, 2)
    assert done.out == ""
    assert "no pair is labelled neutral" in done.err


@pytest.mark.parametrize("arguments", [[], ["x.jsonl", "--task", "mood"], ["x.jsonl", "--format", "csv"]])
def test_wrong_usage_is_status_2(run, arguments):
    assert run("evaluate", *arguments).code == 2


def test_a_label_that_the_model_does_not_know_is_status_2(run, pairs_file, small_rows):
    done = run("evaluate", pairs_file(small_rows), "--labels", "hostile")
    assert (done.code, done.out) == (2, "")
    assert "the labels are cooperative, neutral, opposed" in done.err


def test_a_missing_file_is_one_line(run, tmp_path):
    done = run("evaluate", tmp_path / "gone.jsonl")
    assert (done.code, done.out) == (1, "")
    assert "gone.jsonl: cannot be read" in done.err


ARTICLE = """\
id: one
actor: norvik | Norvik | state
actor: harrow | Harrow League | organisation
dyad: norvik > harrow | opposed
---
{norvik|Norvik} condemned {harrow|the Harrow League} on Monday over the raid on the dam.
In the evening {norvik~p|it} praised the crowd.
"""


@pytest.fixture
def articles(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "one.txt").write_text(ARTICLE)
    (folder / "two.txt").write_text(ARTICLE.replace("condemned", "praised"))
    return folder


def test_articles_are_scored_by_mentions_actors_and_dyads(run, articles, actors):
    done = run("evaluate", articles, "--articles", "--actors", actors)
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert found["n"] == 2
    figures = {name: figure["value"] for name, figure in found["figures"].items()}
    assert figures["mention F1"] == figures["actor resolution accuracy"] == figures["reference recall"] == 1.0
    assert figures["dyad recall"] == figures["polarity errors per gold dyad"] == 0.5
    assert figures["spurious dyads per article"] == 0.0
    assert found["counts"]["gold dyads"] == 2
    assert {"model", "articles", "seed", "version"} <= set(found["signature"])


def test_articles_can_be_scored_without_references(run, articles, actors):
    done = run("evaluate", articles, "--articles", "--actors", actors, "--no-reference")
    found = json.loads(done.out)
    assert found["counts"]["found references"] == 0
    assert found["figures"]["reference recall"]["value"] == 0.0
    assert found["signature"]["reference"] is False


def test_the_seed_of_articles_is_signed_and_moves_only_the_intervals(run, articles, actors):
    first, again, other = (
        json.loads(run("evaluate", articles / name, "--articles", "--actors", actors, "--seed", seed).out)
        for name, seed in (("one.txt", 1), ("one.txt", 1), ("one.txt", 2))
    )
    assert first == again
    assert (first["signature"]["seed"], other["signature"]["seed"]) == (1, 2)
    assert first["counts"] == other["counts"]


def test_the_figures_of_articles_are_a_table_on_a_terminal(run, articles, actors):
    done = run("evaluate", articles, "--articles", "--actors", actors, tty=True)
    assert "2 articles" in done.out
    assert "mention F1" in done.out
    assert "1.000 [1.000, 1.000]" in " ".join(done.out.split())


def test_articles_that_are_wrong_are_listed_by_file_and_line(run, articles):
    path = articles / "one.txt"
    path.write_text(ARTICLE.replace("opposed", "hostile").replace("{norvik~p|", "{ulm~p|"))
    done = run("evaluate", articles, "--articles")
    assert (done.code, done.out) == (1, "")
    assert f"{path}:4: expected id, date" in done.err
    assert f"{path}:7: mark 'ulm~p'" in done.err


def test_a_folder_without_articles_is_one_line(run, tmp_path):
    done = run("evaluate", tmp_path, "--articles")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("stance: no gold articles in ")
