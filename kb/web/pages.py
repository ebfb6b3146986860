"""The pages: search and reading. Both work without JavaScript; what is shown is decided here, how it looks in `templates/`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, request

from kb.errors import BadRequest
from kb.search import Answer, Question, Search
from kb.web.parameters import DEEPEST, read_question
from kb.web.reading import outline, paragraphs

blueprint = Blueprint("pages", __name__)

FACET_LABELS = {"genre": "体裁", "speaker": "讲话人", "org": "单位", "year": "年份"}
SORT_LABELS = {"relevance": "相关度", "-date": "最新", "date": "最早"}
GROUP_LABELS = {"document": "按文档", "passage": "按段落"}
_NEIGHBOURS = 2
_FIELDS = ("genre", "speaker", "org")
_YEARS = ("year_from", "year_to")

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes the search: what it says, where it leads, whether it is what is shown now."""

    label: str
    url: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class FacetView:
    """A field with its values to choose from."""

    label: str
    choices: list[Choice]


@blueprint.get("/")
def search() -> str | tuple[str, int]:
    """Show the search box and, for a query, what was found."""
    question, problems = read_question(request.args)
    notices = [sentence for _, sentence in problems]
    service = _search()
    if not question.text:
        return render_template("search.html", question=question, answer=None, notices=notices, counts=service.counts())
    try:
        answer = service.ask(question)
        if answer.total and not answer.hits:
            notices.append(f"没有第 {question.page} 页，已回到第 1 页。")
            question = replace(question, page=1)
            answer = service.ask(question)
    except BadRequest as error:
        view = render_template(
            "search.html", question=question, answer=None, notices=[*notices, str(error)], counts=None
        )
        return view, error.status
    return render_template(
        "search.html",
        question=question,
        answer=answer,
        notices=notices,
        counts=None,
        facets=_facets(answer),
        chosen=_chosen(),
        sorts=_choices("sort", SORT_LABELS, question.sort),
        groups=_choices("group", GROUP_LABELS, question.group),
        pages=_pages(question, answer),
        hidden=[pair for pair in _arguments() if pair[0] not in ("q", "page")],
        suggestions=[(suggestion, _suggested(suggestion.text, question)) for suggestion in answer.suggestions],
    )


@blueprint.get("/documents/<document_id>")
def document(document_id: str) -> str:
    """Show a document; with `q`, its matches."""
    text = request.args.get("q", "").strip()
    notices = []
    try:
        opened = _search().read(document_id, text)
    except BadRequest as error:
        notices = [str(error)]
        opened = _search().read(document_id)
    return render_template(
        "document.html",
        document=opened.document,
        query=text,
        notices=notices,
        matches=len(opened.highlights),
        outline=outline(opened.document, opened.highlights),
        paragraphs=paragraphs(opened.document, opened.highlights),
    )


def _search() -> Search:
    found: Search = current_app.extensions["search"]
    return found


def _arguments() -> Pairs:
    """Return the parameters of this request that say something."""
    return [(name, value) for name, value in request.args.items(multi=True) if value]


def _url(pairs: Iterable[tuple[str, str]]) -> str:
    return f"/?{urlencode(list(pairs))}"


def _without(*names: str) -> Pairs:
    """Return the parameters of this search, from its first page, but for some."""
    return [pair for pair in _arguments() if pair[0] not in (*names, "page")]


def _with(name: str, value: str) -> str:
    """Return this search with a parameter set, from its first page."""
    return _url([*_without(name), (name, value)])


def _toggled(name: str, value: str) -> str:
    """Return this search with a filter's value added, or taken away where it is set."""
    kept = _without()
    return _url([pair for pair in kept if pair != (name, value)] if (name, value) in kept else [*kept, (name, value)])


def _suggested(text: str, question: Question) -> str:
    """Return the search with another query and the same filters; the same query is suggested without them."""
    return _url([("q", text)]) if text == question.text else _with("q", text)


def _choices(name: str, labels: dict[str, str], current: str) -> list[Choice]:
    return [Choice(label, _with(name, value), value == current) for value, label in labels.items()]


def _facets(answer: Answer) -> list[FacetView]:
    given = set(_arguments())
    views = []
    for field, values in answer.facets.items():
        choices = [
            Choice(found.value, _facet_url(field, found.value), _is_set(field, found.value, given), found.count)
            for found in values
        ]
        if choices:
            views.append(FacetView(FACET_LABELS[field], choices))
    return views


def _facet_url(field: str, value: str) -> str:
    if field != "year":
        return _toggled(field, value)
    kept = _without(*_YEARS)
    return _url(kept if _is_set(field, value, set(_arguments())) else [*kept, ("year_from", value), ("year_to", value)])


def _is_set(field: str, value: str, given: set[tuple[str, str]]) -> bool:
    return {("year_from", value), ("year_to", value)} <= given if field == "year" else (field, value) in given


def _chosen() -> list[Choice]:
    """Return the filters that are set, each with the search without it."""
    chips = [
        Choice(f"{FACET_LABELS[name]}：{value}", _toggled(name, value), chosen=True)
        for name, value in _arguments()
        if name in _FIELDS
    ]
    first, last = request.args.get("year_from"), request.args.get("year_to")
    if first or last:
        years = first if first == last else f"{first or ''}–{last or ''}"
        chips.append(Choice(f"年份：{years}", _url(_without(*_YEARS)), chosen=True))
    return chips


def _pages(question: Question, answer: Answer) -> list[Choice | None]:
    """Return the links to the first, the last and the neighbouring pages; None stands for a gap."""
    total = answer.total_documents if question.group == "document" else answer.total
    last = max(1, -(-min(total, DEEPEST) // question.per_page))
    near = range(max(2, question.page - _NEIGHBOURS), min(last - 1, question.page + _NEIGHBOURS) + 1)
    pages: list[Choice | None] = []
    before = 0
    for number in sorted({1, *near, last}):
        if number > before + 1:
            pages.append(None)
        pages.append(Choice(str(number), _with("page", str(number)), number == question.page))
        before = number
    return pages if last > 1 else []
