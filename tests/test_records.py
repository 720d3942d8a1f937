from __future__ import annotations

import json
from dataclasses import replace

import pytest

from stance import ArticleStance, Document, Dyad, Evidence, Span
from stance.records import QUADS, VIAS, Actor, Mention, ModelStamp, Sentiment, quad_of

TEXT = "Norvik fined the Harrow League. Norvik <b>spared</b> Sarn."
NORVIK = Actor("NVK", "Norvik", "state")
LEAGUE = Actor("harrow", "Harrow League", "organisation")
SARN = Actor("sarn", "Sarn & <i>Sons</i>", "company")


def dyad(source: Actor, target: Actor, stance: str, probability: float, mixed: bool = False) -> Dyad:
    rest = (1 - probability) / 2
    probabilities = dict.fromkeys(("cooperative", "neutral", "opposed"), rest) | {stance: probability}
    span = Span(0, 31) if SARN not in (source, target) else Span(32, 58)
    text = TEXT[span.start : span.end]
    evidence = Evidence(span, text, stance, probability, (Span(0, 6),), (Span(17, 30),))
    return Dyad(source, target, stance, probabilities, mixed, (evidence,), 1)


@pytest.fixture
def article() -> ArticleStance:
    mentions = (
        Mention(NORVIK, Span(0, 6)),
        Mention(LEAGUE, Span(17, 30)),
        Mention(NORVIK, Span(32, 38)),
        Mention(SARN, Span(53, 57)),
    )
    dyads = (
        dyad(NORVIK, LEAGUE, "opposed", 0.9, mixed=True),
        dyad(NORVIK, SARN, "cooperative", 0.7),
        dyad(LEAGUE, NORVIK, "neutral", 0.8),
    )
    return ArticleStance(Document(TEXT, id="a1", title="T", path="a.txt"), mentions, dyads, ModelStamp("m", "1", "ff"))


def names(article: ArticleStance) -> list[tuple[str, str]]:
    return [(found.source.id, found.target.id) for found in article]


@pytest.mark.parametrize("source", ["Norvik", "NVK", "nvk", "NORVIK"])
@pytest.mark.parametrize("target", ["Harrow League", "harrow", "HARROW", "harrow league"])
def test_a_dyad_is_found_by_name_or_id_in_any_case(article, source, target):
    assert article[source, target] is article.dyads[0]


def test_direction_counts(article):
    assert article["Norvik", "harrow"].stance == "opposed"
    assert article["harrow", "Norvik"].stance == "neutral"


@pytest.mark.parametrize(("source", "target"), [("Sarn", "Ulm"), ("sarn", "Norvik"), ("Norvik", "Norvik")])
def test_a_pair_that_is_not_there_is_named_in_the_key_error(article, source, target):
    with pytest.raises(KeyError, match=f"no passage of this article mentions both '{source}' and '{target}'"):
        article[source, target]


def test_iterating_and_counting_go_over_the_dyads(article):
    assert tuple(article) == article.dyads
    assert len(article) == 3


def test_actors_come_in_order_of_first_mention_with_all_their_mentions(article):
    assert [(found.actor, found.mentions) for found in article.actors] == [
        (NORVIK, (Span(0, 6), Span(32, 38))),
        (LEAGUE, (Span(17, 30),)),
        (SARN, (Span(53, 57),)),
    ]


@pytest.mark.parametrize("name", ["Norvik", "norvik", "NVK", "nvk"])
def test_an_actor_is_found_by_name_or_id(article, name):
    assert article.actors[name].actor == NORVIK
    assert article.actors[0].actor == NORVIK


def test_an_actor_that_is_not_there_is_named(article):
    with pytest.raises(KeyError, match="Ruritania"):
        article.actors["Ruritania"]


