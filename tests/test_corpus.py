from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance import CorpusError, LabelledPair, Pair, Span, read_corpus
from stance.corpus import fingerprint, read_pairs, read_rows, to_json
from stance.records import QUADS, STANCES

TEXT = "Norvik fined the Harrow League."
SOURCE, TARGET = {"spans": [[0, 6]]}, {"spans": [[17, 30]]}
CSV_HEAD = "text,source,target,label\n"
CSV_ROW = f"{TEXT},Norvik,Harrow League,opposed\n"


def row(**changes) -> dict:
    """A sound row with changes; a key changed to ``...`` is left out."""
    sound = {"text": TEXT, "source": SOURCE, "target": TARGET, "label": "opposed"} | changes
    return {key: value for key, value in sound.items() if value is not ...}


def problems(paths, **options):
    with pytest.raises(CorpusError) as caught:
        read_corpus(paths, **options)
    for problem in caught.value.problems:
        assert f"{problem.path}:{problem.line}: {problem.message}" in str(caught.value)
    return [(problem.path, problem.line, problem.message) for problem in caught.value.problems]


def test_a_jsonl_row_becomes_a_labelled_pair(pairs_file):
    path = pairs_file([row(id=7, article="a1", others={"spans": [[7, 12]]}, quad="material_conflict", topic="law")])
    pair = Pair(TEXT, (Span(0, 6),), (Span(17, 30),), (Span(7, 12),), "7")
    assert read_corpus([path]).pairs == (LabelledPair(pair, "opposed", "a1", "material_conflict"),)


@pytest.mark.parametrize("article", [..., None, ""])
def test_rows_without_article_are_grouped_by_their_text(pairs_file, article):
    corpus = read_corpus([pairs_file([row(article=article), row(article=article, source=TARGET, target=SOURCE)])])
    assert {labelled.article for labelled in corpus.pairs} == {TEXT}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": "hostile"}, "label 'hostile' is none of cooperative, neutral, opposed"),
        ({"label": ...}, "label None is none of"),
        ({"label": ["opposed"]}, "is none of"),
        ({"quad": "verbal"}, "quad 'verbal' does not go with label"),
        ({"quad": ["verbal_conflict"]}, "does not go with label"),
        ({"label": "cooperative", "quad": "verbal_conflict"}, "expected verbal_cooperation, material_cooperation"),
        ({"label": "neutral", "quad": "verbal_conflict"}, "expected none of a neutral pair"),
        ({"text": ...}, "text is missing or empty"),
        ({"text": " \n"}, "text is missing or empty"),
        ({"text": 12}, "text is missing or empty"),
        ({"source": ..., "label": "opposed"}, "has no source, so it is about sentiment; but "),
        ({"target": "Norvik"}, "target is missing or not"),
        ({"target": {"spans": None}}, "target is missing or not"),
        ({"source": {"spans": []}}, "source has no spans"),
        ({"target": {"spans": []}}, "target has no spans"),
        ({"others": [[0, 6]]}, "others is missing or not"),
        ({"others": {"spans": [[0, 99]]}}, "others span [0, 99] is outside"),
        ({"source": {"spans": [[0]]}}, "source span [0] is not [start, end]"),
        ({"source": {"spans": [["0", "6"]]}}, "is not [start, end]"),
        ({"source": {"spans": [[0.0, 6.0]]}}, "is not [start, end]"),
        ({"source": {"spans": [[False, True]]}}, "is not [start, end]"),
        ({"source": {"spans": [[-3, 6]]}}, "source span [-3, 6] is outside the text of 31 characters"),
        ({"target": {"spans": [[17, 32]]}}, "target span [17, 32] is outside the text of 31 characters"),
        ({"target": {"spans": [[30, 17]]}}, "target span [30, 17] is outside"),
        ({"target": {"spans": [[17, 17]]}}, "target span [17, 17] is outside"),
        ({"target": {"spans": [[5, 9]]}}, "spans of source and target overlap"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(pairs_file, changes, message):
    path = pairs_file([row(text=f"x{TEXT}"), row(**changes)])
    ((where, line, said),) = problems([path])
    assert (where, line) == (str(path), 2)
    assert message in said


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"text": "Norvik', "is not JSON"),
        (b"[1, 2]", "is no object"),
        (b'"Norvik"', "is no object"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"text": "Nor\xffvik"}', "is not UTF-8"),
    ],
)
def test_a_line_that_is_no_row_is_named_and_blank_lines_count(tmp_path, line, message):
    path = tmp_path / "data.jsonl"
    path.write_bytes(json.dumps(row()).encode() + b"\n\n  \n" + line + b"\n")
    ((_, number, said),) = problems([path])
    assert number == 4
    assert message in said


