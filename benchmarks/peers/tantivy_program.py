"""The whole way from the corpus to a verified index as a tantivy-py program goes it: read, cut, write, check.

It reads the same file as `kb rebuild`, cuts paragraphs into passages of at most 400 characters at sentence ends, cuts words with
rjieba (search mode, no HMM) and writes the fields that ours has: words, single characters and pairs of neighbours, the title's
words, date, year, text. It finds no headings, adverts, near-copies or metadata and folds nothing but upper case.

rjieba holds the interpreter's lock, so words are cut by one core while tantivy's threads write with both.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
from pathlib import Path

import rjieba
from tantivy import Document, Index, Query, Schema, SchemaBuilder

from peers.tantivy_py import HEAP_BYTES, total

_LONGEST = 400
_GOLDEN = 20
_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]*[”’」』》）)]*")
_INSIGNIFICANT = re.compile(r"[\W_]+")


def build(corpus: Path, folder: Path) -> int:
    """Index a .jsonl.xz file and check the index; return the number of passages."""
    index = Index(_schema(), str(folder))
    writer = index.writer(HEAP_BYTES)
    cut = rjieba.Jieba().cut_for_search
    count = 0
    golden: list[str] = []
    with lzma.open(corpus, "rt", encoding="utf-8") as file:
        for record in map(json.loads, file):
            title = " ".join(cut(record["title"].lower(), hmm=False))
            for text in _passages(record["text"]):
                words = cut(text.lower(), hmm=False)
                writer.add_document(_document(record, title, text, " ".join(words)))
                count += 1
                golden += islice(filter(str.isalpha, words), 1 if len(golden) < _GOLDEN else 0)
    writer.commit()
    writer.wait_merging_threads()
    _verify(folder, count, golden)
    return count


def _verify(folder: Path, count: int, golden: list[str]) -> None:
    index = Index.open(str(folder))
    searcher = index.searcher()
    found = [total(searcher.search(Query.term_query(index.schema, "words", word), 1)) for word in golden]
    if searcher.num_docs != count or not all(found):
        raise SystemExit("the tantivy program's index is incomplete")


def _passages(text: str) -> Iterator[str]:
    """Cut paragraphs; sentences are gathered into passages of at most `_LONGEST` characters."""
    for paragraph in filter(None, map(str.strip, text.split("\n"))):
        if len(paragraph) <= _LONGEST:
            yield paragraph
            continue
        passage = ""
        for sentence in _SENTENCE.findall(paragraph):
            if passage and len(passage) + len(sentence) > _LONGEST:
                yield passage
                passage = ""
            passage += sentence
        if passage:
            yield passage


def _document(record: Mapping[str, str], title: str, text: str, words: str) -> Document:
    characters = _INSIGNIFICANT.sub("", text)
    document = Document()
    document.add_text("words", words)
    document.add_text("grams", " ".join((*characters, *map("".join, pairwise(characters)))))
    document.add_text("title", title)
    document.add_text("id", record["id"])
    document.add_unsigned("day", int((record.get("date") or "0").replace("-", "")))
    document.add_unsigned("year", int((record.get("date") or "0")[:4]))
    document.add_bytes("text", text.encode())
    return document


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("grams", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("title", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("day", fast=True)
    builder.add_unsigned_field("year", indexed=True, fast=True)
    builder.add_bytes_field("text", stored=True)
    return builder.build()