def test_the_sentiment_toward_an_actor_is_with_the_actor(article):
    evidence = Evidence(Span(0, 31), "Norvik fined the Harrow League.", "negative", 0.8, (), (Span(0, 6),))
    probabilities = {"negative": 0.8, "neutral": 0.15, "positive": 0.05}
    found = Sentiment("negative", probabilities, False, (evidence,), 2)
    portrayed = replace(article, sentiments={(NORVIK, None): found}, sentiment_model=ModelStamp("s", "1", "ee"))
    assert portrayed.actors["Norvik"].sentiment.probability == 0.8
    assert portrayed.actors["Sarn"].sentiment is None
    assert "Norvik: negative 0.80" in repr(portrayed)
    value = portrayed.to_dict()
    assert json.loads(json.dumps(value)) == value
    assert value["sentiment_model"] == {"name": "s", "version": "1", "sha256": "ee"}
    assert "sentiment" not in value["actors"][1]
    assert value["actors"][0]["sentiment"] == {
        "label": "negative",
        "probability": 0.8,
        "probabilities": probabilities,
        "mixed": False,
        "passages": 2,
        "evidence": [
            {
                "start": 0,
                "end": 31,
                "text": "Norvik fined the Harrow League.",
                "sentiment": "negative",
                "probability": 0.8,
                "place": "body",
                "attributed_to": None,
                "target_spans": [[0, 6]],
            }
        ],
    }


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ({}, [("NVK", "harrow"), ("NVK", "sarn"), ("harrow", "NVK")]),
        ({"neutral": False}, [("NVK", "harrow"), ("NVK", "sarn")]),
        ({"min_probability": 0.75}, [("NVK", "harrow"), ("harrow", "NVK")]),
        ({"min_probability": 0.9}, [("NVK", "harrow")]),
        ({"min_probability": 0.95}, []),
        ({"pairs": {("NVK", "sarn")}}, [("NVK", "sarn")]),
        ({"pairs": {("sarn", "NVK")}}, []),
        ({"pairs": {("harrow", "NVK")}, "neutral": False}, [("harrow", "NVK")]),
        ({"pairs": {("harrow", "NVK")}, "min_probability": 0.9}, []),
        ({"pairs": set()}, []),
    ],
)
def test_selecting_keeps_the_dyads_asked_for(article, choice, left):
    chosen = article.select(**choice)
    assert names(chosen) == left
    assert (chosen.document, chosen.mentions, chosen.model) == (article.document, article.mentions, article.model)
    assert len(article) == 3


def test_dyads_that_were_left_out_cannot_be_found(article):
    with pytest.raises(KeyError):
        article.select(neutral=False)["harrow", "NVK"]


def test_the_dictionary_has_the_documented_form(article):
    value = article.to_dict()
    assert json.loads(json.dumps(value)) == value
    assert [*value] == ["schema", "article", "actors", "mentions", "dyads", "model", "sentiment_model"]
    assert value["schema"] == 1
    assert value["article"] == {"id": "a1", "title": "T", "date": None, "url": None, "path": "a.txt"}
    assert value["actors"][0] == {
        "id": "NVK",
        "name": "Norvik",
        "kind": "state",
        "acts_for": None,
        "mentions": [[0, 6], [32, 38]],
    }
    assert value["model"] == {"name": "m", "version": "1", "sha256": "ff"}
    first = value["dyads"][0]
    assert first.pop("evidence") == [
        {
            "start": 0,
            "end": 31,
            "text": "Norvik fined the Harrow League.",
            "stance": "opposed",
            "probability": 0.9,
            "quad": None,
            "place": "body",
            "attributed_to": None,
            "source_spans": [[0, 6]],
            "target_spans": [[17, 30]],
        }
    ]
    assert first.pop("probabilities") == pytest.approx({"cooperative": 0.05, "neutral": 0.05, "opposed": 0.9})
    assert first == {
        "source": "NVK",
        "target": "harrow",
        "source_name": "Norvik",
        "target_name": "Harrow League",
        "stance": "opposed",
        "probability": 0.9,
        "quad": None,
        "mixed": True,
        "passages": 1,
    }


