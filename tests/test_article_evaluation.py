from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance import ArticleStance, Dyad, StanceModel
from stance.article_evaluation import FIGURES, ArticleEvaluation, aligned, evaluate_articles, score_articles
from stance.gold import GoldArticle, read_articles
from stance.records import Actor, Mention, ModelStamp, Sentiment, Span

NORVIK, OSTMARK = Actor("NVK", "Norvik", "state"), Actor("OST", "Ostmark", "state")
COUNCIL = Actor("council", "Velm Council", "organisation")
HEAD = """\
actor: NVK | Norvik | state
actor: OST | Ostmark | state
actor: council | Velm Council | organisation
dyad: NVK > OST | opposed
dyad: OST > NVK | cooperative
dyad: council > NVK | cooperative mixed
portrayal: NVK | negative
portrayal: OST | positive
---
"""
BODY = "{NVK|Norvik} shut the dam. {OST|Ostmark} met {council|the Velm Council}, and {OST~p|it} told the crowd.\n"
TEXT = "Norvik shut the dam. Ostmark met the Velm Council, and it told the crowd.\n"


@pytest.fixture(scope="module")
def gold(tmp_path_factory) -> GoldArticle:
    path = tmp_path_factory.mktemp("gold") / "a.txt"
    path.write_text(HEAD + BODY)
    return read_articles([path])[0]


Found = list[tuple[str, Actor, str]]
Stances = list[tuple[Actor, Actor, str]]
PERFECT: Found = [
    ("Norvik", NORVIK, "name"),
    ("Ostmark", OSTMARK, "name"),
    ("Velm Council", COUNCIL, "name"),
    ("it", OSTMARK, "pronoun"),
]
RIGHT: Stances = [
    (NORVIK, OSTMARK, "opposed"),
    (OSTMARK, NORVIK, "cooperative"),
    (COUNCIL, NORVIK, "cooperative"),
]


Portrayals = dict[tuple[Actor, Actor | None], str]
FAIR: Portrayals = {(NORVIK, None): "negative", (OSTMARK, None): "positive", (COUNCIL, None): "neutral"}


def answer(
    gold: GoldArticle, found: Found, stances: Stances = (), portrayals: Portrayals | None = None
) -> ArticleStance:
    """What a model would have found: words with their actors, dyads and portrayals."""
    mentions = []
    for words, actor, via in found:
        start = TEXT.index(words)
        mentions.append(Mention(actor, Span(start, start + len(words)), via))
    dyads = [Dyad(source, target, stance, {stance: 1.0}, False, (), 1) for source, target, stance in stances]
    sentiments = {who: Sentiment(label, {label: 1.0}, False, (), 1) for who, label in (portrayals or {}).items()}
    return ArticleStance(
        gold.document, tuple(mentions), tuple(dyads), ModelStamp("m", "1", "ff"), sentiments=sentiments
    )


def scored(
    gold: GoldArticle, found: Found, stances: Stances = (), portrayals: Portrayals | None = None
) -> ArticleEvaluation:
    return score_articles([gold], [answer(gold, found, stances, portrayals)], 0, {})


def test_a_perfect_answer_has_every_figure_at_its_best(gold):
    evaluation = scored(gold, PERFECT, RIGHT, FAIR)
    best = {name: figure.value for name, figure in evaluation.figures.items()}
    assert best == {name: 0.0 if "errors" in name or "spurious" in name else 1.0 for name in FIGURES}


def test_an_empty_answer_finds_nothing_and_errs_in_nothing(gold):
    evaluation = scored(gold, [])
    assert {figure.value for figure in evaluation.figures.values()} == {0.0}
    assert evaluation.counts["gold mentions"] == 3
    assert evaluation.counts["gold references"] == 1
    assert evaluation.counts["gold dyads"] == 3
    assert evaluation.counts["gold portrayals"] == 2


def test_figures_are_those_computed_by_hand(gold):
    crowd = Actor("crowd", "Crowd", "organisation")
    found: Found = [
        ("Norvik", NORVIK, "name"),
        ("Ostmark", NORVIK, "name"),
        ("crowd", crowd, "name"),
        ("it", OSTMARK, "pronoun"),
        ("the dam", NORVIK, "nominal"),
    ]
    stances: Stances = [
        (NORVIK, OSTMARK, "opposed"),
        (OSTMARK, NORVIK, "opposed"),
        (NORVIK, crowd, "cooperative"),
        (crowd, NORVIK, "neutral"),
    ]
    evaluation = scored(gold, found, stances, {(NORVIK, None): "negative", (crowd, None): "negative"})
    assert evaluation.counts == {
        "gold mentions": 3,
        "found mentions": 3,
        "right mentions": 2,
        "right actors": 1,
        "gold references": 1,
        "found references": 2,
        "right references": 1,
        "gold dyads": 3,
        "found dyads": 3,
        "right dyads": 1,
        "polarity errors": 1,
        "spurious dyads": 1,
        "gold portrayals": 2,
        "found portrayals": 2,
        "right portrayals": 1,
    }
    assert {name: figure.value for name, figure in evaluation.figures.items()} == pytest.approx(
        {
            "mention precision": 2 / 3,
            "mention recall": 2 / 3,
            "mention F1": 2 / 3,
            "actor resolution accuracy": 1 / 2,
            "reference precision": 1 / 2,
            "reference recall": 1.0,
            "dyad precision": 1 / 3,
            "dyad recall": 1 / 3,
            "dyad F1": 1 / 3,
            "polarity errors per gold dyad": 1 / 3,
            "spurious dyads per article": 1.0,
            "portrayal precision": 1 / 2,
            "portrayal recall": 1 / 2,
            "portrayal F1": 1 / 2,
        }
    )


