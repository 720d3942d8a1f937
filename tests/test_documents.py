from __future__ import annotations

import io
import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance import Document, DocumentError
from stance.documents import decode, read_documents, read_one

SENTENCE = "Chancellor Müller met the mayor of São Paulo in a Zürich café on Friday; José Peña was not asked to come.\n"
HTML = """<!DOCTYPE html><html><head><title>Norvik recalls its envoy</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport desk</a></li></ul></nav>
<article><h1>Norvik recalls its envoy</h1>
<p>Norvik recalled its ambassador from the Harrow League on Friday after a week of angry exchanges over fishing.</p>
<p>The League said it regretted the decision and hoped that talks about the northern banks would go on.</p>
<p>Officials on both sides declined to say when the envoys might return to their posts in the two capitals.</p>
</article><footer>Terms of use and cookie settings</footer></body></html>"""


def read(*inputs) -> tuple[list[Document], list[str]]:
    errors: list[DocumentError] = []
    documents = [*read_documents(map(str, inputs), errors.append)]
    return documents, [str(error) for error in errors]


def texts_of(*inputs) -> list[str]:
    documents, errors = read(*inputs)
    assert not errors
    return [document.text for document in documents]


def written(path, content: bytes | str):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture
def stdin(monkeypatch):
    def give(content: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))

    return give


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
@pytest.mark.parametrize("text", [SENTENCE, SENTENCE * 30])
def test_common_encodings_are_read(tmp_path, encoding, text):
    assert texts_of(written(tmp_path / "a.txt", text.encode(encoding))) == [text]


def test_big_endian_utf16_with_a_mark_is_read():
    assert decode("\ufeffŁódź".encode("utf-16-be")) == "Łódź"


def test_an_accent_late_in_a_long_latin1_file_is_kept():
    head = "The ferry left the pier at nine.\n" * 3_000
    assert decode((head + SENTENCE).encode("latin-1")) == head + SENTENCE


def test_line_ends_and_white_space_stay_as_given(tmp_path):
    text = "\r\n  Norvik\r\nleft.\t\n\n"
    assert texts_of(written(tmp_path / "a.md", text)) == [text]


@pytest.mark.parametrize(
    "content",
    [
        SENTENCE.encode().decode("latin-1").encode(),
        SENTENCE.encode() * 40 + b"\xe9 stray byte \xff\n",
        (SENTENCE * 40).encode().rpartition("é".encode()[1:])[0],
    ],
    ids=["double encoded", "stray bytes", "cut off"],
)
def test_mojibake_is_read_as_text(tmp_path, content):
    documents, errors = read(written(tmp_path / "a.txt", content))
    assert not errors
    assert "met the mayor of" in documents[0].text


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", bytes(range(256)) * 8, b"plain\0start"])
def test_binary_data_is_refused_with_its_name(tmp_path, content):
    path = written(tmp_path / "a.txt", content)
    documents, (error,) = read(path)
    assert not documents
    assert error.startswith(f"{path}: is no text but binary data")


@given(st.binary(max_size=300))
@settings(max_examples=50, deadline=None)
def test_any_bytes_are_text_or_a_document_error(content):
    try:
        assert isinstance(decode(content), str)
    except DocumentError as error:
        assert "binary" in str(error)


@given(st.text())
@settings(max_examples=50, deadline=None)
def test_utf8_without_nul_comes_back_as_it_was(text):
    text = text.replace("\0", "").removeprefix("\ufeff")
    assert decode(text.encode()) == text


def test_an_empty_file_is_an_empty_text(tmp_path):
    path = written(tmp_path / "a.txt", b"")
    assert read(path) == ([Document("", path=str(path))], [])


@pytest.mark.parametrize(
    "name", ["missing.txt", "missing/", "*.none", "Norvik condemned the Harrow League. " * 20, "a\0b"]
)
def test_what_is_not_there_is_one_clear_error(tmp_path, name):
    documents, errors = read(tmp_path / "x.txt" if name == "missing.txt" else name)
    assert not documents
    assert len(errors) == 1
    assert "no such file, folder or pattern" in errors[0] or "cannot be read" in errors[0]


def test_a_folder_gives_its_texts_in_order_and_nothing_else(tmp_path):
    for name in ("b.txt", "a.md", "sub/c.MARKDOWN", "sub/d.text"):
        written(tmp_path / name, name)
    written(tmp_path / "photo.png", b"\x89PNG\0")
    written(tmp_path / "notes.docx", b"PK\0")
    assert texts_of(tmp_path) == ["a.md", "b.txt", "sub/c.MARKDOWN", "sub/d.text"]


def test_a_folder_without_texts_says_what_was_looked_for(tmp_path):
    written(tmp_path / "photo.png", b"\x89PNG\0")
    documents, (error,) = read(tmp_path)
    assert not documents
    assert error.startswith(f"{tmp_path}: holds no texts; looked for *.txt")


def test_one_broken_file_of_a_folder_does_not_stop_the_others(tmp_path):
    for name, content in (("a.txt", b"first"), ("b.txt", b"\0\1\2"), ("c.txt", b"third")):
        written(tmp_path / name, content)
    documents, errors = read(tmp_path)
    assert [document.text for document in documents] == ["first", "third"]
    assert len(errors) == 1
    assert "b.txt" in errors[0]


