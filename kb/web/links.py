"""The links of a results page: filters to set and to take away, orders, pages.

Every link says the whole question, so a page can be bookmarked, and starts at the first page unless it leads to another one.
The parameters come from the question as it was understood, not as it was typed: what was refused is not carried along.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from kb.answers import Answer, Question
from kb.query_language import FIELD_LABELS
from kb.web.parameters import last_page

SORT_LABELS = {"relevance": "相关度", "-date": "最新", "date": "最早"}
GROUP_LABELS = {"document": "按文档", "passage": "按段落"}
_NEIGHBOURS = 2
_FIELDS = ("genre", "speaker", "org")
_YEARS = ("year_from", "year_to")
_SETTINGS = ("sort", "group", "fold", "per_page")

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


class Links:
    """The links around one question."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._pairs = _parameters(question)

    @property
    def hidden(self) -> Pairs:
        """The parameters that a form sends along with another query."""
        return [pair for pair in self._pairs if pair[0] != "q"]

    def sorts(self) -> list[Choice]:
        """The orders to choose from."""
        return [
            Choice(label, self._with("sort", sort), sort == self._question.sort) for sort, label in SORT_LABELS.items()
        ]

    def groups(self) -> list[Choice]:
        """The ways to group hits."""
        return [
            Choice(label, self._with("group", group), group == self._question.group)
            for group, label in GROUP_LABELS.items()
        ]

    def unfolded(self) -> str:
        """The same list with near-copies and passages that say the same each as a hit."""
        return self._with("fold", "no")

    def suggested(self, text: str) -> str:
        """Another query with the same filters; the same query is suggested without them."""
        return _url([("q", text)]) if text == self._question.text else self._with("q", text)

    def facets(self, answer: Answer) -> list[FacetView]:
        """The values that narrow the search down."""
        return [
            FacetView(
                FIELD_LABELS[field],
                [Choice(found.value, *self._facet(field, found.value), found.count) for found in values],
            )
            for field, values in answer.facets.items()
            if values
        ]

    def chosen(self) -> list[Choice]:
        """The filters that are set, each with the search without it."""
        chips = [
            Choice(f"{FIELD_LABELS[name]}：{value}", self._toggled(name, value), chosen=True)
            for name, value in self._pairs
            if name in _FIELDS
        ]
        first, last = self._question.filters.first_year, self._question.filters.last_year
        if first or last:
            years = f"{first or ''}–{last or ''}" if first != last else str(first)
            chips.append(Choice(f"{FIELD_LABELS['year']}：{years}", _url(self._without(*_YEARS)), chosen=True))
        if self._question.fold == "no":
            chips.append(Choice("相同的逐条列出", _url(self._without("fold")), chosen=True))
        return chips

    def pages(self, answer: Answer) -> list[Choice | None]:
        """The first, the last and the neighbouring pages; None stands for a gap."""
        last, current = last_page(answer, self._question), self._question.page
        near = range(max(2, current - _NEIGHBOURS), min(last - 1, current + _NEIGHBOURS) + 1)
        pages: list[Choice | None] = []
        before = 0
        for number in sorted({1, *near, last}):
            if number > before + 1:
                pages.append(None)
            pages.append(Choice(str(number), self._with("page", str(number)), number == current))
            before = number
        return pages if last > 1 else []

    def _facet(self, field: str, value: str) -> tuple[str, bool]:
        if field != "year":
            return self._toggled(field, value), (field, value) in self._pairs
        kept, years = self._without(*_YEARS), [(name, value) for name in _YEARS]
        is_set = set(years) <= set(self._pairs)
        return _url(kept if is_set else [*kept, *years]), is_set

    def _without(self, *names: str) -> Pairs:
        return [pair for pair in self._pairs if pair[0] not in names]

    def _with(self, name: str, value: str) -> str:
        return _url([*self._without(name), (name, value)])

    def _toggled(self, name: str, value: str) -> str:
        """Add a filter's value, or take it away where it is set."""
        pair = (name, value)
        kept = [other for other in self._pairs if other != pair]
        return _url(kept if pair in self._pairs else [*kept, pair])


def _parameters(question: Question) -> Pairs:
    """Return what asks this question's first page; what is as it would be anyway is left out."""
    plain, filters = Question(question.text), question.filters
    years = zip(_YEARS, (filters.first_year, filters.last_year), strict=True)
    return [
        ("q", question.text),
        *((field, value) for field in _FIELDS for value in getattr(filters, field)),
        *((name, str(year)) for name, year in years if year is not None),
        *((name, str(value)) for name in _SETTINGS if (value := getattr(question, name)) != getattr(plain, name)),
    ]


def _url(pairs: Iterable[tuple[str, str]]) -> str:
    return f"/?{urlencode(list(pairs))}"