def test_half_a_surrogate_pair_is_no_traceback(tmp_path):
    path = tmp_path / "data.jsonl"
    path.write_text(json.dumps(row(text=TEXT + " \ud83d")) + "\n")
    try:
        assert len(read_corpus([path]).sha256) == 64
    except CorpusError as error:
        assert f"{path}:1" in str(error)


def test_every_problem_is_listed_in_the_order_of_files_and_lines(pairs_file):
    second = pairs_file([row(label="x"), row(quad="y", text=""), row(label="z", quad="q")], "a.jsonl")
    first = pairs_file([row(), row(source=...)], "b.jsonl")
    found = problems([first, second])
    assert [(path, line) for path, line, message in found if "labelled" not in message] == [
        (str(first), 2),
        (str(second), 1),
        (str(second), 2),
        (str(second), 3),
        (str(second), 3),
    ]


def test_an_id_that_occurs_twice_is_refused_across_files(pairs_file):
    first = pairs_file([row(id="p1")], "a.jsonl")
    second = pairs_file([row(id="p2", text=f"Once {TEXT}"), row(id="p1", text=f"Then {TEXT}")], "b.jsonl")
    ((path, line, message),) = problems([first, second])
    assert (path, line) == (str(second), 2)
    assert f"id 'p1' is that of {first}:1" in message


def test_rows_without_id_do_not_clash(pairs_file):
    assert len(read_corpus([pairs_file([row(), row(id=""), row(id=None)])]).pairs) == 3


def test_a_pair_labelled_in_two_ways_is_refused(pairs_file):
    path = pairs_file([row(), row(source=TARGET, target=SOURCE, label="neutral"), row(label="neutral")])
    ((_, line, message),) = problems([path])
    assert line == 3
    assert message == f"labelled neutral, but opposed at {path}:1"


@pytest.mark.parametrize(
    "rows",
    [
        [row(id="p"), row(id="p", text=f"Once {TEXT}")],
        [row(), row(label="neutral")],
        [row(target={"spans": [[5, 9]]})],
    ],
    ids=["duplicate id", "two labels", "overlap"],
)
def test_what_only_hurts_training_is_tolerated_when_not_strict(pairs_file, rows):
    path = pairs_file(rows)
    assert problems([path])
    assert len(read_corpus([path], strict=False).pairs) == len(rows)


def test_a_wrong_label_is_never_tolerated(pairs_file):
    assert problems([pairs_file([row(label="hostile")])], strict=False)


def test_rows_without_a_source_are_about_sentiment(pairs_file):
    path = pairs_file([row(source=..., label="positive"), row(source=..., text=f"Once {TEXT}", label="negative")])
    corpus = read_corpus([path])
    assert corpus.task == "sentiment"
    assert [(labelled.label, labelled.pair.source) for labelled in corpus.pairs] == [("positive", ()), ("negative", ())]


def test_the_labels_of_one_task_are_none_of_the_other(pairs_file):
    assert "is none of negative, neutral, positive" in problems([pairs_file([row(source=..., label="opposed")])])[0][2]
    assert "is none of cooperative, neutral, opposed" in problems([pairs_file([row(label="negative")])])[0][2]


@pytest.mark.parametrize("task", [None, "stance", "sentiment"])
def test_rows_of_two_tasks_are_never_one_corpus(pairs_file, task):
    path = pairs_file([row(), row(source=..., text=f"Once {TEXT}", label="positive")])
    ((_, line, message),) = problems([path], task=task)
    assert line == (1 if task == "sentiment" else 2)
    assert "source, so it is about" in message
    assert (f"{path}:1 is about stance" if task is None else f"the task is {task}") in message


