from __future__ import annotations

import json
import random
from collections import Counter

import pytest
from templates import fill

import stance
from stance import ArtifactError, CorpusError, artifact
from stance.training import STRENGTHS

VERBS = {
    "cooperative": ["praised", "thanked", "supported", "welcomed"],
    "neutral": ["resembled", "outnumbered", "followed", "preceded"],
    "opposed": ["attacked", "condemned", "threatened", "bombed"],
}


def row(label: str, verb: str, article: str, **keys) -> dict:
    pair = fill("{s} " + verb + " {t} " + f"in report {article}.", s="Norvik", t="Ostmark")
    spans = {role: {"spans": [list(span) for span in getattr(pair, role)]} for role in ("source", "target")}
    return {"id": f"{article}-{verb}", "article": article, "text": pair.text, **spans, "label": label, **keys}


def rows(articles: int = 8, labels: tuple[str, ...] = (*VERBS,), prefix: str = "a") -> list[dict]:
    """Two pairs of each label in each article."""
    return [
        row(label, VERBS[label][(k + i) % 4], f"{prefix}{k}")
        for k in range(articles)
        for label in labels
        for i in (0, 1)
    ]


def contents(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_result_names_a_model_that_can_be_loaded(trained):
    assert stance.load(trained.path).stamp == trained.model.stamp
    assert trained.model.labels == stance.STANCES
    assert trained.evaluation.n == trained.model.manifest["data"]["pairs"]


def test_the_score_is_of_pairs_that_were_not_seen(trained):
    held_back = trained.evaluation.score.accuracy
    pairs = stance.read_corpus([trained.path / "corpus.jsonl.gz"]).pairs
    answers = trained.model.classify([labelled.pair for labelled in pairs])
    seen = sum(a.label == p.label for a, p in zip(answers, pairs, strict=True)) / len(pairs)
    assert held_back < seen


def test_training_beats_the_baselines_on_what_can_be_learned(pairs_file, tmp_path):
    result = stance.train([pairs_file(rows(12))], tmp_path / "model")
    assert result.evaluation.score.macro_f1 > 0.9
    assert result.evaluation.score.macro_f1 > result.evaluation.baselines["majority"].macro_f1
    assert result.model.classify([fill("{s} bombed {t} at dusk.", s="A", t="B")])[0].label == "opposed"


def test_the_manifest_says_how_the_model_was_made(trained, small_rows):
    manifest = trained.model.manifest
    assert manifest["name"] == trained.path.name
    assert manifest["version"] == stance.__version__
    assert manifest["seed"] == 7
    assert manifest["parameters"]["C"] in STRENGTHS
    assert manifest["data"]["labels"] == dict(sorted(Counter(r["label"] for r in small_rows).items()))
    assert manifest["data"]["articles"] == len({r["article"] for r in small_rows})
    assert manifest["base"] is None
    assert manifest["scores"] == json.loads(json.dumps(trained.evaluation.to_dict()))
    assert manifest["libraries"].keys() >= {"numpy", "scikit-learn"}


def test_the_card_is_written_beside_the_model(trained):
    assert (trained.path / "README.md").read_text(encoding="utf-8") == trained.model.card
    assert f"{trained.evaluation.score.macro_f1:.3f}" in trained.model.card


def test_the_same_data_and_seed_give_the_same_bytes(trained, small_rows, pairs_file, tmp_path):
    again = stance.train([pairs_file(small_rows)], tmp_path / "small", carry_data=True, seed=7)
    assert contents(again.path) == contents(trained.path)


def test_another_seed_gives_other_folds(pairs_file, tmp_path, small_rows):
    data = pairs_file(small_rows[:120])
    one, other = (stance.train([data], tmp_path / str(seed), seed=seed).evaluation for seed in (1, 2))
    assert one.ece != other.ece


def test_several_files_are_one_corpus(pairs_file, tmp_path):
    whole = rows()
    together = stance.train([pairs_file(whole)], tmp_path / "one" / "m")
    parts = [pairs_file(whole[:20], "first.jsonl"), pairs_file(whole[20:], "second.jsonl")]
    assert contents(stance.train(parts, tmp_path / "two" / "m").path) == contents(together.path)


def test_a_table_trains_too(tmp_path):
    lines = [
        f"Norvik {r['text'].split()[1]} Ostmark no. {k}\tNorvik\tOstmark\t{r['label']}" for k, r in enumerate(rows())
    ]
    (tmp_path / "pairs.tsv").write_text("\n".join(["text\tsource\ttarget\tlabel", *lines]), encoding="utf-8")
    assert stance.train([tmp_path / "pairs.tsv"], tmp_path / "model").evaluation.n == len(lines)


def test_two_labels_are_enough(pairs_file, tmp_path):
    result = stance.train([pairs_file(rows(labels=("cooperative", "opposed")))], tmp_path / "model")
    assert result.model.labels == ("cooperative", "opposed")
    with pytest.raises(ArtifactError, match="neutral"):
        result.model.predict("Norvik attacked Ostmark.")


def test_progress_is_told_step_by_step(pairs_file, tmp_path):
    told = []
    stance.train([pairs_file(rows())], tmp_path / "model", progress=lambda *step: told.append(step))
    assert [*dict.fromkeys(step for step, _, _ in told)] == ["features", "cross-validation", "fit", "evaluate", "done"]
    assert all(0 <= done <= total for _, done, total in told)
    assert told[-1][1] == told[-1][2]


def test_a_model_carries_its_data_only_when_told(pairs_file, tmp_path):
    data = pairs_file(rows())
    stance.train([data], tmp_path / "with", carry_data=True)
    stance.train([data], tmp_path / "without")
    assert len(artifact.read_carried_corpus(tmp_path / "with").pairs) == len(rows())
    assert not (tmp_path / "without" / "corpus.jsonl.gz").exists()


def base_rows() -> list[dict]:
    """Pairs that teach a verb which the user's own data lack."""
    return [row("opposed", "hexed", f"b{k}") for k in range(12)] + [
        row("neutral", "weighed", f"b{k}") for k in range(12)
    ]


HEXED = fill("{s} hexed {t} in report z.", s="Norvik", t="Ostmark")


@pytest.mark.parametrize("kind", ["model", "file"])
def test_a_base_is_learned_from_too(pairs_file, tmp_path, kind):
    base = pairs_file(base_rows(), "base.jsonl")
    if kind == "model":
        base = stance.train([base], tmp_path / "base", carry_data=True).path
    own = pairs_file(rows())
    alone = stance.train([own], tmp_path / "alone")
    result = stance.train([own], tmp_path / "based", base=base)
    opposed = [r.model.classify([HEXED])[0].probabilities["opposed"] for r in (alone, result)]
    assert opposed[1] > opposed[0] + 0.2
    assert result.evaluation.n == len(rows())
    assert result.model.manifest["data"] == alone.model.manifest["data"]
    assert result.model.manifest["base"]["pairs"] == len(base_rows())
    assert result.model.manifest["base"]["name"] == base.name


def test_a_base_is_carried_along(pairs_file, tmp_path):
    base = pairs_file(base_rows(), "base.jsonl")
    stance.train([pairs_file(rows())], tmp_path / "based", base=base, carry_data=True)
    assert len(artifact.read_carried_corpus(tmp_path / "based").pairs) == len(rows()) + len(base_rows())


def test_a_base_may_know_labels_that_the_own_data_lack(pairs_file, tmp_path):
    own = pairs_file(rows(labels=("cooperative", "opposed")))
    base = pairs_file(rows(prefix="b"), "base.jsonl")
    result = stance.train([own], tmp_path / "model", base=base)
    assert result.model.labels == stance.STANCES
    assert result.evaluation.per_label["neutral"].support == 0


def test_a_base_lets_own_data_have_one_label(pairs_file, tmp_path):
    own = pairs_file(rows(labels=("opposed",)))
    result = stance.train([own], tmp_path / "model", base=pairs_file(rows(prefix="b"), "base.jsonl"))
    assert result.evaluation.n == len(rows(labels=("opposed",)))


def test_own_articles_in_the_base_are_not_seen_before_they_are_tested(small_rows, pairs_file, tmp_path):
    noise = small_rows[:200]
    labels = [r["label"] for r in noise]
    random.Random(5).shuffle(labels)
    data = pairs_file([{**r, "label": label, "quad": None} for r, label in zip(noise, labels, strict=True)])
    alone = stance.train([data], tmp_path / "alone").evaluation.score.macro_f1
    with_itself = stance.train([data], tmp_path / "doubled", base=data).evaluation.score.macro_f1
    assert with_itself < alone + 0.2  # labels at random cannot be learned, only remembered


def test_carried_data_can_be_read_though_ids_of_own_and_base_coincide(pairs_file, tmp_path):
    own = pairs_file([{**r, "id": k} for k, r in enumerate(rows())])
    base = pairs_file([{**r, "id": k} for k, r in enumerate(base_rows())], "base.jsonl")
    stance.train([own], tmp_path / "model", base=base, carry_data=True)
    assert len(artifact.read_carried_corpus(tmp_path / "model").pairs) == len(rows()) + len(base_rows())


def test_a_base_that_does_not_carry_its_data_is_refused(pairs_file, tmp_path):
    stance.train([pairs_file(rows())], tmp_path / "bare")
    with pytest.raises(ArtifactError, match=r"bare: does not carry its training data"):
        stance.train([pairs_file(rows())], tmp_path / "model", base=tmp_path / "bare")
    assert not (tmp_path / "model").exists()


def test_a_base_that_is_not_there_is_refused(pairs_file, tmp_path):
    with pytest.raises(ArtifactError, match="nowhere"):
        stance.train([pairs_file(rows())], tmp_path / "model", base=tmp_path / "nowhere")
    assert not (tmp_path / "model").exists()


def test_problems_of_a_base_file_are_listed(pairs_file, tmp_path):
    base = pairs_file([row("hostile", "hexed", "b")], "base.jsonl")
    with pytest.raises(CorpusError, match=r"base\.jsonl:1: label 'hostile'"):
        stance.train([pairs_file(rows())], tmp_path / "model", base=base)


def test_all_problems_of_the_data_are_listed_and_nothing_is_written(pairs_file, tmp_path):
    bad = rows(2)
    bad[1]["label"] = "hostile"
    bad[2]["source"] = {"spans": [[0, 10_000]]}
    bad[3]["target"] = bad[3]["source"]
    bad[4]["id"] = bad[0]["id"]
    bad[5]["quad"] = "verbal_kindness"
    other = [{**bad[6], "id": "again", "label": "opposed"}, {"text": ""}]
    paths = [pairs_file(bad, "bad.jsonl"), pairs_file(other, "other.jsonl")]
    with pytest.raises(CorpusError) as caught:
        stance.train(paths, tmp_path / "model")
    places = {(problem.path, problem.line) for problem in caught.value.problems}
    assert places == {(str(paths[0]), line) for line in (2, 3, 4, 5, 6)} | {(str(paths[1]), line) for line in (1, 2)}
    for path, line in places:
        assert f"{path}:{line}: " in str(caught.value)
    assert not (tmp_path / "model").exists()


def test_problems_leave_the_model_of_before_as_it_was(pairs_file, tmp_path):
    stance.train([pairs_file(rows())], tmp_path / "model")
    before = contents(tmp_path / "model")
    with pytest.raises(CorpusError):
        stance.train([pairs_file([row("hostile", "hexed", "b")])], tmp_path / "model")
    assert contents(tmp_path / "model") == before


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(rows(labels=("opposed",)), "opposed; at least two labels", id="one label"),
        pytest.param(rows(1), "of one article; at least two articles", id="one article"),
        pytest.param(rows(1)[:1], "at least two", id="one pair"),
        pytest.param([], "no labelled pairs", id="nothing"),
        pytest.param(
            [row("opposed", "attacked", "a"), row("neutral", "followed", "b")], "label", id="one label to each article"
        ),
        pytest.param(
            [row("opposed", verb, "a") for verb in VERBS["opposed"]]
            + [row("neutral", verb, "b") for verb in VERBS["neutral"]],
            "label",
            id="one label to each long article",
        ),
    ],
)
def test_data_that_nothing_can_be_learned_from_are_refused(pairs_file, tmp_path, data, said):
    with pytest.raises(CorpusError, match=said):
        stance.train([pairs_file(data)], tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CorpusError, match=r"nowhere\.jsonl"):
        stance.train([tmp_path / "nowhere.jsonl"], tmp_path / "model")


