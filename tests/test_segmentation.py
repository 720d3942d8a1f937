from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.segmentation import MAX_SENTENCE, sentences

BEFORE = "Norvik fined the Harrow League on Monday over the northern banks."
AFTER = "The League called the fine a farce."
PARAGRAPH = (
    "Norvik fined the Harrow League on Monday for fishing in waters that both of them claim as their own. "
    "The League, which has forty boats and no navy to speak of, called the fine a farce and refused to pay. "
    '"They draw a line on a map and want us to pay for it," its chairman told a crowd of hundreds at the port. '
    "Talks between the two sides broke down in the spring. A second round is planned for the end of the month."
)


def split(text: str) -> list[str]:
    """The sentences of a text, each on one line."""
    return [" ".join(text[start:end].split()) for start, end in sentences(text)]


pieces = st.sampled_from(
    ["Norvik left.", "Dr. Sarn said no", "[Related]", "KABUL - ", "Photo: a / AFP", "(c) 2020", "Share", "a" * 60]
) | st.sampled_from(
    ["U.S.", "e.g. ", "Mr. ", "?!", ".", "…", "“No,”", "\u0301", "😀", "第一。第二", *"\n\r\t\x0b\u2028 "]
)
wild_texts = st.text(max_size=200) | st.lists(pieces | st.text(max_size=5), max_size=20).map("".join)


@given(wild_texts)
@settings(max_examples=100, deadline=None)
def test_sentences_of_any_text_are_stripped_stretches_of_it_in_order(text):
    end = 0
    for span in sentences(text):
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        end = span.end


@pytest.mark.parametrize("text", ["", " ", "\n\n \t\n", "***", "- - -"])
def test_a_text_without_words_has_no_sentences(text):
    assert split(text) == []


def test_prose_is_split_into_its_sentences():
    assert split(PARAGRAPH) == [
        "Norvik fined the Harrow League on Monday for fishing in waters that both of them claim as their own.",
        "The League, which has forty boats and no navy to speak of, called the fine a farce and refused to pay.",
        '"They draw a line on a map and want us to pay for it," its chairman told a crowd of hundreds at the port.',
        "Talks between the two sides broke down in the spring.",
        "A second round is planned for the end of the month.",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Gen. Odo Sarn met the U.S. envoy at 5 p.m. on Friday.",
        "Mr. Vell of the Harrow League Inc. sued Norvik for $3.5 million.",
        "The U.N. said Norvik had agreed.",
    ],
)
def test_abbreviations_do_not_end_a_sentence(sentence):
    assert split(f"{sentence} {AFTER}") == [sentence, AFTER]


@given(st.integers(60, 95), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=50, deadline=None)
def test_hard_wrapped_text_has_the_sentences_of_the_unwrapped(width, end):
    wrapped = "\n\n".join([textwrap.fill(PARAGRAPH, width), textwrap.fill(f"{BEFORE} {PARAGRAPH}", width)])
    assert split(wrapped.replace("\n", end)) == [*split(PARAGRAPH), BEFORE, *split(PARAGRAPH)]


def test_a_line_that_breaks_off_in_mid_sentence_goes_on_in_the_next():
    assert split("Norvik fined the Harrow League and\nseized two of its boats.") == [
        "Norvik fined the Harrow League and seized two of its boats."
    ]


def test_blank_lines_end_a_sentence_without_a_full_stop():
    assert split("Norvik fines the League\n\nthe league refuses to pay") == [
        "Norvik fines the League",
        "the league refuses to pay",
    ]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n"])
def test_a_headline_without_a_full_stop_is_a_sentence_of_its_own(gap):
    headline = "Norvik Fines Harrow League"
    assert split(f"{headline}{gap}{BEFORE} {AFTER}") == [headline, BEFORE, AFTER]