@pytest.mark.parametrize(
    ("stances", "right", "polarity", "spurious"),
    [
        ([], 0, 0, 0),
        ([(NORVIK, OSTMARK, "opposed")], 1, 0, 0),
        ([(NORVIK, OSTMARK, "cooperative")], 0, 1, 0),
        ([(OSTMARK, NORVIK, "opposed")], 0, 1, 0),
        ([(NORVIK, OSTMARK, "neutral")], 0, 0, 0),
        ([(COUNCIL, NORVIK, "cooperative")], 1, 0, 0),
        ([(COUNCIL, NORVIK, "opposed")], 0, 0, 0),
        ([(NORVIK, COUNCIL, "cooperative")], 0, 0, 1),
        ([(COUNCIL, OSTMARK, "opposed")], 0, 0, 1),
    ],
)
def test_a_dyad_is_right_of_the_wrong_side_or_spurious(gold, stances, right, polarity, spurious):
    counts = scored(gold, PERFECT, stances).counts
    assert (counts["right dyads"], counts["polarity errors"], counts["spurious dyads"]) == (right, polarity, spurious)


@pytest.mark.parametrize(
    ("words", "via", "found", "right", "references"),
    [
        ("Velm Council", "name", 1, 1, 0),
        ("the Velm Council", "alias", 1, 1, 0),
        ("Council", "office", 1, 1, 0),
        ("the Velm Council", "nominal", 1, 1, 0),
        ("the dam", "name", 1, 0, 0),
        ("the dam", "nominal", 0, 0, 1),
        ("it", "pronoun", 0, 0, 1),
        ("it", "name", 0, 0, 0),
    ],
)
def test_a_mention_is_right_when_it_overlaps_one_by_name(gold, words, via, found, right, references):
    counts = scored(gold, [(words, COUNCIL, via)]).counts
    assert (counts["found mentions"], counts["right mentions"]) == (found, right)
    assert counts["found references"] == references


def test_two_mentions_in_the_place_of_one_are_one_right_and_one_wrong(gold):
    counts = scored(gold, [("Velm", COUNCIL, "name"), ("Council", COUNCIL, "name")]).counts
    assert (counts["found mentions"], counts["right mentions"], counts["right actors"]) == (2, 1, 1)


@pytest.mark.parametrize(("actor", "right"), [(OSTMARK, 1), (NORVIK, 0)])
def test_a_reference_is_right_when_it_stands_for_the_same_actor(gold, actor, right):
    found: Found = [("Norvik", NORVIK, "name"), ("Ostmark", OSTMARK, "name"), ("it", actor, "pronoun")]
    assert scored(gold, found).counts["right references"] == right


VELM = Actor("velm", "Velm", "person")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([("Velm Council", COUNCIL, "name")], {"council": "council"}),
        ([("Velm Council", Actor("velm-council", "velm council", "party"), "name")], {"velm-council": "council"}),
        ([("Velm Council", VELM, "name")], {"velm": "council"}),
        ([("Velm Council", VELM, "name"), ("Norvik", NORVIK, "name")], {"velm": "council", "NVK": "NVK"}),
        ([("Velm", VELM, "name"), ("Council", COUNCIL, "name")], {"council": "council"}),
        ([("the dam", VELM, "name")], {}),
        ([("Ostmark", NORVIK, "name")], {"NVK": "NVK"}),
    ],
)
def test_an_open_actor_is_the_gold_actor_of_its_id_name_or_mentions(gold, found, expected):
    assert aligned(gold, answer(gold, found)) == expected


def test_a_dyad_of_an_open_actor_counts_for_the_gold_actor_that_it_is(gold):
    found: Found = [("Norvik", NORVIK, "name"), ("Velm Council", VELM, "name")]
    counts = scored(gold, found, [(VELM, NORVIK, "cooperative")]).counts
    assert (counts["right actors"], counts["right dyads"], counts["spurious dyads"]) == (2, 1, 0)


