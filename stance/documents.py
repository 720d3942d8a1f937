"""Reading the texts to predict on: files, folders, patterns and standard input."""

from __future__ import annotations

import glob
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from stance.errors import DocumentError
from stance.records import Document

STDIN = "-"
TEXT_SUFFIXES = (".txt", ".text", ".md", ".markdown")
HTML_SUFFIXES = (".html", ".htm")
JSONL_SUFFIXES = (".jsonl", ".ndjson")

_FIELDS = ("id", "title", "date", "url")
_SAMPLE = 65_536  # bytes looked at to tell text from binary, and to guess an encoding
_FEW_ACCENTS = 0.1
_HALF = re.compile("[\ud800-\udfff]")
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


def read_documents(inputs: Iterable[str], on_error: Callable[[DocumentError], None]) -> Iterator[Document]:
    """Read texts, one after the other.

    Parameters
    ----------
    inputs : iterable of str
        Files, folders (searched for the known suffixes), glob patterns, or ``-`` for standard input.
    on_error : callable
        Is told of everything that cannot be read; the rest is delivered.

    Yields
    ------
    Document
        An empty file is an empty text. Lines of a JSONL file are texts of their own.
    """
    for name in inputs:
        try:
            for path in _expand(name):
                yield from _read(path, on_error)
        except DocumentError as error:
            on_error(error)


def read_one(name: str) -> Document:
    """Read the one text that a file or standard input holds.

    Raises
    ------
    DocumentError
        It cannot be read, or there are none or several.
    """
    errors: list[DocumentError] = []
    documents = [*read_documents([name], errors.append)]
    if errors:
        raise errors[0]
    if len(documents) != 1:
        raise DocumentError(f"{name}: holds {len(documents)} texts; expected one")
    return documents[0]


def _expand(name: str) -> Iterator[Path]:
    path = Path(name)
    try:
        is_file, is_folder = path.is_file(), path.is_dir()
    except (OSError, ValueError):  # such as a whole text, which is too long for a name
        raise DocumentError(f"{name[:60]}: no such file, folder or pattern") from None
    if name == STDIN or is_file:
        yield path
    elif is_folder:
        suffixes = (*TEXT_SUFFIXES, *HTML_SUFFIXES, *JSONL_SUFFIXES)
        found = sorted(p for p in path.rglob("*") if p.suffix.lower() in suffixes and p.is_file())
        if not found:
            raise DocumentError(f"{name}: holds no texts; looked for {', '.join('*' + s for s in suffixes)}")
        yield from found
    elif matches := sorted(glob.glob(name, recursive=True)):  # noqa: PTH207 - patterns may be absolute
        for match in matches:
            yield from _expand(match)
    else:
        raise DocumentError(f"{name}: no such file, folder or pattern")


def _read(path: Path, on_error: Callable[[DocumentError], None]) -> Iterator[Document]:
    try:
        if str(path) == STDIN:
            content, name = sys.stdin.buffer.read(), None
        else:
            content, name = path.read_bytes(), str(path)
        text = decode(content)
    except OSError as error:
        on_error(DocumentError(f"{path}: cannot be read: {error.strerror}"))
        return
    except DocumentError as error:
        on_error(DocumentError(f"{path}: {error}"))
        return
    if path.suffix.lower() in JSONL_SUFFIXES or (name is None and _looks_like_jsonl(text)):
        yield from _jsonl(text, name, on_error)
        return
    if path.suffix.lower() in HTML_SUFFIXES:
        try:
            yield _html(text, name)
        except DocumentError as error:
            on_error(DocumentError(f"{path}: {error}"))
        return
    yield Document(text, path=name)


def decode(content: bytes) -> str:
    """Text from bytes: UTF-8 or UTF-16 with a mark, else the likeliest single-byte encoding.

    Raises
    ------
    DocumentError
        The content is binary.
    """
    for mark, encoding in _BOMS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _guess(content, error.start)
    if "\0" in text[:_SAMPLE]:
        raise DocumentError("is no text but binary data")
    return text


def _guess(content: bytes, start: int) -> str:
    """Decode what is not UTF-8, judging by what stands around the first byte that shows it."""
    from charset_normalizer import from_bytes

    sample = content[max(0, start - _SAMPLE // 2) : start + _SAMPLE // 2]
    if b"\0" in sample:
        raise DocumentError("is no text but binary data")
    if sum(byte > 127 for byte in sample) < _FEW_ACCENTS * len(sample):  # the words say little: take the likeliest
        with suppress(UnicodeDecodeError):
            return content.decode("cp1252")
    best = from_bytes(sample).best()
    if best is None:
        raise DocumentError("is no text but binary data, or of an unknown encoding")
    return content.decode(best.encoding, errors="replace")


def _looks_like_jsonl(text: str) -> bool:
    first = text.lstrip().split("\n", 1)[0]
    if not first.startswith("{"):
        return False
    try:
        return isinstance(json.loads(first).get("text"), str)
    except (ValueError, RecursionError):
        return False


def _jsonl(text: str, name: str | None, on_error: Callable[[DocumentError], None]) -> Iterator[Document]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield _json_document(json.loads(line), name)
        except (ValueError, RecursionError) as error:
            on_error(DocumentError(f"{name or STDIN}:{number}: {error}"))


def _json_document(value: Any, name: str | None) -> Document:
    if not isinstance(value, Mapping) or not isinstance(value.get("text"), str):
        raise ValueError("is no JSON object with a text")
    known = {key: None if value.get(key) is None else _whole(str(value[key])) for key in _FIELDS}
    return Document(_whole(value["text"]), path=name, **known)


def _whole(text: str) -> str:
    """The text with halves of characters, as a cut-off JSON escape leaves them, replaced; of the same length."""
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", text)


def _html(text: str, name: str | None) -> Document:
    try:
        import trafilatura
    except ImportError:
        raise DocumentError("is HTML, which needs the extra 'html': pip install 'actor-stance[html]'") from None
    extracted = trafilatura.extract(text, output_format="json", with_metadata=True, include_comments=False)
    if extracted is None:
        raise DocumentError("no article was found in the HTML")
    found = json.loads(extracted)
    return Document(found["text"], title=found.get("title"), date=found.get("date"), url=found.get("source"), path=name)
