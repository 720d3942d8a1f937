from __future__ import annotations

import json


def test_the_json_says_what_the_model_is(run):
    done = run("info")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert found["name"] == "stance-en"
    assert found["labels"] == ["cooperative", "neutral", "opposed"]
    assert found["terms"] > 1000
    assert len(found["sha256"]) == len(found["data"]["sha256"]) == 64
    assert sum(found["data"]["labels"].values()) == found["data"]["pairs"]
    assert "scikit-learn" in found["libraries"]


def test_the_hash_is_the_one_that_signs_predictions(run):
    predicted = json.loads(run("predict", "-", stdin="It rained.").out)
    assert predicted["model"]["sha256"] == json.loads(run("info").out)["sha256"]


def test_a_terminal_shows_the_card(run):
    done = run("info", tty=True)
    for heading in ("stance-en", "Intended use", "Data", "Scores", "Limits"):
        assert heading in done.out


def test_a_missing_model_is_one_line(run):
    done = run("info", "no-such-model")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("stance: no-such-model: no such model")
