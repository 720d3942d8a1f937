from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from templates import fill

import stance
from stance import ActorError, ArtifactError, Document, Pair

ACTORS = {
    "actors": [
        {"id": "norvik", "name": "Norvik", "kind": "state", "demonyms": ["Norvikers"], "seats": ["Harth Palace"]},
        {"id": "ostmark", "name": "Ostmark", "kind": "state", "aliases": ["the Ostmark Union"]},
        {"id": "harrow-league", "name": "Harrow League", "kind": "organisation"},
    ]
}
ARTICLE = """\
Norvik condemned Ostmark on Monday over the burning of two ferries.

The Harrow League sent forty field kitchens to Ostmark. "We thank the Harrow League," a farmer said.

Harth Palace threatened Ostmark with sanctions. Rain fell in the valley.
"""


@pytest.fixture(scope="session")
def own_actors(tmp_path_factory):
    path = tmp_path_factory.mktemp("actors") / "actors.json"
    path.write_text(json.dumps(ACTORS), encoding="utf-8")
    return stance.load(actors=path)


@pytest.fixture(scope="session")
def result(own_actors):
    return own_actors.predict(ARTICLE)


def test_an_article_gives_directed_stances(result):
    assert result["Norvik", "Ostmark"].stance == "opposed"
    assert result["Harrow League", "Ostmark"].stance == "cooperative"
    assert result["ostmark", "norvik"].stance == "neutral"
    assert {(d.source.id, d.target.id) for d in result} == {
        ("norvik", "ostmark"),
        ("ostmark", "norvik"),
        ("harrow-league", "ostmark"),
        ("ostmark", "harrow-league"),
    }


def test_evidence_and_mentions_are_quoted_from_the_text(result):
    named = {ARTICLE[slice(*m.span)] for m in result.mentions if m.via != "pronoun"}
    assert named == {"Norvik", "Ostmark", "Harrow League", "Harth Palace"}
    for dyad in result:
        assert sum(dyad.probabilities.values()) == pytest.approx(1)
        assert dyad.evidence
        for evidence in dyad.evidence:
            assert ARTICLE[slice(*evidence.span)] == evidence.text
            for span in (*evidence.source_spans, *evidence.target_spans):
                assert evidence.span.start <= span.start < span.end <= evidence.span.end


def test_a_seat_stands_for_its_actor(result):
    dyad = result["Norvik", "Ostmark"]
    assert dyad.passages == 2
    assert "Harth Palace" in " ".join(evidence.text for evidence in dyad.evidence)


def test_evidence_holds_what_classify_says_of_the_passage(own_actors, result):
    (evidence,) = result["Harrow League", "Ostmark"].evidence
    local = [
        tuple((start - evidence.span.start, end - evidence.span.start) for start, end in spans)
        for spans in (evidence.source_spans, evidence.target_spans)
    ]
    (answer,) = own_actors.classify([Pair(evidence.text, *(tuple(stance.Span(*s) for s in spans) for spans in local))])
    assert (answer.label, answer.probability) == (evidence.label, pytest.approx(evidence.probability))


def test_the_answer_names_the_model(model, result):
    assert result.model == model.stamp
    assert result.to_dict()["model"] == {
        "name": "stance-en",
        "version": model.stamp.version,
        "sha256": model.stamp.sha256,
    }


def test_a_document_keeps_what_is_known_of_it(own_actors):
    document = Document(ARTICLE, id="7", title="Ferries", date="2031-05-04", url="https://example.org/7")
    article = own_actors.predict(document).to_dict()["article"]
    assert article == {
        "id": "7",
        "title": "Ferries",
        "date": "2031-05-04",
        "url": "https://example.org/7",
        "path": None,
    }


def test_renaming_actors_in_a_text_changes_no_probability(tmp_path, result):
    renamed = {"Harth Palace": "Tull Hall", "Norvik": "Brennland", "Ostmark": "Sarovia", "Harrow League": "Dusk Pact"}
    text, actors = ARTICLE, json.dumps(ACTORS)
    for old, new in renamed.items():
        text, actors = text.replace(old, new), actors.replace(old, new)
    (tmp_path / "renamed.json").write_text(actors, encoding="utf-8")
    again = stance.load(actors=tmp_path / "renamed.json").predict(text)
    before, after = (
        {(d.source.id, d.target.id): dict(d.probabilities) for d in article} for article in (result, again)
    )
    assert before.keys() == after.keys()
    for dyad, probabilities in before.items():
        assert after[dyad] == pytest.approx(probabilities, abs=1e-12)


