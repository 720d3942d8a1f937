from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from templates import fill

from stance import Pair, Span, load
from stance.features import KINDS, PairVectorizer, TermTable, terms

NAMES = {"s": "Norvik", "t": "Ostmark", "o": "Keld"}
RENAMINGS = [
    pytest.param({"s": "Brennland", "t": "Sarovia", "o": "Tull"}, id="single words"),
    pytest.param({"s": "the Harrow League", "t": "the Free Sarovian Front", "o": "Tull"}, id="several words"),
    pytest.param({"s": "the rebels", "t": "their neighbours", "o": "some monks"}, id="lower case"),
    pytest.param({"s": "UNHCR", "t": "M23", "o": "G7"}, id="acronyms and digits"),
    pytest.param({"s": "U.S.", "t": "U.K.", "o": "St. Aldric"}, id="full stops"),
    pytest.param({"s": "Côte-Brûlée", "t": "O’Hara's Guard", "o": "Ünye"}, id="accents and apostrophes"),
    pytest.param({"s": "Gazette: Today", "t": "Movement “Dawn”", "o": "Who?"}, id="punctuation"),
    pytest.param({"s": "Norvik Attacks", "t": "Praised Alliance Treaty", "o": "Sanctions Board"}, id="stance words"),
    pytest.param(
        {"s": "Grand Northern Federation Council", "t": "Sarovian People's Liberation Army", "o": "Tull"},
        id="many capitals",
    ),
]
TEMPLATES = [
    "{s} condemned {t} on Monday.",
    "{t} was condemned by {s}, officials in Harth said.",
    "In Harth, {s} signed a grain treaty with {t} while {o} looked on.",
    "{s} Marines fired on a {t} Coast Guard boat off Cape Lorn.",
    "According to {o}, Minister Dale told {s} that {t} had lifted its sanctions. Nothing more was said.",
    "“{t} lies,” {s} said. {t}'s envoy, Anna Dale, left.",
    "{s}, {t} and {o} met.",
    "{s} Praises Harvest Deal With {t}",
]


def lexicon_terms(pair: Pair) -> set[str]:
    return {term[3:] for term in terms(pair) if term.startswith(("l: ", "d: "))}


@pytest.mark.parametrize("names", RENAMINGS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_renaming_the_actors_changes_no_term(template, names):
    assert sorted(terms(fill(template, **names))) == sorted(terms(fill(template, **NAMES)))


@pytest.mark.parametrize("names", RENAMINGS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_renaming_the_actors_changes_no_probability(model, template, names):
    before, after = model.classify([fill(template, **NAMES), fill(template, **names)])
    assert after.probabilities == pytest.approx(before.probabilities, abs=1e-12)


def own_terms(pair: Pair) -> list[str]:
    """The terms in which source and target are told apart."""
    return sorted(term for term in terms(pair) if not term.startswith("g: "))


ordinary_names = st.lists(
    st.text(st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=8), min_size=1, max_size=4
).map(" ".join)


@given(template=st.sampled_from(TEMPLATES), s=ordinary_names, t=ordinary_names, o=ordinary_names)
@settings(max_examples=50, deadline=None)
def test_no_name_of_letters_changes_a_term(template, s, t, o):
    assert sorted(terms(fill(template, s=s, t=t, o=o))) == sorted(terms(fill(template, **NAMES)))


@pytest.mark.parametrize("template", [t for t in TEMPLATES if "{s}, {t} and" not in t])
def test_swapping_source_and_target_gives_other_terms(template):
    there = fill(template, **NAMES)
    back = fill(template, source="t", target="s", **NAMES)
    assert sorted(terms(there)) != sorted(terms(back))


@pytest.mark.parametrize("verb", ["condemned", "praised", "invaded", "thanked"])
def test_swapping_mirrors_the_roles(verb):
    one = fill(f"{{s}} {verb} {{t}}", **NAMES)
    other = fill(f"{{t}} {verb} {{s}}", source="t", target="s", **NAMES)
    assert sorted(terms(one)) == sorted(terms(other))


def test_further_actors_are_hidden_like_capitalised_names():
    marked = fill("{s} condemned {t} after {o} had left the council", **NAMES)
    unmarked = Pair(marked.text, marked.source, marked.target)
    assert own_terms(marked) == own_terms(unmarked)


def test_a_lower_case_further_actor_is_hidden_only_when_marked():
    marked = fill("{s} condemned {t} after {o} had left", s="Norvik", t="Ostmark", o="the monks")
    unmarked = Pair(marked.text, marked.source, marked.target)
    assert "g: monk" in terms(unmarked)
    assert "g: monk" not in terms(marked)


def test_no_name_is_a_term():
    found = " ".join(terms(fill("{s} condemned {t} in Harth, as {o} noted", **NAMES))).lower()
    for name in ("norvik", "ostmark", "keld", "harth"):
        assert name not in found


def test_the_words_of_a_headline_are_kept():
    assert "m> prais" in terms(fill("{s} Praises Harvest Deal With {t}", **NAMES))


def test_of_several_mentions_the_nearest_two_count():
    found = terms(fill("{s} voted. Nobody spoke. Then {s} condemned {t}", **NAMES))
    assert "m> <S> condemn <T>" in found
    assert "m> vote" not in found


def test_the_nearest_two_may_stand_the_other_way_round():
    found = terms(fill("{s} was quiet for many long weeks until {t} condemned {s}", **NAMES))
    assert "m< <T> condemn <S>" in found
    assert not any(term.startswith("m>") for term in found)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        pytest.param([Span(4, 10)], [Span(0, 17)], id="source inside target"),
        pytest.param([Span(0, 17)], [Span(4, 10)], id="target inside source"),
        pytest.param([Span(0, 17)], [Span(0, 17)], id="the same span"),
        pytest.param([Span(0, 10)], [Span(4, 17)], id="crossing"),
        pytest.param([Span(0, 17)], [Span(11, 17)], id="same end"),
        pytest.param([Span(0, 10)], [Span(0, 17)], id="same start"),
    ],
)
def test_nested_spans_give_terms_and_hide_the_name(source, target):
    text = "the Norvik League condemned the strike"
    found = terms(Pair(text, tuple(source), tuple(target)))
    assert "g: condemn" in found
    assert not any("norvik" in term or "leagu" in term for term in found)


