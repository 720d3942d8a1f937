from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.lexicon import Hit, Lexicon, load_lexicon

SCRIPT = Path(__file__).parent.parent / "scripts" / "lexicon.py"
TABLE = """\
crack\tverb\t-\t1\t>\t-
crack down on\tverb\t-\t3\t>\tCOERCE
cut tie with\tverb\t-\t3\t>\tREJECT
embrace\tverb\t+\t2\t>\tSUPPORT
lift\tverb\t~\t3\t>\t-
block\tverb\t-\t2\t>\tREJECT
block\tverb\t~\t1\t>\t-
visit\tnoun\t+\t1\t=\tCONSULT
visit\tverb\t+\t2\t>\tCONSULT
take to court\tverb\t-\t3\t>\tACCUSE
fire on\tverb\t-\t3\t>\tASSAULT
peacekeeper\tnoun\t+\t2\t>\tAID
withdraw from\tverb\t+\t2\t>\tYIELD
withdraw\tverb\t~\t3\t>\t-
polite\tadj\t+\t1\t>\t-
force\tverb\t-\t2\t>\tCOERCE
security force\tnoun\t0\t1\t=\t-
"""


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("lexicon_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def found(sentence: str, table: str = TABLE) -> list[str]:
    """The words of each hit, as they stand in the sentence."""
    words = sentence.split()
    return [" ".join(words[hit.start : hit.end]) for hit in hits_in(sentence, table)]


def hits_in(sentence: str, table: str | None = TABLE) -> list[Hit]:
    lexicon = Lexicon(table) if table else load_lexicon()
    words = sentence.split()
    return [*lexicon.find(lexicon.lemmas(words), words)]


def lines_of(path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_the_shipped_lexicons_pass_their_own_check(script):
    for path in script.LEXICONS:
        assert [*script.problems(lines_of(path))] == []


def test_the_check_command_counts_the_entries(script, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["lexicon.py", "check"])
    assert script.main() == 0
    printed = capsys.readouterr().out.splitlines()
    for path, line in zip(script.LEXICONS, printed, strict=True):
        assert line.startswith(f"{path.name}: {len(lines_of(path))} entries;")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("praise\tverb\t+\t2\t>", "5 columns"),
        ("", "1 columns"),
        ("Praise\tverb\t+\t2\t>\tSUPPORT", "lower case"),
        ("heap  praise on\tverb\t+\t2\t>\tSUPPORT", "single spaces"),
        ("praise\tadverb\t+\t2\t>\tSUPPORT", "'adverb'"),
        ("praise\tverb\t*\t2\t>\tSUPPORT", "'*'"),
        ("praise\tverb\t+\t4\t>\tSUPPORT", "'4'"),
        ("praise\tverb\t+\t2\t^\tSUPPORT", "'^'"),
        ("praise\tverb\t+\t2\t>\tASSAULT", "ASSAULT"),
        ("block\tverb\t-\t3\t>\tREJECT", "stands in line 1"),
        ("block\tnoun\t+\t3\t>\t-", "but - in line 1"),
    ],
)
def test_the_check_names_what_is_wrong_with_its_line(script, line, complaint):
    problems = [*script.problems(["block\tverb\t-\t2\t>\tREJECT", line])]
    assert any(problem.startswith("2: ") and complaint in problem for problem in problems), problems


def test_sound_lines_pass_the_check(script):
    assert [*script.problems(TABLE.splitlines())] == []


def test_every_root_class_and_side_is_in_the_shipped_lexicon(script):
    cells = [line.split("\t") for line in lines_of(script.LEXICONS[0])]
    assert {row[5] for row in cells} == {*script.COOPERATIVE, *script.OPPOSED, "-"}
    assert {row[2] for row in cells} == {"+", "-", "~", "0"}


def test_the_longest_entry_wins():
    assert found("police crack down on smugglers and crack walnuts") == ["crack down on", "crack"]


def test_the_beginning_of_a_long_entry_falls_back_to_the_short_one():
    assert found("they crack down") == ["crack"]


@pytest.mark.parametrize("form", ["embrace", "embraces", "embraced", "embracing"])
def test_inflection_does_not_matter(form):
    assert found(f"they {form} the plan") == [form]


@pytest.mark.parametrize(
    "between", ["", "all", "the", "its", "all their", "nearly all", "her few last", "our own", "these"]
)
def test_two_words_and_any_articles_may_stand_between(between):
    words = " ".join(f"they cut {between} ties with us".split())
    assert found(words) == [words.removeprefix("they ").removesuffix(" us")]


