from __future__ import annotations

import json

import pytest

from stance import STANCES

PAIRS = [
    ("p1", "Norvik condemned the Harrow League.", [0, 6], [21, 34], "opposed"),
    ("p2", "The Harrow League praised Norvik.", [4, 17], [26, 32], "cooperative"),
    ("p3", "A map showed Norvik and the Harrow League.", [13, 19], [28, 41], "neutral"),
]


def rows() -> list[dict]:
    return [
        {"id": name, "text": text, "source": {"spans": [s]}, "target": {"spans": [t]}} for name, text, s, t, _ in PAIRS
    ]


def answers(done) -> list[dict]:
    return [json.loads(line) for line in done.out.splitlines()]


def test_each_row_gets_one_line_in_order(run, pairs_file):
    done = run("classify", pairs_file(rows()))
    assert (done.code, done.err) == (0, "")
    found = answers(done)
    assert [(answer["id"], answer["stance"]) for answer in found] == [(pair[0], pair[-1]) for pair in PAIRS]
    for answer in found:
        assert [*answer] == ["id", "stance", "quad", "probabilities"]
        assert set(answer["probabilities"]) == set(STANCES)
        assert sum(answer["probabilities"].values()) == pytest.approx(1)
        assert max(answer["probabilities"], key=answer["probabilities"].get) == answer["stance"]


def test_a_broken_row_gets_its_line_too(run, tmp_path):
    first, second, third = rows()
    second["target"] = {"spans": [[20, 99]]}
    path = tmp_path / "pairs.jsonl"
    path.write_text(f"{json.dumps(first)}\nnot json\n\n{json.dumps(second)}\n{json.dumps(third)}\n")
    done = run("classify", path)
    assert done.code == 1
    found = answers(done)
    assert [answer["id"] for answer in found] == ["p1", None, "p2", "p3"]
    assert ["error" in answer for answer in found] == [False, True, True, False]
    assert found[1]["error"].startswith(f"{path}:2: is not JSON")
    assert found[2]["error"].startswith(f"{path}:4: target span [20, 99] is outside")


def test_labels_limit_the_choice_and_share_the_probability(run, pairs_file):
    path = pairs_file(rows())
    free = answers(run("classify", path))
    found = answers(run("classify", path, "--labels", "cooperative, opposed"))
    for answer, unlimited in zip(found, free, strict=True):
        assert set(answer["probabilities"]) == {"cooperative", "opposed"}
        assert sum(answer["probabilities"].values()) == pytest.approx(1)
        odds = [p["cooperative"] / p["opposed"] for p in (answer["probabilities"], unlimited["probabilities"])]
        assert odds[0] == pytest.approx(odds[1])


@pytest.mark.parametrize("labels", ["cooperative,hostile", "", "positive"])
def test_labels_that_the_model_does_not_know_are_a_usage_error(run, pairs_file, labels):
    done = run("classify", pairs_file(rows()), "--labels", labels)
    assert (done.code, done.out) == (2, "")
    assert "the labels are cooperative, neutral, opposed" in done.err


def test_the_answer_does_not_depend_on_a_label_or_the_other_rows(run, pairs_file):
    together = answers(run("classify", pairs_file(rows())))
    for row, answer in zip(rows(), together, strict=True):
        assert answers(run("classify", pairs_file([row | {"label": "opposed"}]))) == [answer]


def test_a_table_is_labelled_like_jsonl(run, tmp_path, pairs_file):
    table = tmp_path / "pairs.csv"
    lines = [f"{name},{text},{text[s[0] : s[1]]},{text[t[0] : t[1]]}" for name, text, s, t, _ in PAIRS]
    table.write_text("\n".join(["id,text,source,target", *lines]) + "\n")
    assert run("classify", table) == run("classify", pairs_file(rows()))


def test_an_empty_file_has_no_answers(run, pairs_file):
    done = run("classify", pairs_file([]))
    assert (done.code, done.out) == (0, "")


@pytest.mark.parametrize(("name", "content"), [("gone.jsonl", None), ("pairs.csv", "text,source\n")])
def test_a_file_that_cannot_be_used_is_one_line(run, tmp_path, name, content):
    path = tmp_path / name
    if content:
        path.write_text(content)
    done = run("classify", path)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"stance: {path}: ")