def test_the_repr_shows_who_stands_where_and_leaves_out_the_neutral(article):
    head, *lines = repr(article).splitlines()
    assert "3 actors, 3 dyads, 2 with a stance" in head
    assert [line.strip() for line in lines] == [
        "Norvik − Harrow League: opposed 0.90 (mixed)",
        "Norvik + Sarn & <i>Sons</i>: cooperative 0.70",
    ]


def test_the_html_is_a_table_with_markup_from_the_text_escaped(article):
    html = article._repr_html_()
    assert html.startswith("<table>")
    assert html.endswith("</table>")
    assert html.count("<tr>") == 3
    assert "Sarn &amp; &lt;i&gt;Sons&lt;/i&gt;" in html
    assert "&lt;b&gt;spared&lt;/b&gt;" in html
    assert "<i>" not in html
    assert "<b>" not in html


def test_an_article_without_dyads_has_a_repr_too():
    empty = ArticleStance(Document(""), (), (), ModelStamp("m", "1", "ff"))
    assert repr(empty) == "ArticleStance: 0 actors, 0 dyads, 0 with a stance"
    assert "<tbody></tbody>" in empty._repr_html_()
    assert empty.to_dict()["dyads"] == []


ADA = Actor("ada-lorn", "Ada Lorn", "person")


@pytest.mark.parametrize("via", VIAS)
@pytest.mark.parametrize(("agent", "actor", "acts_for"), [(None, "NVK", None), (ADA, "ada-lorn", "NVK")])
def test_a_mention_names_its_actor_or_who_acts_for_it(via, agent, actor, acts_for):
    assert Mention(NORVIK, Span(3, 7), via, agent).to_dict() == {
        "start": 3,
        "end": 7,
        "actor": actor,
        "acts_for": acts_for,
        "via": via,
    }


def test_who_acts_for_others_is_listed_beside_them_and_is_no_party_to_a_dyad():
    mentions = (
        Mention(NORVIK, Span(0, 6), "office", ADA),
        Mention(LEAGUE, Span(17, 30)),
        Mention(NORVIK, Span(32, 38)),
        Mention(LEAGUE, Span(53, 57), "office", ADA),
    )
    article = ArticleStance(Document(TEXT), mentions, (), ModelStamp("m", "1", "ff"))
    assert [(found.actor, found.acts_for) for found in article.actors] == [
        (NORVIK, None),
        (LEAGUE, None),
        (ADA, NORVIK),
        (ADA, LEAGUE),
    ]
    value = article.to_dict()
    assert [(actor["id"], actor["acts_for"], actor["mentions"]) for actor in value["actors"]] == [
        ("NVK", None, [[0, 6], [32, 38]]),
        ("harrow", None, [[17, 30], [53, 57]]),
        ("ada-lorn", "NVK", [[0, 6]]),
        ("ada-lorn", "harrow", [[53, 57]]),
    ]
    assert [mention["actor"] for mention in value["mentions"]] == ["ada-lorn", "harrow", "NVK", "ada-lorn"]
    assert json.loads(json.dumps(value)) == value


@pytest.mark.parametrize(("place", "sayer"), [("headline", None), ("lead", "sarn"), ("body", "NVK")])
def test_evidence_tells_its_place_and_who_says_so(place, sayer):
    evidence = Evidence(Span(0, 6), "Norvik", "opposed", 0.9, (Span(0, 6),), (), place, sayer).to_dict()
    assert (evidence["place"], evidence["attributed_to"]) == (place, sayer)


@pytest.mark.parametrize(
    ("stance", "material", "quad"),
    [
        ("cooperative", 0.1, "verbal_cooperation"),
        ("cooperative", 0.9, "material_cooperation"),
        ("opposed", 0.49, "verbal_conflict"),
        ("opposed", 0.51, "material_conflict"),
        ("neutral", 0.9, None),
        ("opposed", None, None),
    ],
)
def test_the_quad_class_goes_with_the_stance(stance, material, quad):
    assert quad_of(stance, material) == quad
    assert quad is None or quad in QUADS[stance]