@pytest.mark.parametrize("between", ["nearly all remaining", "the last few old", "1990", ",", "<T>", "<O>"])
def test_more_words_numbers_punctuation_and_actors_break_an_entry(between):
    assert found(f"they cut {between} ties with us") == []


def test_hits_do_not_overlap_and_come_in_order():
    hits = hits_in("crack down on crack cut ties with lift")
    assert [(hit.start, hit.end) for hit in hits] == [(0, 3), (3, 4), (4, 7), (7, 8)]


def test_an_entry_that_is_also_a_turner_keeps_its_side():
    (hit,) = hits_in("blocked")
    assert (hit.entry.side, hit.entry.turns) == ("-", True)


def test_a_mere_turner_has_no_side():
    (hit,) = hits_in("lifted")
    assert (hit.entry.side, hit.entry.turns) == ("~", True)


@pytest.mark.parametrize("table", [TABLE, "".join(reversed(TABLE.splitlines(keepends=True)))])
@pytest.mark.parametrize(
    ("before", "pos"), [("to", "verb"), ("<S>", "verb"), ("will", "verb"), ("a", "noun"), ("'s", "noun")]
)
def test_the_word_before_tells_a_verb_from_a_noun_whatever_the_order(table, before, pos):
    (hit,) = hits_in(f"{before} visit", table)
    assert (hit.entry.pos, hit.entry.turns) == (pos, False)


def test_the_fingerprint_follows_the_content():
    assert Lexicon(TABLE).sha256 == Lexicon(TABLE).sha256
    assert Lexicon(TABLE).sha256 != Lexicon(TABLE.replace("\t2\t", "\t3\t")).sha256


@pytest.mark.parametrize(
    ("words", "side"),
    [("condemned", "-"), ("launched an offensive against", "-"), ("signed a treaty with", "+"), ("praises", "+")],
)
def test_the_shipped_lexicon_knows_plain_predicates(words, side):
    sides = [hit.entry.side for hit in hits_in(words, None)]
    assert side in sides
    assert {"+": "-", "-": "+"}[side] not in sides


@pytest.mark.parametrize(
    ("base", "past"),
    [
        ("meet with", "met with"),
        ("fight", "fought"),
        ("strike", "struck"),
        ("shoot", "shot"),
        ("overthrow", "overthrew"),
        ("forgive", "forgave"),
        ("stand by", "stood by"),
        ("break ties with", "broke ties with"),
        ("sue", "sued"),
    ],
)
def test_irregular_inflection_does_not_matter_either(base, past):
    readings = [[hit.entry.side for hit in hits_in(words, None)] for words in (base, past)]
    assert readings[0]
    assert readings[1] == readings[0]


words = st.sampled_from(["crack", "down", "on", "cut", "tie", "the", "all", "with", "lift", ",", "<S>", "block", "7"])


@given(st.lists(words, max_size=15))
@settings(max_examples=50, deadline=None)
def test_hits_always_lie_in_the_line_one_after_the_other(line):
    end = 0
    for hit in Lexicon(TABLE).find(line, line):
        assert end <= hit.start < hit.end <= len(line)
        end = hit.end


def test_an_empty_line_has_no_hits():
    assert [*load_lexicon().find([], [])] == []


@pytest.mark.parametrize("derived", ["political", "politics", "forceful"])
def test_derivation_is_no_inflection(derived):
    assert found(f"their {derived} plans") == []


def test_an_actor_may_stand_between_a_verb_and_what_belongs_to_it():
    assert found("they took <S> to court") == ["took <S> to court"]


@pytest.mark.parametrize("between", ["<S> and <S>", "<O>", "<S> , who left ,"])
def test_more_than_one_actor_may_not(between):
    assert found(f"they took {between} to court") == []


def test_an_actor_does_not_stand_before_the_preposition_that_governs_another():
    assert found("they fire <S> on a train") == []


def test_a_predicate_of_its_own_is_not_passed_over():
    assert found("they withdraw peacekeepers from <S>") == ["withdraw", "peacekeepers"]
    assert found("they withdraw quickly from <S>") == ["withdraw quickly from"]


def test_what_is_no_predicate_hides_its_words():
    (hit,) = hits_in("the security forces")
    assert hit.entry.side == "0"


def test_a_hit_knows_its_lemmas():
    (hit,) = hits_in("they cut all their ties with us")
    assert hit.lemmas == "cut tie with"
