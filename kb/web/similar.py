"""Where a pasted text comes from, as the API, the page and the terminal show it.

Trap: a JSON string may hold a lone surrogate, which no answer could repeat; it becomes U+FFFD, one for one, so that offsets stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from flask import Request
from werkzeug.exceptions import UnsupportedMediaType

from kb.answers import passage_url, summary
from kb.errors import BadRequest
from kb.fold import without_surrogates
from kb.trace import Extract, Place, Sentence, Source, Trace

LARGEST_BODY = 1_000_000
_DIGITS = 3
_LINE_ENDS = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a sentence as it is shown: `text` was pasted, `source_text` stands in the source instead."""

    kind: Literal["equal", "changed"]
    text: str
    source_text: str = ""


def pasted_json(request: Request) -> str:
    """Read the text of an API request: {"text": …} or plain text.

    Raises:
        BadRequest: it is no such thing.
        UnsupportedMediaType: it is of another type.
    """
    request.max_content_length = LARGEST_BODY
    if request.mimetype == "text/plain":
        return request.get_data().decode("utf-8", "replace")
    if not request.is_json:
        raise UnsupportedMediaType
    body = request.get_json(silent=True)
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str):
        raise BadRequest('请提交 {"text": "要查出处的文字"}。', (("text", "必须是字符串"),))
    return without_surrogates(text)


def pasted_form(request: Request) -> str:
    """Read the text of the page's form, with the line ends that it had before the browser sent it."""
    request.max_content_length = request.max_form_memory_size = LARGEST_BODY
    return _LINE_ENDS.sub("\n", request.form.get("text", ""))


def trace_json(trace: Trace) -> dict[str, object]:
    """Return a trace as the API and `kb similar --json` give it."""
    return {
        "characters": trace.characters,
        "took_ms": trace.took_ms,
        "partial": trace.partial,
        "generation": trace.generation,
        "sources": [_source(source) for source in trace.sources],
        "sentences": [_sentence(sentence) for sentence in trace.sentences],
    }


def pieces(sentence: Sentence) -> Iterator[Piece]:
    """Cut a sentence at its differences; punctuation between them is shown as it was pasted."""
    end = sentence.start
    for difference in sentence.differences:
        if difference.kind == "equal":
            continue
        yield Piece("equal", _cut(sentence, end, difference.start))
        inserted = _cut(sentence, difference.start, difference.end)
        yield Piece("changed", inserted, difference.source_text)
        end = difference.end
    yield Piece("equal", _cut(sentence, end, sentence.end))


def _cut(sentence: Sentence, start: int, end: int) -> str:
    return sentence.text[start - sentence.start : end - sentence.start]


def _source(source: Source) -> dict[str, object]:
    return {
        **_place(source.place),
        "share": round(source.share, _DIGITS),
        "verbatim_share": round(source.verbatim_share, _DIGITS),
        "sentences": source.sentences,
    }


def _sentence(sentence: Sentence) -> dict[str, object]:
    return {
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
        "status": sentence.status,
        "similarity": sentence.similarity,
        "documents": sentence.documents,
        "source": _extract(sentence.source) if sentence.source else None,
        "earliest": _place(sentence.earliest) if sentence.earliest else None,
        "differences": [asdict(difference) for difference in sentence.differences],
    }


def _extract(extract: Extract) -> dict[str, object]:
    return {**_place(extract.place), "start": extract.start, "end": extract.end, "text": extract.text}


def _place(place: Place) -> dict[str, object]:
    return {
        "document": asdict(summary(place.document_id, place.metadata)),
        "number": place.number,
        "url": passage_url(place.document_id, place.number),
    }