@pytest.mark.parametrize("text", ["", "\n", "Rain fell.", "Norvik slept.", "Norvik slept. Ostmark did too."])
def test_a_text_without_pairs_gives_an_empty_result(own_actors, text):
    article = own_actors.predict(text)
    assert len(article) == 0
    assert article.to_dict()["dyads"] == []


pieces = st.sampled_from(
    [
        "Norvik",
        "Ostmark",
        "Harrow League",
        "attacked",
        "praised",
        " ",
        " ",
        ". ",
        "\n\n",
        '"',
        "’s ",
        "—",
        "\u0301",
        "7",
        "\r",
    ]
)


@given(st.lists(st.one_of(pieces, st.text(max_size=8)), max_size=30).map("".join))
@settings(max_examples=50, deadline=None)
def test_any_text_gives_a_result_with_true_offsets(own_actors, text):
    article = own_actors.predict(text)
    for evidence in (evidence for dyad in article for evidence in dyad.evidence):
        assert text[slice(*evidence.span)] == evidence.text
    json.dumps(article.to_dict())


def test_a_repeated_passage_counts_once(own_actors, result):
    twice = own_actors.predict(ARTICLE + "\n" + ARTICLE)
    assert [(d.source.id, d.target.id, d.probability, d.passages) for d in twice] == [
        (d.source.id, d.target.id, pytest.approx(d.probability), d.passages) for d in result
    ]


def texts() -> list[str]:
    verbs = ["condemned", "praised", "invaded", "thanked"]
    return [f"Norvik {verbs[k % 4]} Ostmark in chapter {k}." for k in range(40)] + ["", "Nothing."]


def test_many_texts_are_answered_one_after_the_other(own_actors):
    many = own_actors.predict_many(iter(texts()))
    first = next(many)
    assert first.to_dict() == own_actors.predict(texts()[0]).to_dict()
    assert len([*many]) == len(texts()) - 1