def test_counts_are_summed_over_articles_before_figures_are_made(gold):
    results = [answer(gold, PERFECT, RIGHT), answer(gold, [], [])]
    evaluation = score_articles([gold, gold], results, 0, {"seed": 0})
    assert evaluation.n == 2
    assert evaluation.figures["mention recall"].value == 0.5
    assert evaluation.figures["mention precision"].value == 1.0
    assert evaluation.figures["dyad F1"].value == pytest.approx(2 * 3 / (3 + 6))
    assert evaluation.figures["mention recall"].low == 0.0
    assert evaluation.figures["mention recall"].high == 1.0


def test_every_answer_needs_its_article(gold):
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        score_articles([gold, gold], [answer(gold, [])], 0, {})


@given(
    st.lists(st.tuples(st.sets(st.integers(0, 3)), st.sets(st.integers(0, 2))), min_size=1, max_size=6),
    st.integers(0, 9),
)
@settings(max_examples=30, deadline=None)
def test_the_interval_holds_the_value_and_the_seed_makes_it(gold, answers, seed):
    results = [answer(gold, [PERFECT[i] for i in sorted(f)], [RIGHT[i] for i in sorted(s)]) for f, s in answers]
    first, again = (score_articles([gold] * len(results), results, seed, {}) for _ in range(2))
    assert first == again
    for figure in first.figures.values():
        assert figure.low - 1e-12 <= figure.value <= figure.high + 1e-12


def test_the_shipped_model_is_scored_on_articles(model: StanceModel, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "actor: RUS | Russia | state\nactor: TUR | Turkey | state\ndyad: RUS > TUR | opposed\n---\n"
        "{RUS|Russia} condemned {TUR|Turkey} on Monday over the raid on the dam.\n"
    )
    evaluation = evaluate_articles(model, read_articles([path]), 3)
    assert evaluation.figures["mention F1"].value == 1.0
    assert evaluation.figures["dyad F1"].value == 1.0
    assert evaluation.signature["model"] == model.stamp.sha256
    assert evaluation.signature["seed"] == 3
    found = evaluation.to_dict()
    assert json.loads(json.dumps(found)) == found
    assert found["figures"]["dyad F1"] == {"value": 1.0, "low": 1.0, "high": 1.0}


def test_references_are_found_only_on_request(model: StanceModel, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "actor: RUS | Russia | state\nactor: TUR | Turkey | state\n---\n"
        "{RUS|Russia} shut the dam. {RUS~p|It} told {TUR|Turkey} that it was late.\n"
    )
    articles = read_articles([path])
    recall = [evaluate_articles(model, articles, reference=r).figures["reference recall"].value for r in (True, False)]
    assert recall == [1.0, 0.0]


@pytest.mark.parametrize(
    ("portrayals", "found", "right"),
    [
        ({}, 0, 0),
        ({(NORVIK, None): "negative"}, 1, 1),
        ({(NORVIK, None): "positive"}, 1, 0),
        ({(NORVIK, None): "neutral", (COUNCIL, None): "negative"}, 1, 0),
        ({(Actor("nvk-2", "Norvik", "state"), None): "negative"}, 1, 1),
        ({(COUNCIL, NORVIK): "negative"}, 1, 0),
    ],
    ids=["none", "right", "wrong side", "of another", "another id", "who acts for it"],
)
def test_a_portrayal_is_right_of_its_actor_and_its_side(gold, portrayals, found, right):
    words = [("Norvik", actor, "name") for actor, _ in portrayals if actor.name == "Norvik"] or PERFECT
    counts = scored(gold, words, (), portrayals).counts
    assert (counts["found portrayals"], counts["right portrayals"]) == (found, right)


def test_who_acts_for_another_is_portrayed_as_the_person_that_the_gold_has(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "actor: NVK | Norvik | state\nactor: ada | Ada Lorn | person | NVK\nportrayal: ada | positive\n---\n"
        "{ada|Minister Lorn} saved the dam.\n"
    )
    (gold,) = read_articles([path])
    ada = Actor("ada-lorn", "Ada Lorn", "person")
    sentiments = {(ada, NORVIK): Sentiment("positive", {"positive": 1.0}, False, (), 1)}
    result = ArticleStance(
        gold.document,
        (Mention(NORVIK, Span(0, 13), "office", ada),),
        (),
        ModelStamp("m", "1", "ff"),
        sentiments=sentiments,
    )
    assert score_articles([gold], [result], 0, {}).figures["portrayal F1"].value == 1.0


def test_an_article_that_nobody_read_for_sentiment_is_not_scored_for_it(gold):
    counts = score_articles([replace(gold, portrayals=None)], [answer(gold, PERFECT, RIGHT, FAIR)], 0, {}).counts
    assert (counts["gold portrayals"], counts["found portrayals"]) == (0, 0)
