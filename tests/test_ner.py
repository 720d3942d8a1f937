from __future__ import annotations

import sys

import pytest

from stance import StanceError
from stance.ner import load_ner

PATTERNS = [
    {"label": "PERSON", "pattern": "Ilse Brandt"},
    {"label": "ORG", "pattern": "the Velm Council"},
    {"label": "ORG", "pattern": "The Velm Council"},
    {"label": "ORG", "pattern": "Kelda\nFoods"},
    {"label": "PERSON", "pattern": "Oskar Venn's"},
    {"label": "PERSON", "pattern": "Rosa Venn’s"},
    {"label": "ORG", "pattern": "ministry"},
    {"label": "GPE", "pattern": "Sarovia"},
    {"label": "DATE", "pattern": "Monday"},
]


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory) -> str:
    """A small pipeline on disk that finds the names of ``PATTERNS``."""
    spacy = pytest.importorskip("spacy")
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(PATTERNS)
    path = tmp_path_factory.mktemp("ner") / "pipeline"
    nlp.to_disk(path)
    return str(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ilse Brandt met the Velm Council.", {"Ilse Brandt": "person", "Velm Council": "organisation"}),
        ("The Velm Council slept.", {"Velm Council": "organisation"}),
        ("They sold Kelda\nFoods.", {"Kelda Foods": "organisation"}),
        ("They sold Oskar Venn's boat to Rosa Venn’s son.", {"Oskar Venn": "person", "Rosa Venn": "person"}),
        ("The ministry came to Sarovia on Monday.", {}),
        ("It rained.", {}),
        ("", {}),
    ],
)
def test_persons_and_organisations_are_found(pipeline, text, expected):
    assert load_ner(pipeline)(text) == expected


def test_a_text_that_is_too_long_is_read_as_far_as_it_can_be(pipeline):
    names = load_ner(pipeline)
    names._nlp.max_length = 40
    assert names("Ilse Brandt met a man." + " It rained." * 20 + " Ilse Brandt left.") == {"Ilse Brandt": "person"}


def test_names_that_are_found_are_actors_of_an_article(pipeline, model):
    text = "The boat of Ilse Brandt was old and grey. Russia condemned the Velm Council over the boats."
    plain, helped = ({a.name for a in model.predict(text, ner=ner).actors} for ner in (None, load_ner(pipeline)))
    assert "Ilse Brandt" not in plain
    assert helped >= {"Ilse Brandt", "Velm Council", "Russia"}


def test_several_processes_find_what_one_finds(pipeline, model):
    texts = ["The boat of Ilse Brandt was old and grey.", "It rained."] * 10
    one, two = ([a.to_dict() for a in model.predict_many(texts, jobs, ner=load_ner(pipeline))] for jobs in (1, 2))
    assert one == two
    assert one[0]["actors"][0]["id"] == "ilse-brandt"


@pytest.mark.parametrize("name", ["spacy", "en_core_web_sm"])
def test_without_spacy_the_error_says_how_to_install_it(monkeypatch, name):
    monkeypatch.setitem(sys.modules, "spacy", None)  # as if it were not installed
    with pytest.raises(StanceError, match=r"--ner needs spaCy: pip install 'actor-stance\[ner\]'"):
        load_ner(name)


def test_a_pipeline_that_is_not_there_is_named():
    pytest.importorskip("spacy")
    with pytest.raises(StanceError, match="spaCy has no pipeline 'no_such_pipeline'; python -m spacy download"):
        load_ner("no_such_pipeline")