def test_several_processes_answer_like_one(own_actors):
    one, two = ([a.to_dict() for a in own_actors.predict_many(texts(), jobs=jobs)] for jobs in (1, 2))
    assert one == two
    assert [d["stance"] for d in one[0]["dyads"] if d["source"] == "norvik"] == ["opposed"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_texts_no_answers(own_actors, jobs):
    assert [*own_actors.predict_many([], jobs=jobs)] == []


def test_explaining_a_text_names_its_passages(own_actors):
    first, second = own_actors.explain_text(ARTICLE, "Norvik", "Ostmark")
    assert first.text.startswith("Norvik condemned Ostmark")
    assert second.text.startswith("Harth Palace threatened")
    for passage in (first, second):
        assert ARTICLE[slice(*passage.span)] == passage.text
        explanation = passage.explanation
        for label, score in explanation.scores.items():
            total = explanation.intercepts[label] + sum(c.scores[label] for c in explanation.contributions)
            assert abs(total - score) < 1e-9
    assert first.explanation.answer.label == "opposed"
    assert json.loads(json.dumps(first.to_dict()))["text"] == first.text


def test_an_explanation_agrees_with_the_evidence(own_actors, result):
    explained = {p.span: p.explanation.answer for p in own_actors.explain_text(ARTICLE, "harrow-league", "ostmark")}
    for evidence in result["Harrow League", "Ostmark"].evidence:
        assert explained[evidence.span].probabilities[evidence.label] == pytest.approx(evidence.probability)


def test_explaining_is_directed(own_actors):
    there, back = (
        own_actors.explain_text("Norvik condemned Ostmark.", *names)[0].explanation.scores
        for names in (("Norvik", "Ostmark"), ("Ostmark", "Norvik"))
    )
    assert there != back


def test_actors_that_never_meet_have_nothing_to_explain(own_actors):
    assert own_actors.explain_text(ARTICLE, "Norvik", "Harrow League") == ()


@pytest.mark.parametrize("names", [("Atlantis-on-Lorn", "Norvik"), ("Norvik", "Atlantis-on-Lorn")])
def test_an_unknown_actor_is_named(own_actors, names):
    with pytest.raises(ActorError, match="Atlantis-on-Lorn"):
        own_actors.explain_text(ARTICLE, *names)


def test_own_actors_are_added_and_the_model_stays_as_it_was(model, own_actors):
    assert own_actors.registry.resolve("Norvik").id == "norvik"
    with pytest.raises(ActorError):
        model.registry.resolve("Norvik")
    assert own_actors.stamp == model.stamp


def test_the_repr_says_which_model_it_is(model):
    terms = model.describe()["terms"]
    assert repr(model) == f"StanceModel(stance-en {model.stamp.version}, {terms} terms)"
    assert terms > 1000


def test_the_description_can_be_printed_as_json(model):
    described = json.loads(json.dumps(model.describe()))
    assert described["sha256"] == model.stamp.sha256
    assert described["labels"] == ["cooperative", "neutral", "opposed"]
    assert described["data"]["pairs"] == sum(described["data"]["labels"].values())


@pytest.mark.parametrize(
    ("sentence", "stance_of_source"),
    [
        ("{s} condemned {t} on Monday.", "opposed"),
        ("{t} was condemned by {s} on Monday.", "opposed"),
        ("{s} praised {t} for its help.", "cooperative"),
        ("{s} lifted its sanctions on {t}.", "cooperative"),
        ("{s} is larger than {t} and has more lakes.", "neutral"),
    ],
)
def test_the_shipped_model_reads_plain_sentences(model, sentence, stance_of_source):
    (answer,) = model.classify([fill(sentence, s="Norvik", t="Ostmark")])
    assert answer.label == stance_of_source


@pytest.mark.parametrize("sentence", ["{s} condemned {t} on Monday.", "{t} was condemned by {s} on Monday."])
def test_the_one_who_is_condemned_holds_nothing(model, sentence):
    (answer,) = model.classify([fill(sentence, source="t", target="s", s="Norvik", t="Ostmark")])
    assert answer.label == "neutral"


def test_a_model_that_nobody_ships_is_named():
    with pytest.raises(ArtifactError, match="stance-xx: no such model; expected a folder"):
        stance.load("stance-xx")


DATED = "In the evening Barack Obama condemned Russia over the raid on the dam. He told the crowd to wait."


@pytest.mark.parametrize(
    ("date", "actor"),
    [
        ("2012-03-04", "USA"),
        ("2012-03-04T10:00:00Z", "USA"),
        ("2012", "USA"),
        ("2020-03-04", "barack-obama"),
        (None, "USA"),
        ("4 March 2012", "USA"),
    ],
)
def test_the_date_of_a_document_says_for_whom_persons_act(model, date, actor):
    article = model.predict(Document(DATED, date=date))
    (dyad,) = (d for d in article if d.target.id == "RUS")
    assert (dyad.source.id, dyad.stance) == (actor, "opposed")
    agents = {m["acts_for"] for m in article.to_dict()["mentions"] if m["actor"] == "barack-obama"}
    assert agents == {None if actor == "barack-obama" else actor}


@pytest.mark.parametrize(("reference", "vias"), [(True, ["office", "name", "pronoun"]), (False, ["office", "name"])])
def test_references_are_linked_on_request(model, reference, vias):
    value = model.predict(Document(DATED, date="2012"), reference=reference).to_dict()
    assert [mention["via"] for mention in value["mentions"]] == vias
    (many,) = model.predict_many([Document(DATED, date="2012")], reference=reference)
    assert many.to_dict() == value


def test_evidence_has_its_place_and_who_says_so(own_actors):
    text = (
        "Norvik Condemns Ostmark\n\nNorvik condemned Ostmark over the raid on the dam.\n\n"
        "In spring Norvik bombed Ostmark, the Harrow League said.\n"
    )
    evidence = own_actors.predict(text)["Norvik", "Ostmark"].to_dict()["evidence"]
    assert {e["place"]: e["attributed_to"] for e in evidence} == {
        "headline": None,
        "lead": None,
        "body": "harrow-league",
    }


def test_the_title_is_the_headline_wherever_it_stands(own_actors):
    text = "Rain fell on the dam. Norvik condemned Ostmark over the raid. Later Norvik bombed Ostmark."
    document = Document(text, title="Norvik condemned Ostmark over the raid.")
    evidence = own_actors.predict(document)["Norvik", "Ostmark"].evidence
    assert {e.text: e.place for e in evidence} == {
        "Norvik condemned Ostmark over the raid.": "headline",
        "Later Norvik bombed Ostmark.": "body",
    }


def test_actors_that_meet_in_a_contest_are_neutral(own_actors):
    text = "Norvik crushed Ostmark 3-0 in the final of the World Cup."
    assert own_actors.predict(text)["Norvik", "Ostmark"].stance == "neutral"
    assert own_actors.predict("Norvik crushed Ostmark in the hills.")["Norvik", "Ostmark"].stance == "opposed"


def test_an_actor_that_only_the_text_knows_can_be_explained(own_actors):
    text = "In the evening Norvik condemned the Velm Council over the raid."
    (passage,) = own_actors.explain_text(text, "Norvik", "Velm Council")
    assert passage.explanation.answer.label == "opposed"


PORTRAYED = """\
The Harrow League has cheated its own members for years, a court found, and its chairman lied about it.

Norvik won praise on all sides for the generous and patient way in which it cared for the flooded villages.
"""


def test_an_article_gives_the_sentiment_toward_each_actor(own_actors):
    result = own_actors.predict(PORTRAYED)
    assert result.actors["Harrow League"].sentiment.label == "negative"
    assert result.actors["norvik"].sentiment.label == "positive"
    assert result.sentiment_model.name == "sentiment-en"
    for found in result.actors:
        assert sum(found.sentiment.probabilities.values()) == pytest.approx(1)
        for evidence in found.sentiment.evidence:
            assert PORTRAYED[slice(*evidence.span)] == evidence.text
            assert {*evidence.target_spans} <= {*found.mentions}


def test_sentiment_is_left_out_when_it_is_not_wanted(own_actors):
    result = own_actors.predict(PORTRAYED, sentiment=False)
    assert result.sentiment_model is None
    assert all(found.sentiment is None for found in result.actors)


def test_a_person_is_portrayed_apart_from_the_state_that_is_named_beside(model):
    text = "President Vladimir Putin lied shamelessly, critics said. Russia sent bread to the flooded villages."
    actors = model.predict(text).actors
    (person,) = (found for found in actors if found.acts_for)
    assert person.sentiment.passages == 1
    assert actors["Russia"].sentiment.passages == 1
    assert actors["Russia"].sentiment.evidence[0].span.start > person.sentiment.evidence[0].span.start


def test_a_sports_report_portrays_nobody(model):
    found = model.predict("Russia crushed a hopeless Brazil 4-0 in the World Cup final.").actors
    assert {one.sentiment.label for one in found} == {"neutral"}


def test_a_model_of_sentiment_answers_no_question_of_stance():
    portrayals = stance.load("sentiment-en")
    assert portrayals.task == "sentiment"
    with pytest.raises(ArtifactError, match="is a model of sentiment, and what is asked is stance"):
        portrayals.predict("Russia met China.")
    with pytest.raises(ArtifactError, match="is a model of stance, and what is asked is sentiment"):
        stance.load(sentiment="stance-en").predict("Russia met China.")


def test_why_an_actor_is_portrayed_so():
    portrayals = stance.load("sentiment-en")
    text = "Russia lied shamelessly. China kept its word."
    (passage,) = portrayals.explain_text(text, "Russia")
    assert passage.text == "Russia lied shamelessly."
    explanation = passage.explanation
    for label, score in explanation.scores.items():
        total = sum(c.scores[label] for c in explanation.contributions) + explanation.intercepts[label]
        assert total == pytest.approx(score, abs=1e-9)
