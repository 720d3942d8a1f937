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


@pytest.mark.parametrize("arguments", [[], ["x.jsonl", "--labels", "hostile"], ["x.jsonl", "--format", "csv"]])
def test_wrong_usage_is_status_2(run, arguments):
    assert run("evaluate", *arguments).code == 2


def test_a_missing_file_is_one_line(run, tmp_path):
    done = run("evaluate", tmp_path / "gone.jsonl")
    assert (done.code, done.out) == (1, "")
    assert "gone.jsonl: cannot be read" in done.err