def test_a_very_small_corpus_trains(pairs_file, tmp_path):
    data = [row("opposed", "attacked", "a"), row("neutral", "followed", "a"), row("opposed", "bombed", "b")]
    result = stance.train([pairs_file([*data, row("neutral", "preceded", "b")])], tmp_path / "model")
    assert result.evaluation.n == 4


def portrayals(number: int) -> list[dict]:
    """Rows of sentiment, each in an article of its own, whose label hangs on one word."""
    words = {"positive": "helped", "negative": "cheated", "neutral": "phoned"}
    return [
        {
            "text": f"Norvik {word} the {number} farmers of hut {n}.",
            "target": {"spans": [[0, 6]]},
            "label": label,
            "article": f"{label}-{n}",
        }
        for n in range(number)
        for label, word in words.items()
    ]


def test_data_without_sources_trains_a_model_of_sentiment(pairs_file, tmp_path):
    result = stance.train([pairs_file(portrayals(12))], tmp_path / "moods")
    assert result.model.task == "sentiment"
    assert result.model.labels == ("negative", "neutral", "positive")
    assert result.evaluation.score.macro_f1 > 0.9
    assert "portrays" in (result.path / "README.md").read_text(encoding="utf-8")
    assert stance.load(result.path).manifest["task"] == "sentiment"


def test_a_base_must_be_about_the_same_task(pairs_file, trained, tmp_path):
    with pytest.raises(stance.CorpusError, match="is about stance, and the data about sentiment"):
        stance.train([pairs_file(portrayals(4))], tmp_path / "m", base=trained.path)


def test_the_task_that_was_asked_for_must_be_that_of_the_data(pairs_file, tmp_path):
    with pytest.raises(stance.CorpusError):
        stance.train([pairs_file(portrayals(4))], tmp_path / "m", task="stance")
    assert not (tmp_path / "m").exists()