def test_a_missing_input_does_not_stop_the_others(tmp_path):
    written(tmp_path / "a.txt", "first")
    documents, errors = read(tmp_path / "gone.txt", tmp_path / "a.txt", tmp_path / "lost.txt")
    assert [document.text for document in documents] == ["first"]
    assert ["gone" in errors[0], "lost" in errors[1]] == [True, True]


def test_patterns_give_their_matches_in_order(tmp_path):
    for name in ("b1.txt", "a1.txt", "sub/c1.txt", "d2.txt"):
        written(tmp_path / name, name)
    assert texts_of(tmp_path / "*1.txt") == ["a1.txt", "b1.txt"]
    assert texts_of(tmp_path / "**" / "*1.txt") == ["a1.txt", "b1.txt", "sub/c1.txt"]


def test_a_file_whose_name_looks_like_a_pattern_is_read(tmp_path):
    assert texts_of(written(tmp_path / "a[1].txt", "bracketed")) == ["bracketed"]


def test_a_file_named_on_purpose_is_read_whatever_its_suffix(tmp_path):
    assert texts_of(written(tmp_path / "article.news", "some news")) == ["some news"]


def test_standard_input_is_a_text(stdin):
    stdin("Norvik left.\n")
    assert texts_of("-") == ["Norvik left.\n"]


def test_standard_input_may_be_jsonl(stdin):
    stdin('{"text": "one", "id": 1}\n{"text": "two"}\n{"id": 3}\n')
    documents, errors = read("-")
    assert [(document.text, document.id) for document in documents] == [("one", "1"), ("two", None)]
    assert len(errors) == 1
    assert errors[0].startswith("-:3: ")


@pytest.mark.parametrize("text", ['{"a": 1}\nNorvik left.', "{curly} Norvik left.", "{" * 100_000])
def test_standard_input_that_only_begins_like_jsonl_is_a_text(stdin, text):
    stdin(text)
    assert texts_of("-") == [text]


def test_a_text_file_that_holds_json_stays_a_text(tmp_path):
    line = '{"text": "one"}\n'
    assert texts_of(written(tmp_path / "a.txt", line)) == [line]


@pytest.mark.parametrize("suffix", ["jsonl", "ndjson"])
def test_jsonl_lines_are_documents_of_their_own(tmp_path, suffix):
    first = {"text": "one\u2028line", "id": 7, "title": "T", "date": "2024-01-02", "url": "http://n.example", "x": []}
    lines = [json.dumps(first, ensure_ascii=False), "", '{"text": "", "title": null}']
    path = written(tmp_path / f"a.{suffix}", "\r\n".join(lines))
    assert read(path) == (
        [
            Document("one\u2028line", "7", "T", "2024-01-02", "http://n.example", str(path)),
            Document("", path=str(path)),
        ],
        [],
    )


def test_broken_jsonl_lines_are_named_and_skipped(tmp_path):
    lines = ['{"text": "one"}', '{"text": "br', "[1]", '{"text": 5}', "", "[" * 100_000, '{"text": "two"}']
    path = written(tmp_path / "a.jsonl", "\n".join(lines))
    documents, errors = read(path)
    assert [document.text for document in documents] == ["one", "two"]
    assert [error.split(": ")[0] for error in errors] == [f"{path}:{number}" for number in (2, 3, 4, 6)]


@pytest.mark.parametrize("name", ["a.html", "a.HTM"])
def test_html_gives_the_article_without_the_page_around_it(tmp_path, name):
    pytest.importorskip("trafilatura")
    (document,), errors = read(written(tmp_path / name, HTML))
    assert not errors
    assert "Norvik recalled its ambassador" in document.text
    assert document.title == "Norvik recalls its envoy"
    assert not any(boilerplate in document.text for boilerplate in ("Sport desk", "cookie", "<p>"))


@pytest.mark.parametrize("content", ["", "<html><body></body></html>"])
def test_html_without_an_article_is_one_clear_error(tmp_path, content):
    pytest.importorskip("trafilatura")
    path = written(tmp_path / "a.html", content)
    assert read(path) == ([], [f"{path}: no article was found in the HTML"])


def test_html_without_the_extra_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    written(tmp_path / "a.html", HTML)
    written(tmp_path / "b.txt", "second")
    (document,), (error,) = read(tmp_path)
    assert document.text == "second"
    assert "a.html" in error
    assert "pip install 'actor-stance[html]'" in error


def test_one_text_is_read_alone(tmp_path):
    assert read_one(str(written(tmp_path / "a.txt", "alone"))).text == "alone"


@pytest.mark.parametrize(
    ("content", "message"),
    [('{"text": "a"}\n{"text": "b"}\n', "holds 2 texts; expected one"), ("\n", "holds 0 texts"), ("{", r":1: ")],
)
def test_several_texts_none_or_a_broken_one_are_refused_where_one_is_expected(tmp_path, content, message):
    with pytest.raises(DocumentError, match=message):
        read_one(str(written(tmp_path / "a.jsonl", content)))