def test_a_table_without_a_source_is_about_sentiment(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text('text,target,label\n"Norvik wept, and Norvik lied.",Norvik,negative\n', encoding="utf-8")
    (labelled,) = read_corpus([path]).pairs
    assert (labelled.pair.target, labelled.pair.task) == ((Span(0, 6), Span(17, 23)), "sentiment")


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_a_file_without_rows_is_an_error(tmp_path, content):
    path = tmp_path / "empty.jsonl"
    path.write_text(content)
    with pytest.raises(CorpusError, match=r"no labelled pairs in .*empty\.jsonl"):
        read_corpus([path])


@pytest.mark.parametrize("name", ["missing.jsonl", "missing.csv", "missing.jsonl.gz", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path, name):
    with pytest.raises(CorpusError, match="cannot be read"):
        read_corpus([tmp_path / name])


@pytest.mark.parametrize("prefix", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_byte_order_marks_and_windows_line_ends_are_read(tmp_path, prefix, end):
    jsonl, table = tmp_path / "data.jsonl", tmp_path / "data.csv"
    jsonl.write_bytes(f"{prefix}{json.dumps(row())}{end}".encode())
    table.write_bytes((prefix + (CSV_HEAD + CSV_ROW).replace("\n", end)).encode())
    assert read_corpus([jsonl]) == read_corpus([table])


def test_gzipped_jsonl_is_read_as_it_would_be_unpacked(tmp_path, pairs_file):
    plain = pairs_file([row(), row(text=f"Later {TEXT}")])
    packed = tmp_path / "data.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_corpus([packed]) == read_corpus([plain])


@pytest.mark.parametrize("damage", [lambda packed: packed[:-12], lambda packed: b"no gzip" + packed, lambda _: b"\x1f"])
def test_damaged_gzip_is_one_clear_error(tmp_path, damage):
    path = tmp_path / "data.jsonl.gz"
    path.write_bytes(damage(gzip.compress(json.dumps(row()).encode() * 50)))
    with pytest.raises(CorpusError, match=r"data\.jsonl\.gz"):
        read_corpus([path])


@pytest.mark.parametrize(("name", "comma"), [("data.csv", ","), ("data.tsv", "\t"), ("DATA.CSV", ",")])
def test_tables_find_all_whole_word_mentions(tmp_path, name, comma):
    path = tmp_path / name
    text = "Mali sued Somalia; Mali's envoy left Somalia."
    cells = [["id", "text", "source", "target", "label", "article", "quad"], ["p1", text, "Mali", "Somalia", "opposed"]]
    path.write_text("".join(comma.join([*line, "a1", ""][:7]) + "\n" for line in cells))
    (labelled,) = read_corpus([path]).pairs
    assert [text[s.start : s.end] for s in labelled.pair.source] == ["Mali", "Mali"]
    assert [s.start for s in labelled.pair.source] == [0, 19]
    assert [text[s.start : s.end] for s in labelled.pair.target] == ["Somalia", "Somalia"]
    assert (labelled.pair.id, labelled.label, labelled.article, labelled.quad) == ("p1", "opposed", "a1", None)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (f"{TEXT},Sarn,Harrow League,opposed", "source 'Sarn' is not in the text"),
        (f"{TEXT},Norvik,League of,opposed", "target 'League of' is not in the text"),
        (f"{TEXT},Norv,Harrow League,opposed", "source 'Norv' is not in the text"),
        (f"{TEXT},,Harrow League,opposed", "source '' is not in the text"),
        (f"{TEXT},Norvik", "target '' is not in the text"),
        (f"{TEXT},Norvik,Harrow League,bad", "label 'bad' is none of"),
        (f"{TEXT},Norvik,Norvik,opposed", "overlap"),
    ],
)
def test_a_wrong_table_row_is_named_by_file_and_line(tmp_path, cells, message):
    path = tmp_path / "data.csv"
    path.write_text(CSV_HEAD + f"Once {CSV_ROW}" + cells + "\n")
    ((where, line, said),) = problems([path])
    assert (where, line) == (str(path), 3)
    assert message in said


def test_a_table_of_stances_whose_source_is_misspelt_says_what_it_was_taken_for(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text(CSV_HEAD.replace("source", "sorce") + CSV_ROW)
    with pytest.raises(CorpusError) as caught:
        read_corpus([path])
    assert "a row without source is about sentiment" in str(caught.value)


@pytest.mark.parametrize("missing", ["text", "target"])
def test_a_table_without_a_column_is_named_with_the_column(tmp_path, missing):
    path = tmp_path / "data.csv"
    path.write_text(CSV_HEAD.replace(missing, "other") + CSV_ROW)
    with pytest.raises(CorpusError, match=rf"data\.csv: lacks the column {missing}"):
        read_corpus([path])


@pytest.mark.parametrize("content", [b"", (CSV_HEAD + CSV_ROW).encode() + b"caf\xe9,a,b,c\n"])
def test_a_table_that_is_empty_or_not_utf8_is_one_clear_error(tmp_path, content):
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=r"data\.csv.*(lacks|UTF-8)"):
        read_corpus([path])


def test_a_quoted_cell_may_hold_line_breaks_and_commas(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text(f'{CSV_HEAD}"Norvik, unmoved,\nfined the ""Harrow League"".",Norvik,Harrow League,opposed\n')
    (labelled,) = read_corpus([path]).pairs
    assert labelled.pair.text == 'Norvik, unmoved,\nfined the "Harrow League".'


def test_pairs_can_be_read_without_labels(pairs_file):
    (pair,) = read_pairs(pairs_file([row(label=..., id="p")]))
    assert (pair.text, pair.id) == (TEXT, "p")


def test_reading_pairs_lists_every_row_that_cannot_be_used(pairs_file):
    path = pairs_file([row(text=""), row(), row(source=...)])
    with pytest.raises(CorpusError) as caught:
        read_pairs(path)
    assert [problem.line for problem in caught.value.problems] == [1, 3]


def test_reading_rows_delivers_broken_ones_among_the_sound_in_order(pairs_file):
    rows = [*read_rows(pairs_file([row(id="a"), row(id="b", text=""), row(id="c", label=...)]))]
    assert [(found.value["id"], found.pair is None, found.error is None) for found in rows] == [
        ("a", False, True),
        ("b", True, False),
        ("c", False, True),
    ]


@st.composite
def labelled_pairs(draw) -> LabelledPair:
    parts = draw(st.lists(st.text(min_size=1, max_size=8), min_size=3, max_size=8))
    text = "N" + "".join(parts)
    starts = [1 + sum(map(len, parts[:k])) for k in range(len(parts))]
    spans = [Span(start, start + len(part)) for start, part in zip(starts, parts, strict=True)]
    roles = draw(st.lists(st.integers(0, 3), min_size=len(spans) - 2, max_size=len(spans) - 2))
    source, target, others = (
        tuple(span for span, role in zip(spans, [0, 1, *roles], strict=True) if role == own) for own in range(3)
    )
    name = st.text(min_size=1, max_size=5)
    pair = Pair(text, source, target, others, draw(st.none() | name))
    stance = draw(st.sampled_from(STANCES))
    return LabelledPair(pair, stance, draw(name), draw(st.sampled_from((None, *QUADS.get(stance, ())))))


@given(st.lists(labelled_pairs(), min_size=1, max_size=4))
@settings(max_examples=50, deadline=None)
def test_writing_and_reading_gives_the_same_pairs(tmp_path_factory, pairs):
    path = tmp_path_factory.mktemp("trip") / "data.jsonl"
    lines = (json.dumps(to_json(labelled), ensure_ascii=False) + "\n" for labelled in pairs)
    path.write_bytes("".join(lines).encode())
    corpus = read_corpus([path], strict=False)
    assert corpus.pairs == tuple(pairs)
    assert corpus.sha256 == fingerprint(pairs)


def test_the_fingerprint_is_of_the_content_not_of_the_file(tmp_path, pairs_file):
    table = tmp_path / "data.csv"
    table.write_text(CSV_HEAD + CSV_ROW)
    shuffled_keys = dict(reversed(row().items())) | {"topic": "law"}
    hashes = {read_corpus([path]).sha256 for path in (table, pairs_file([row()], "x"), pairs_file([shuffled_keys]))}
    assert len(hashes) == 1


@pytest.mark.parametrize(
    "other",
    [
        [row(label="neutral"), row(text=f"Later {TEXT}")],
        [row(text=f"Later {TEXT}"), row()],
        [row()],
        [row(article="a"), row(text=f"Later {TEXT}")],
        [row(target={"spans": [[17, 29]]}), row(text=f"Later {TEXT}")],
    ],
    ids=["label", "order", "fewer", "article", "span"],
)
def test_the_fingerprint_changes_with_the_content(pairs_file, other):
    first = read_corpus([pairs_file([row(), row(text=f"Later {TEXT}")])])
    assert read_corpus([pairs_file(other, "other.jsonl")]).sha256 != first.sha256
