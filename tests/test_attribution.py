from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.attribution import sayers
from stance.names import find_names
from stance.records import Span
from stance.registry import ActorRecord, Office, PersonRecord, Registry

NORVIK = ActorRecord("NVK", "Norvik", "state", (), ("Norvikan",))
OSTMARK = ActorRecord("OST", "Ostmark", "state")
LEAGUE = ActorRecord("harrow", "Harrow League", "organisation")
ADA = PersonRecord("Ada Lorn", (), (Office("NVK", "head of state", None, None),))
REGISTRY = Registry((NORVIK, OSTMARK, LEAGUE), (), (ADA,))


def said_by(text: str) -> list[str]:
    return [*sayers(text, Span(0, len(text)), find_names(text, REGISTRY))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norvik said Ostmark had shelled the dam.", ["NVK"]),
        ("Norvik repeatedly warned that Ostmark would shell the dam.", ["NVK"]),
        ("Norvik later said Ostmark had shelled the dam.", ["NVK"]),
        ("Norvik has accused Ostmark of theft.", ["NVK"]),
        ("Norvikan officials say Ostmark shelled the dam.", ["NVK"]),
        ("Norvik's army spokesman said Ostmark had shelled the dam.", ["NVK"]),
        ("Ada Lorn told Ostmark to leave.", ["NVK"]),
        ("Ostmark had shelled the dam, Norvik said.", ["NVK"]),
        ("Ostmark had shelled the dam, said Norvik.", ["NVK"]),
        ("“Ostmark has shelled the dam,” said Norvik.", ["NVK"]),
        ('"Ostmark has shelled the dam," says the Harrow League.', ["harrow"]),
        ("Ostmark shelled the dam, according to the Harrow League.", ["harrow"]),
        ("Norvik shelled Ostmark, the Harrow League found.", ["harrow"]),
        ("A report by the Harrow League said Norvik had shelled Ostmark.", ["harrow"]),
        ("Norvik said the dam was safe, and Ostmark said it was not.", ["NVK", "OST"]),
        ("According to Norvik, Ostmark shelled the dam.", ["NVK"]),
        ("Norvik had said that Ostmark would shell the dam.", ["NVK"]),
        ("Norvik, which had waited, said Ostmark shelled the dam.", ["NVK"]),
    ],
)
def test_words_are_attributed_to_who_says_them(text, expected):
    assert said_by(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Norvik shelled Ostmark.",
        "Norvik shelled Ostmark after it said no.",
        "Norvik is said to have shelled Ostmark.",
        "A man said that Norvik shelled Ostmark.",
        "It rained, a man said.",
    ],
)
def test_where_no_actor_speaks_nothing_is_attributed(text):
    assert said_by(text) == []


def test_only_the_sentence_counts():
    text = "Norvik shelled Ostmark. Said the man: no. According to the Harrow League, it rained."
    mentions = find_names(text, REGISTRY)
    first = Span(0, text.index(".") + 1)
    assert [*sayers(text, first, [m for m in mentions if m.span.end <= first.end])] == []


@given(st.lists(st.sampled_from(["Norvik", "Ostmark", "said", "according to", "the", ",", "”", "'s", "told", " "])))
def test_who_says_something_is_always_mentioned(words):
    text = " ".join(words)
    assert set(said_by(text)) <= {mention.actor.id for mention in find_names(text, REGISTRY)}
