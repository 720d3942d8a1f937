from __future__ import annotations

import pytest

from stance import CorpusError, Document
from stance.gold import GoldDyad, read_articles
from stance.records import Actor, Span

ARTICLE = """\
id: dev-07
date: 2031-05-04
region: Hills
genre: wire
title: Norvik shuts the dam
actor: NVK | Norvik | state
actor: OST | Ostmark | state
actor: ada-lorn | Ada Lorn | person | NVK
actor: sarn | Sarn Front | armed_group
dyad: NVK > OST | cooperative mixed
dyad: sarn > NVK | opposed
---
{NVK|Norvik} shut the dam.
{ada-lorn|President Ada Lorn} met {OST|Ostmark}.
{NVK+OST~n|The two countries} told {sarn|the Sarn Front} that {sarn~p|it} would pay.
"""
TEXT = """\
Norvik shut the dam.
President Ada Lorn met Ostmark.
The two countries told the Sarn Front that it would pay.
"""
NORVIK, OSTMARK = Actor("NVK", "Norvik", "state"), Actor("OST", "Ostmark", "state")
ADA, FRONT = Actor("ada-lorn", "Ada Lorn", "person"), Actor("sarn", "Sarn Front", "armed_group")


@pytest.fixture
def write(tmp_path):
    def call(content: str, name: str = "dev-07.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    return call


@pytest.fixture
def problems(write):
    """Lines and messages of what is wrong with an article."""

    def call(content: str) -> list[tuple[int, str]]:
        path = write(content)
        with pytest.raises(CorpusError) as caught:
            read_articles([path])
        for problem in caught.value.problems:
            assert f"{path}:{problem.line}: {problem.message}" in str(caught.value)
        return [(problem.line, problem.message) for problem in caught.value.problems]

    return call


def test_the_text_is_what_stands_below_the_line_without_marks(write):
    path = write(ARTICLE)
    (article,) = read_articles([path])
    assert article.document == Document(TEXT, "dev-07", "Norvik shuts the dam", "2031-05-04", path=str(path))
    assert article.genre == "wire"


def test_marks_are_mentions_of_those_acted_for(write):
    (article,) = read_articles([write(ARTICLE)])
    assert [(TEXT[slice(*m.span)], m.actor, m.via, m.agent) for m in article.mentions] == [
        ("Norvik", NORVIK, "name", None),
        ("President Ada Lorn", NORVIK, "name", ADA),
        ("Ostmark", OSTMARK, "name", None),
        ("The two countries", NORVIK, "nominal", None),
        ("The two countries", OSTMARK, "nominal", None),
        ("the Sarn Front", FRONT, "name", None),
        ("it", FRONT, "pronoun", None),
    ]
    assert article.actors == {"NVK": NORVIK, "OST": OSTMARK, "sarn": FRONT}


def test_dyads_keep_their_stance_and_whether_they_are_mixed(write):
    (article,) = read_articles([write(ARTICLE)])
    assert article.dyads == {
        ("NVK", "OST"): GoldDyad("cooperative", True),
        ("sarn", "NVK"): GoldDyad("opposed", False),
    }


def test_folders_are_searched_in_order_of_names(write, tmp_path):
    write(ARTICLE.replace("dev-07", "b"), "b/b.txt")
    write(ARTICLE.replace("dev-07", "a"), "a/a.txt")
    write("no article", "a/notes.md")
    single = write(ARTICLE, "c.txt")
    assert [a.document.id for a in read_articles([tmp_path / "b", tmp_path / "a", single])] == ["b", "a", "dev-07"]


def test_a_line_that_is_none_in_the_text_stays_text(write):
    (article,) = read_articles([write("actor: NVK | Norvik | state\n---\nOne\n---\n{NVK|Norvik}: two\n")])
    assert article.document.text == "One\n---\nNorvik: two\n"
    assert [m.span for m in article.mentions] == [Span(8, 14)]


def test_a_file_with_line_ends_of_windows_is_read_like_any(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(ARTICLE.replace("\n", "\r\n").encode())
    (article,) = read_articles([path])
    assert article.document.text == TEXT


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("title:", "colour:", 5, "expected id, date, region, genre, title"),
        ("actor: OST | Ostmark | state", "actor: OST | Ostmark", 7, "actor: id | name | kind"),
        ("actor: OST | Ostmark | state", "actor: OST | Ostmark | country", 7, "actor: id | name | kind"),
        ("actor: OST | Ostmark | state", "actor: NVK | Ostmark | state", 7, "actor 'NVK' stands twice"),
        ("actor: sarn", "actor: front", 11, "'sarn' has no actor line"),
        ("| opposed", "| hostile", 11, "dyad: a > b | stance"),
        ("sarn > NVK", "sarn NVK", 11, "dyad: a > b | stance"),
        ("sarn > NVK", "NVK > OST", 11, "dyad NVK > OST stands twice"),
        ("sarn > NVK", "ulm > NVK", 11, "'ulm' has no actor line"),
        ("sarn > NVK", "sarn > ada-lorn", 11, "'ada-lorn' acts for NVK: name that one"),
        ("{NVK|Norvik}", "{ulm|Norvik}", 13, "mark 'ulm': no such actor line or kind of mention"),
        ("{sarn~p|it}", "{sarn~x|it}", 15, "mark 'sarn~x': no such actor line or kind of mention"),
        ("{NVK+OST~n|", "{NVK+ulm~n|", 15, "mark 'NVK+ulm~n': no such actor line or kind of mention"),
        ("\n---\n", "\n--\n", 1, "no line '---' between head and text"),
        ("person | NVK", "person | ulm", 8, "ada-lorn acts for 'ulm', which has no actor line"),
        ("{NVK|Norvik}", "{NVK|Norvik", 13, "mark"),
        ("{NVK|Norvik}", "{NVK|{OST|Norvik}}", 13, "mark"),
    ],
)
def test_a_problem_is_named_by_file_and_line(problems, old, new, line, message):
    found = problems(ARTICLE.replace(old, new, 1))
    assert any(number == line and message in said for number, said in found)


