from __future__ import annotations

import json

import pytest


def test_the_shipped_cases_are_tried_by_default(run):
    done = run("audit")
    assert (done.code, done.err) == (0, "")
    tests = json.loads(done.out)["tests"]
    assert tests["rename"]["rate"] == 1.0
    assert {"swap", "passive", "turner"} <= tests.keys()


@pytest.mark.parametrize("options", [("--task", "sentiment"), ("--model", "sentiment-en")])
def test_so_are_those_of_sentiment(run, options):
    tests = json.loads(run("audit", *options).out)["tests"]
    assert tests["rename"]["rate"] == 1.0
    assert tests["opposite"]["n"] >= 150


def test_a_table_shows_rates_and_as_many_failures_as_asked_for(run):
    plain, full = (run("audit", "--format", "table", "--examples", count).out for count in (0, 2))
    assert "swap" in plain
    assert "expected" not in plain
    assert "expected" in full


def test_cases_of_another_task_than_the_models_are_one_clear_line(run, tmp_path):
    path = tmp_path / "cases.txt"
    path.write_text("= tense-001 | state | Asia\n+ {T|Ulm} won.\n+ {T|Ulm} wins.\n", encoding="utf-8")
    done = run("audit", path, "--model", "stance-en")
    assert (done.code, done.out) == (1, "")
    assert "is a model of stance, and what is asked is sentiment" in done.err


def test_a_missing_file_is_one_clear_line(run, tmp_path):
    done = run("audit", tmp_path / "none.txt")
    assert (done.code, done.out) == (1, "")
    assert "none.txt:1: cannot be read" in done.err
