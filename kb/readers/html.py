"""A web page becomes its main text: trafilatura leaves out navigation and adverts, and if it leaves out too much, all is kept.

Both ways end in one walk over a tree, so a heading is marked where it stands.

Traps: libxml2 stops at 256 levels and returns what it has, often nothing; old pages get there by unclosed <font>. Thousands of
attributes in one tag cost it minutes, thousands of elements cost trafilatura minutes. A source line may end between two Han
characters, where Chinese shows no space. A page may declare GBK and be UTF-8. Trafilatura's date is a guess and not taken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import html as lxml_html

from kb.documents import Reading
from kb.errors import UnreadableFile
from kb.readers.draft import Draft
from kb.readers.files import contents
from kb.readers.limits import MAX_ATTRIBUTES, MAX_ELEMENTS
from kb.readers.reasons import TOO_DEEP
from kb.readers.text import decode
from kb.readers.titles import sensible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element as Element

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_HEAD = 4096
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
"""A page declares the small set and uses the large one."""

_LONG_TAG = re.compile("<[A-Za-z][^<>]{20000,}")
_INLINE_TAG = re.compile(r"</?(?:font|span|strong|b|i|u|em|big|small|center)(?:\s[^<>]*)?>", re.IGNORECASE)
_BROKEN_LINE = re.compile(r"(?<=[\u3001-\u9fff\uff00-\uffef])[ \t]*\r?\n[ \t]*(?=[\u3001-\u9fff\uff00-\uffef])")
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_SITE = re.compile(r"\s*(?:[_|｜]|--|\s[-–—]\s).*|\s*[-–—][^-–—]*(?:网|网站|报|在线|门户|频道|党校|平台|文库)$")

_SKIPPED = frozenset("script style noscript template nav aside footer select button iframe object svg textarea".split())
_BLOCKS = frozenset(
    "address article blockquote br caption center dd div dl dt figcaption figure form h1 h2 h3 h4 h5 h6 header hr li main ol p "
    "pre section table tbody tfoot thead tr ul head item lb list quote row".split()  # from `head` on: trafilatura's tree
)
_CELLS = frozenset({"td", "th", "cell"})
_VERBATIM = frozenset({"pre", "code"})
_LINKS = frozenset({"a", "ref"})
_HEADING = re.compile("h([1-6])")

_ENOUGH = 0.5
"""The share of the page's words outside links that its main text must hold."""
_SHORT = 250
"""Characters below which trafilatura gives up on headings and paragraphs."""


def read(path: Path, name: str) -> Iterator[Reading]:
    """Read one web page."""
    tree = _tree(_decoded(contents(path)))
    title, source = _title(tree), _meta(tree, "ContentSource")  # before trafilatura, which takes the tree apart
    draft = _main(tree)
    yield Reading(name, draft.text, draft.marks, title=title, source=source)


def _decoded(data: bytes) -> str:
    """Decode as UTF-8, as declared, or as it reads best, in this order."""
    declared = _CHARSET.search(data[:_HEAD])
    encoding = declared[1].decode().lower() if declared else "utf-8"
    for candidate in ("utf-8", _WIDER.get(encoding, encoding)):
        try:
            return data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
    return decode(data)


def _tree(page: str) -> Element:
    page = page.replace("\0", "")
    if any(tag[0].count("=") > MAX_ATTRIBUTES for tag in _LONG_TAG.finditer(page)):
        raise UnreadableFile("网页标签异常，可能是有害文件，请在浏览器里打开，把文字另存为文本。")
    if "<pre" not in page:
        page = _BROKEN_LINE.sub("", page)
    for attempt in (page, _INLINE_TAG.sub("", page)):
        parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        tree: Element = lxml_html.document_fromstring(attempt.encode("utf-8", "replace"), parser=parser)
        if "Excessive depth" not in str(parser.error_log):
            return tree
    raise UnreadableFile(TOO_DEEP)


def _title(tree: Element) -> str | None:
    """Choose what names the article: its own declaration, the <h1> that <title> repeats, or <title> without the site."""
    title = sensible(tree.findtext(".//title"))
    heading = sensible(str(tree.xpath("string(//h1)")))
    if declared := sensible(_meta(tree, "ArticleTitle")):
        return declared
    if title and heading and heading in title:
        return heading
    return sensible(_SITE.sub("", title)) if title else None


def _meta(tree: Element, name: str) -> str | None:
    """Return what a page of a Chinese authority declares about itself (their standard prescribes the names)."""
    return next((meta.get("content") for meta in tree.iter("meta") if meta.get("name") == name), None)


def _main(tree: Element) -> Draft:
    everything = _Walk(tree.find("body"), keeps_lines=False)
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        return everything.draft

    import trafilatura  # takes a second to load

    found = trafilatura.bare_extraction(tree, favor_recall=True, include_comments=False, with_metadata=False)
    main = _Walk(getattr(found, "body", None), keeps_lines=True)
    is_enough = main.words >= max(_SHORT, _ENOUGH * everything.unlinked_words)
    return main.draft if is_enough else everything.draft


class _Walk:
    """Writes the words of a tree as lines; knows HTML and what trafilatura makes of it (there every line end counts)."""

    def __init__(self, root: Element | None, *, keeps_lines: bool) -> None:
        self.draft = Draft()
        self.words = 0
        """Characters without white space."""
        self.unlinked_words = 0
        self._keeps_lines = keeps_lines
        self._line: list[str] = []
        self._level: int | None = None
        if root is not None:
            self._element(root, is_linked=False)
            self._end_line()

    def _element(self, element: Element, *, is_linked: bool) -> None:
        tag = element.tag
        if tag in _SKIPPED or "display:none" in element.get("style", "").replace(" ", ""):
            return
        if tag in _BLOCKS:
            self._end_line()
        heading = _HEADING.fullmatch(element.get("rend", "") if tag == "head" else tag)
        self._level = int(heading[1]) if heading else self._level
        self._inside(element, is_linked=is_linked or tag in _LINKS)
        if tag in _CELLS:
            self._line.append("\t")
        if tag in _BLOCKS:
            self._end_line()
        self._level = None if heading else self._level

    def _inside(self, element: Element, *, is_linked: bool) -> None:
        is_verbatim = self._keeps_lines or element.tag in _VERBATIM
        self._say(element.text, is_linked=is_linked, is_verbatim=is_verbatim)
        for child in element:
            self._element(child, is_linked=is_linked)
            self._say(child.tail, is_linked=is_linked, is_verbatim=is_verbatim)

    def _say(self, text: str | None, *, is_linked: bool, is_verbatim: bool) -> None:
        for number, piece in enumerate((text or "").split("\n") if is_verbatim else (text or "",)):
            if number:
                self._end_line()
            self._line.append(_SPACES.sub(" ", piece))
            words = len("".join(piece.split()))
            self.words += words
            self.unlinked_words += 0 if is_linked else words

    def _end_line(self) -> None:
        line = "".join(self._line).strip()
        self._line.clear()
        if line:
            self.draft.add(line, self._level)