def test_all_problems_of_all_files_are_listed(write):
    first = write("id: a\nshape: round\n---\n{x|y}\n", "a.txt")
    second = write("id: b", "b.txt")
    with pytest.raises(CorpusError, match="4 problems in the articles") as caught:
        read_articles([first, second, first.parent / "gone.txt"])
    found = [(problem.path, problem.line) for problem in caught.value.problems]
    assert found == [(str(first), 2), (str(first), 4), (str(second), 1), (str(first.parent / "gone.txt"), 1)]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", None])
def test_a_file_that_cannot_be_read_is_a_problem(tmp_path, content):
    path = tmp_path / "a.txt"
    if content:
        path.write_bytes(content)
    with pytest.raises(CorpusError, match=r"a\.txt:1: cannot be read"):
        read_articles([path])


def test_a_folder_without_articles_is_named(tmp_path):
    with pytest.raises(CorpusError, match=f"no gold articles in {tmp_path}"):
        read_articles([tmp_path])


PORTRAYED = """\
actor: NVK | Norvik | state
actor: OST | Ostmark | state
portrayal: NVK | negative
---
{NVK|Norvik} lied to {OST|Ostmark}.
"""


def test_portrayals_are_read_by_actor(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(PORTRAYED)
    assert read_articles([path])[0].portrayals == {"NVK": "negative"}
    path.write_text(PORTRAYED.replace("portrayal: NVK | negative\n", ""))
    assert read_articles([path])[0].portrayals is None
    path.write_text(PORTRAYED.replace("NVK | negative\n", "none\n"))
    assert read_articles([path])[0].portrayals == {}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("portrayal: ULM | negative", "portrayal: a | sentiment"),
        ("portrayal: NVK | hostile", "portrayal: a | sentiment"),
        ("portrayal: NVK", "portrayal: a | sentiment"),
        ("portrayal: NVK | negative\nportrayal: NVK | positive", "stands twice"),
    ],
)
def test_a_portrayal_that_cannot_be_is_named(tmp_path, line, said):
    path = tmp_path / "a.txt"
    path.write_text(PORTRAYED.replace("portrayal: NVK | negative", line))
    with pytest.raises(CorpusError) as caught:
        read_articles([path])
    assert said in str(caught.value)
