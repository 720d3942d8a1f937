from __future__ import annotations

import json


def test_training_writes_a_model_that_the_other_commands_use(run, pairs_file, small_rows, tmp_path):
    folder = tmp_path / "models" / "mine"
    rows = small_rows[:200]
    done = run("train", pairs_file(rows), "-o", folder, "--seed", 5)
    assert done.code == 0
    assert "majority" in done.out
    assert "lexicon" in done.out
    assert str(folder) in done.out.replace("\n", "")
    steps = done.err.splitlines()
    assert len(steps) == len(set(steps)) >= 3
    info = json.loads(run("info", folder).out)
    assert (info["name"], info["seed"], info["data"]["pairs"]) == ("mine", 5, len(rows))
    assert (folder / "README.md").read_text().startswith("# mine\n")
    pair = {key: small_rows[0][key] for key in ("text", "source", "target")}
    answer = json.loads(run("classify", pairs_file([pair], "one.jsonl"), "-m", folder).out)
    assert sum(answer["probabilities"].values()) > 0.999


def test_other_data_can_be_the_base(run, pairs_file, small_rows, tmp_path):
    own = [row | {"id": f"own-{row['id']}", "text": f"Later, {row['text']}"} for row in small_rows[:60]]
    for row in own:
        for role in ("source", "target", "others"):
            row[role] = {"spans": [[start + 7, end + 7] for start, end in row.get(role, {"spans": []})["spans"]]}
    base = pairs_file(small_rows[:120], "base.jsonl")
    done = run("train", pairs_file(own), "-o", tmp_path / "m", "--base", base)
    assert done.code == 0
    info = json.loads(run("info", tmp_path / "m").out)
    assert (info["data"]["pairs"], info["base"]["pairs"]) == (60, 120)


def test_wrong_data_is_listed_in_full_and_nothing_is_trained(run, pairs_file, small_rows, tmp_path):
    rows = [dict(row) for row in small_rows[:5]]
    rows[1]["label"], rows[2]["id"], rows[4]["source"] = "hostile", rows[0]["id"], {"spans": [[0, 9_999]]}
    path = pairs_file(rows)
    done = run("train", path, "-o", tmp_path / "m")
    assert (done.code, done.out) == (1, "")
    for line in (2, 3, 5):
        assert f"{path}:{line}: " in done.err
    assert not (tmp_path / "m").exists()


def test_one_class_only_is_refused(run, pairs_file, small_rows, tmp_path):
    path = pairs_file([row for row in small_rows if row["label"] == "opposed"])
    done = run("train", path, "-o", tmp_path / "m")
    assert (done.code, done.out) == (1, "")
    assert "labelled opposed; at least two labels" in done.err
    assert not (tmp_path / "m").exists()


def test_a_place_that_cannot_be_written_is_one_line(run, pairs_file, small_rows, tmp_path):
    (tmp_path / "taken").write_text("a file")
    done = run("train", pairs_file(small_rows[:100]), "-o", tmp_path / "taken")
    assert done.code == 1
    assert "taken" in done.err
    assert (tmp_path / "taken").read_text() == "a file"


def test_no_output_is_a_usage_error(run, pairs_file, small_rows):
    done = run("train", pairs_file(small_rows))
    assert done.code == 2
    assert "--output" in done.err


def test_a_missing_file_is_one_line(run, tmp_path):
    done = run("train", tmp_path / "gone.jsonl", "-o", tmp_path / "m")
    assert (done.code, done.out) == (1, "")
    assert "gone.jsonl: cannot be read" in done.err