def test_a_mention_inside_another_does_not_hide_a_further_one():
    text = "the Norvik League condemned Ostmark"
    pair = Pair(text, (Span(0, 17), Span(4, 10)), (Span(28, 35),))
    assert "m> <S> condemn <T>" in terms(pair)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "_", "__", "...", "7", "\x00", "a", "’s", "\u200b", "\ud800 x", "e\u0301", "😀😀"]
)
@pytest.mark.parametrize("span", [Span(0, 0), Span(0, 1), Span(0, 100)])
def test_texts_with_next_to_nothing_in_them(model, text, span):
    pair = Pair(text, (span,), (Span(1, 2),))
    assert isinstance(terms(pair), list)
    (answer,) = model.classify([pair])
    assert sum(answer.probabilities.values()) == pytest.approx(1)


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_any_text_with_any_spans_gives_terms_of_known_blocks(data):
    text = data.draw(st.text(max_size=60))
    offset = st.integers(0, len(text))
    span = st.tuples(offset, offset).map(lambda ends: Span(min(ends), max(ends)))
    spans = st.lists(span, min_size=1, max_size=3).map(tuple)
    found = terms(Pair(text, data.draw(spans), data.draw(spans), data.draw(spans)))
    assert all(term.startswith(KINDS) and "\n" not in term for term in found)


def test_active_and_passive_show_in_the_terms():
    active = lexicon_terms(fill("{s} condemned {t}", **NAMES))
    passive = lexicon_terms(fill("{t} was condemned by {s}", **NAMES))
    assert {"- STA", "- SHTA"} <= active
    assert {"- TSP", "- THSP"} <= passive


@pytest.mark.parametrize("auxiliary", ["was", "is being", "were", "has been", "had been", "will be", "got"])
def test_every_passive_is_seen(auxiliary):
    assert "- TSP" in lexicon_terms(fill(f"{{t}} {auxiliary} attacked by {{s}}", **NAMES))


@pytest.mark.parametrize(
    ("predicate", "side"), [("signed a treaty with", "+"), ("meets with", "+"), ("clashed with", "-")]
)
def test_mutual_predicates_show_as_mutual(predicate, side):
    assert f"{side} ST=" in lexicon_terms(fill(f"{{s}} {predicate} {{t}}", **NAMES))


@pytest.mark.parametrize(
    "sentence",
    [
        "{s} did not condemn {t}",
        "{s} never condemned {t}",
        "{s} didn't condemn {t}",
        "{s} didn’t condemn {t}",
        "{s} stopped condemning {t}",
    ],
)
def test_turned_predicates_show_in_the_terms(sentence):
    plain = lexicon_terms(fill("{s} condemned {t}", **NAMES))
    turned = lexicon_terms(fill(sentence, **NAMES))
    assert "-" in plain
    assert "-!" not in plain
    assert "-!" in turned
    assert "-" not in turned


def test_a_negation_far_away_turns_nothing():
    found = lexicon_terms(fill("Not all envoys came to the dinner in the old town where {s} condemned {t}", **NAMES))
    assert "-!" not in found


def test_relations_stop_at_the_clause():
    found = lexicon_terms(fill("{s} voted; condemned were the farmers. {t} slept", **NAMES))
    assert not {"- ST", "- STA", "- STP"} & found


PAIRS = [fill(template, **NAMES) for template in TEMPLATES]


@pytest.fixture(scope="module")
def vectorizer() -> PairVectorizer:
    return PairVectorizer(min_df=1).fit(TermTable.of(PAIRS))


