from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.marks import unmarked

parts = st.tuples(
    st.text("abc \n.é", max_size=8), st.sampled_from(["NVK", "OST~n", "a+b"]), st.text("xyz ’", max_size=6)
)


@given(st.lists(parts, max_size=6), st.text("abc\n", max_size=5))
def test_marks_come_off_and_say_where_they_were(pieces, rest):
    marked = "".join(f"{before}{{{name}|{words}}}" for before, name, words in pieces) + rest
    text, marks = unmarked(marked)
    assert text == "".join(before + words for before, _, words in pieces) + rest
    assert [(mark.name, text[slice(*mark.span)]) for mark in marks] == [(name, words) for _, name, words in pieces]
    assert all(marked.startswith(f"{{{mark.name}|", mark.offset) for mark in marks)


@pytest.mark.parametrize("text", ["", "Norvik left.", "{Norvik}", "a | b", "{}", "{|"])
def test_what_is_no_mark_stays(text):
    assert unmarked(text) == (text, [])
