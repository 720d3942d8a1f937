"""The model card: what a model is for, what it learned from, how good it is, where it fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_TITLES = {"stance": "Directed stance classifier", "sentiment": "Classifier of sentiment toward an actor"}
_ASKED = {
    "stance": """\
Reading news text for who stands where toward whom: each ordered pair of actors in a passage is
*cooperative*, *opposed* or *neutral*, as the passage reports it.""",
    "sentiment": """\
Reading news text for how it portrays an actor: *positive*, *negative* or *neutral*, by the words of
the writer and of whoever is quoted.""",
}
_USE = """\
## Intended use

{asked}
It is meant for research, monitoring and journalism in which people check the evidence that every
answer names. It is not meant for decisions about persons, for targeting, or as a sole source.
"""

_LIMITS = """\
## Limits

- English news prose. Other genres, and irony, are read as if they were news.
- It knows what a passage says, not whether it is true.
- It sees words and their order, not grammar: long sentences with several actors are its hardest ones.
- The names of the actors never enter a decision; what is said around them does, with whatever slant
  the training data has.
- Probabilities are calibrated on data like the training data. Elsewhere, check them with
  `stance evaluate` on a few hundred labels of your own.
"""


def model_card(manifest: Mapping[str, Any], task: str) -> str:
    """Write the card of a model for a task, in Markdown, from its manifest alone."""
    scores = manifest["scores"]
    parts = [
        f"# {manifest['name']}\n",
        f"{_TITLES[task]}, version {manifest['version']}: a linear model over TF-IDF features. "
        "Written by `stance train`; every figure below was computed then.\n",
        _USE.format(asked=_ASKED[task]),
        "## Data\n",
        _data_table(manifest),
        "## Scores\n",
        f"Grouped cross-validation in {manifest['parameters']['folds']} folds; no article is on both sides of a "
        "split. Intervals: 95 %, bootstrap over articles.\n",
        _score_table(scores),
        _label_table(scores["per_label"]),
        f"Expected calibration error: {scores['ece']:.3f}\n",
        "What `--min-probability` buys: less certain answers are left out, and the rest is more often right.\n",
        _table(
            ("at least", "share of answers", "accuracy"),
            ((row["min_probability"], f"{row['share']:.1%}", f"{row['accuracy']:.3f}") for row in scores["coverage"]),
        ),
        "## Parameters\n",
        _table(("parameter", "value"), manifest["parameters"].items()),
        _table(("library", "version"), manifest["libraries"].items()),
        f"Signature: {', '.join(f'{key} {value}' for key, value in manifest['signature'].items())}\n",
        _LIMITS,
    ]
    return "\n".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def _data_table(manifest: Mapping[str, Any]) -> str:
    rows = []
    for what in ("data", "base"):
        if data := manifest[what]:
            labels = ", ".join(f"{label} {count}" for label, count in data["labels"].items())
            rows.append(
                (data.get("name", "training data"), data["pairs"], data["articles"], labels, data["sha256"][:16])
            )
    return _table(("set", "pairs", "articles", "labels", "SHA-256"), rows)


def _score_table(scores: Mapping[str, Any]) -> str:
    def cells(name: str, score: Mapping[str, Any]) -> tuple[str, str, str]:
        intervals = {key: "{:.3f} to {:.3f}".format(*score["ci"][key]) for key in ("macro_f1", "accuracy")}
        return (
            name,
            f"{score['macro_f1']:.3f} ({intervals['macro_f1']})",
            f"{score['accuracy']:.3f} ({intervals['accuracy']})",
        )

    baselines = {"majority": "always the commonest label", "lexicon": "sentiment lexicon (VADER)"}
    rows = [cells("this model", scores), *(cells(title, scores["baselines"][key]) for key, title in baselines.items())]
    return _table(("", "macro-F1", "accuracy"), rows)


def _label_table(per_label: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        (label, *(f"{score[key]:.3f}" for key in ("precision", "recall", "f1")), score["support"])
        for label, score in per_label.items()
    ]
    return _table(("label", "precision", "recall", "F1", "support"), rows)