def test_each_block_of_each_row_has_length_one(vectorizer):
    matrix = vectorizer.transform(TermTable.of(PAIRS)).toarray()
    for letter in "gldstmk":
        columns = [k for k in range(len(vectorizer.keys_)) if vectorizer.name(k)[0] == letter]
        lengths = np.linalg.norm(matrix[:, columns], axis=1)
        assert np.all(np.isclose(lengths, 1) | (lengths == 0)), letter
        assert lengths.any(), letter


def test_rows_are_the_same_in_training_and_in_use(vectorizer):
    unseen = [
        *PAIRS,
        fill("{s} besieged the lighthouse keepers of {t}", **NAMES),
        Pair("", (Span(0, 0),), (Span(0, 0),)),
    ]
    trained = vectorizer.transform(TermTable.of(unseen)).toarray()
    used = np.zeros_like(trained)
    for row, pair in enumerate(unseen):
        entries = vectorizer.entries(pair)
        used[row, entries.columns] = entries.values
    np.testing.assert_allclose(used, trained, rtol=1e-5)


def test_columns_are_sorted_and_rare_terms_left_out():
    counts = TermTable.of(PAIRS)
    fitted = PairVectorizer(min_df=2).fit(counts)
    vocabulary = {fitted.name(column) for column in range(len(fitted.keys_))}
    assert (np.diff(fitted.keys_) > 0).all()
    assert "g: <S>" in vocabulary
    assert "g: harvest" not in vocabulary
    assert "g: harvest" in counts.names()


def test_rare_terms_weigh_more_than_common_ones(vectorizer):
    idf = {vectorizer.name(column): value for column, value in enumerate(vectorizer.idf_)}
    assert idf["g: <S>"] == pytest.approx(1)
    assert idf["g: harvest"] == pytest.approx(np.log((1 + len(PAIRS)) / 2) + 1)


def test_no_pairs_give_no_rows(vectorizer):
    assert TermTable.of([]).matrix.shape == (0, 0)
    assert vectorizer.vectors([]).rows.size == 0
    assert vectorizer.transform(TermTable.of([])).shape == (0, len(vectorizer.keys_))


def test_what_all_pairs_of_a_passage_share_is_the_same_for_all():
    roles = [("s", "t"), ("t", "s"), ("s", "o"), ("o", "t")]
    pairs = [fill("{s} told {t} to leave {o} alone", source=a, target=b, **NAMES) for a, b in roles]
    shared = [[term for term in terms(pair) if term.startswith("g: ")] for pair in pairs]
    assert shared[0]
    assert all(own == shared[0] for own in shared)
    assert len({tuple(own_terms(pair)) for pair in pairs}) == len(pairs)


def portrayed(template: str, target: str = "t", **names: str) -> Pair:
    """One actor of a sentence, as sentiment asks for it."""
    pair = fill(template, source="nobody", target=target, **names)
    return Pair(pair.text, (), pair.target, pair.others)


@pytest.mark.parametrize("names", RENAMINGS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_renaming_an_actor_changes_no_term_of_its_portrayal(template, names):
    assert sorted(terms(portrayed(template, **names))) == sorted(terms(portrayed(template, **NAMES)))


@pytest.mark.parametrize("names", RENAMINGS[:3])
@pytest.mark.parametrize("template", TEMPLATES)
def test_renaming_an_actor_changes_no_probability_of_its_portrayal(template, names):
    model = load("sentiment-en")
    before, after = model.classify([portrayed(template, **NAMES), portrayed(template, **names)])
    assert after.probabilities == pytest.approx(before.probabilities, abs=1e-12)


def test_every_mention_of_a_portrayed_actor_counts():
    found = terms(portrayed("{t} botched the rescue. Nobody spoke, and {t} shrugged.", t="Norvik"))
    assert {"t+ <T> botch", "t+ <T> shrug"} <= set(found)


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        pytest.param("{t} lied for years", "near TH/T-A", id="what it did"),
        pytest.param("{o} praised {t}", "near HT/OTP", id="what was done to it"),
    ],
)
def test_words_that_portray_show_where_the_actor_stands(sentence, place):
    found = terms(portrayed(sentence, t="Norvik", o="Ostmark"))
    assert any(term.startswith("q: ") and term.endswith(place) for term in found)


def test_a_portrayal_has_no_terms_of_two_actors():
    found = terms(portrayed("{t} botched the rescue of {o}", t="Norvik", o="Ostmark"))
    assert not any(term.startswith(("m", "s")) for term in found)


def test_pairs_with_and_without_a_source_may_come_together():
    pairs = [PAIRS[0], portrayed(TEMPLATES[0], **NAMES), PAIRS[1]]
    table = TermTable.of(pairs)
    names = np.array(table.names())
    for row, pair in enumerate(pairs):
        own = table.matrix[[row]].toarray().ravel() > 0
        assert sorted(names[own]) == sorted(terms(pair))
