from __future__ import annotations

import json

import pytest

from stance.card import model_card


def test_the_card_tells_use_data_scores_and_limits(trained):
    headings = [line for line in trained.model.card.splitlines() if line.startswith("#")]
    assert headings == ["# small", "## Intended use", "## Data", "## Scores", "## Parameters", "## Limits"]


def test_the_card_follows_from_the_manifest_alone(trained):
    stored = json.loads((trained.path / "manifest.json").read_text(encoding="utf-8"))
    assert model_card(stored, "stance") == trained.model.card


def test_the_figures_are_those_of_the_evaluation(trained):
    card, evaluation = trained.model.card, trained.evaluation
    for score in (evaluation.score, *evaluation.baselines.values()):
        low, high = score.macro_f1_ci
        assert f"{score.macro_f1:.3f} ({low:.3f} to {high:.3f})" in card
        low, high = score.accuracy_ci
        assert f"{score.accuracy:.3f} ({low:.3f} to {high:.3f})" in card
    for label, score in evaluation.per_label.items():
        row = f"| {label} | {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} | {score.support} |"
        assert row in card.splitlines()
    assert f"Expected calibration error: {evaluation.ece:.3f}" in card


def test_the_data_are_named_with_counts_and_hash(trained):
    data = trained.model.manifest["data"]
    (line,) = [line for line in trained.model.card.splitlines() if line.startswith("| training data |")]
    assert f"| {data['pairs']} | {data['articles']} |" in line
    assert data["sha256"][:16] in line
    for label, count in data["labels"].items():
        assert f"{label} {count}" in line


def test_every_parameter_and_library_is_listed(trained):
    manifest = trained.model.manifest
    lines = trained.model.card.splitlines()
    for key, value in [*manifest["parameters"].items(), *manifest["libraries"].items()]:
        assert f"| {key} | {value} |" in lines


def test_a_base_has_its_own_row(trained):
    base = {"pairs": 12, "articles": 5, "labels": {"opposed": 12}, "sha256": "b" * 64, "name": "desk-notes"}
    card = model_card({**trained.model.manifest, "base": base}, "stance")
    assert f"| desk-notes | 12 | 5 | opposed 12 | {'b' * 16} |" in card.splitlines()
    assert "desk-notes" not in trained.model.card


def test_every_table_has_rows_of_one_width(trained):
    widths = []
    for line in [*trained.model.card.splitlines(), ""]:
        if line.startswith("|"):
            widths.append(line.count("|"))
        elif widths:
            assert len(set(widths)) == 1
            assert len(widths) > 2
            widths = []


@pytest.mark.parametrize("key", ["data", "scores", "parameters", "signature"])
def test_no_card_without_its_facts(trained, key):
    manifest = {k: value for k, value in trained.model.manifest.items() if k != key}
    with pytest.raises(KeyError):
        model_card(manifest, "stance")