NOISE = [
    "[Norvik seizes two boats of the Harrow League]",
    "Related: Norvik seizes two boats of the Harrow League",
    "RELATED: Five charts on the fishing war between Norvik and the League",
    "Read more: Norvik threatens the Harrow League",
    "Read also: What Norvik wants from the League",
    "See also: Norvik threatens the Harrow League",
    "Watch next: Norvik's boats ram the League's",
    "More on: Norvik, Harrow League",
    "More from: the Norvik desk",
    "Most read: Norvik fines the League",
    "Keywords: Norvik, Harrow League, fishing",
    "Tags: Norvik, Harrow League",
    "Topics: Norvik | Harrow League",
    "Filed under: Norvik, Harrow League",
    "Photo: A Norvik patrol boat chases a trawler of the Harrow League",
    "Photo by Ilse Brandt/AFP",
    "Photos: the League's fleet in Norvik",
    "Image credit: Norvik coast guard",
    "File photo: Norvik's patrol boats",
    "Video: How Norvik rammed a boat of the Harrow League",
    "Source: Norvik ministry of fisheries",
    "A Norvik patrol boat chases a trawler of the League. Ilse Brandt/Getty Images",
    "A Norvik patrol boat chases a trawler of the League. (Ilse Brandt/AFP)",
    "A Norvik patrol boat and a League trawler, June 4. Coast Guard/Handout via REUTERS",
    "(AP Photo/Ilse Brandt)",
    "(Reporting by Ilse Brandt in Norvik; Editing by Olaf Stein)",
    "Reporting by Ilse Brandt; editing by Olaf Stein",
    "© 2024 Norvik Times",
    "(c) Norvik Times",
    "Copyright 2024 Norvik Times. All rights reserved.",
    "Share",
    "Share this article on Facebook",
    "Tweet",
    "Email Print Share",
    "Share on Twitter | Share on WhatsApp",
    "Sign up for our newsletter",
    "Subscribe to our newsletters",
    "Follow us on Twitter",
    "Advertisement",
    "Comments (14)",
    "https://norvik.example/fishing-war",
    "www.norvik.example",
    "* * *",
    "____________",
]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("line", NOISE)
def test_lines_that_are_not_the_article_are_no_evidence(line, gap):
    assert split(gap.join([BEFORE, line, AFTER])) == [BEFORE, AFTER]
    assert split(gap.join([line, BEFORE, line])) == [BEFORE]


@pytest.mark.parametrize(
    "sentence",
    [
        "Norvik condemned the League in a letter seen by Reuters.",
        "Norvik condemned the League in a statement sent via TASS.",
        "Norvik's minister spoke to AFP.",
        "Photo editors said Norvik had banned them from the port.",
        "Photographs of the port show Norvik's boats ramming the League's.",
        "Image problems have haunted Norvik since the raid on the League.",
        "Picture postcards of the League's fleet are banned in Norvik.",
        "Video of the raid shows Norvik's boats ramming the League's.",
        "Source code stolen from Norvik was sold to the Harrow League.",
        "Sources in Norvik said the League had agreed.",
        "Credit agencies punished Norvik for the seizure of the League's boats.",
        "Copyright holders in Norvik sued the Harrow League.",
        "Share prices in Norvik fell after the League's threat.",
        "Email servers of the League were attacked by Norvik.",
        "Comments by Norvik's minister angered the League.",
        "Print workers in Norvik struck against the League.",
        "Follow-up talks between Norvik and the League failed.",
        "Tags on the nets proved that Norvik had stolen them from the League.",
        "Related charges against Norvik were dropped by the League.",
        "Recommended by the League, the captain was hired by Norvik.",
        "Topics of the talks between Norvik and the League were not named.",
        "Reporting by Norvik's state television angered the League.",
        "Editing by the League's lawyers weakened the treaty with Norvik.",
        "Read more than once, the treaty gives Norvik nothing, the League said.",
        "[The League] has betrayed us, Norvik's minister said.",
        'Norvik praised the League: "We share this sea."',
    ],
)
def test_sentences_that_only_look_like_such_lines_survive(sentence):
    assert split("\n".join([BEFORE, sentence, AFTER])) == [BEFORE, sentence, AFTER]


@pytest.mark.parametrize(
    "dateline",
    [
        "KABUL - ",
        "KABUL — ",
        "ADDIS ABABA, March 4 - ",
        "KABUL, Afghanistan (AP) — ",
        "WASHINGTON (Reuters) - ",
        "BEIJING, Sept. 12 (Xinhua) -- ",
        "NEW YORK/LONDON – ",
    ],
)
def test_datelines_are_no_evidence(dateline):
    assert split(f"{dateline}{BEFORE} {AFTER}") == [BEFORE, AFTER]


@pytest.mark.parametrize(
    "sentence",
    [
        "Kabul - or what was left of it - welcomed the League.",
        "NATO-led troops of Norvik left the port.",
        "The U.N. - Norvik's only friend - praised the League.",
    ],
)
def test_sentences_with_dashes_are_no_datelines(sentence):
    assert split(f"{sentence}\n{AFTER}") == [sentence, AFTER]


@pytest.mark.parametrize(
    "line",
    [
        "word " * 30_000,
        "x" * 200_000,
        "Share " * 20_000,
        "[" * 50_000,
        "Photo " * 20_000,
        "U.S. " * 20_000,
        "- " * 50_000,
    ],
    ids=lambda line: line[:6],
)
def test_a_very_long_line_is_left_out_and_hurts_nothing_around_it(line):
    text = f"{BEFORE}\n\n{line}\n\n{AFTER}"
    found = split(text)
    assert (found[0], found[-1]) == (BEFORE, AFTER)
    assert all(len(sentence) <= MAX_SENTENCE for sentence in found)


def test_a_very_long_line_of_sentences_keeps_them_all():
    assert split(f"{BEFORE} {AFTER} " * 500) == [BEFORE, AFTER] * 500
