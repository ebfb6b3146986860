"""The parameters of a search, checked once for page and API.

A bad value is replaced by its default and named in a sentence; the API refuses the request with these sentences, the page goes
on and shows them.
"""

from __future__ import annotations

from typing import TypeVar, get_args

from werkzeug.datastructures import MultiDict

from kb.answers import Answer, Fold, Question
from kb.engines.base import Filters, Group, Sort
from kb.errors import BadRequest
from kb.fold import visible

MOST_PER_PAGE = 100
DEEPEST = 1000
"""Hits that can be paged through: page × per_page."""
_LABELS = {
    "page": "页码",
    "per_page": "每页条数",
    "sort": "排序",
    "group": "归并方式",
    "fold": "是否归并同稿",
    "year_from": "起始年份",
    "year_to": "截止年份",
}

Problems = list[tuple[str, str]]
T = TypeVar("T")


def read_question(arguments: MultiDict[str, str]) -> tuple[Question, Problems]:
    """Read `q`, `page`, `per_page`, `sort`, `group`, `fold` and the filters; every bad value gives (parameter, sentence)."""
    problems: Problems = []
    per_page = _number(arguments, "per_page", 10, MOST_PER_PAGE, problems)
    page = _number(arguments, "page", 1, DEEPEST, problems)
    if page * per_page > DEEPEST:
        problems.append(
            ("page", f"最多翻到第 {DEEPEST // per_page} 页（共 {DEEPEST} 条），请加上筛选条件或换更具体的词。")
        )
        page = 1
    question = Question(
        text=read_text(arguments),
        filters=read_filters(arguments, problems),
        sort=_choice(arguments, "sort", get_args(Sort), problems),
        group=_choice(arguments, "group", get_args(Group), problems),
        fold=_choice(arguments, "fold", get_args(Fold), problems),
        page=page,
        per_page=per_page,
    )
    return question, problems


def read_text(arguments: MultiDict[str, str]) -> str:
    """Read `q` without what nobody sees: it is shown again, on pages and in terminals."""
    return visible(arguments.get("q", "")).strip()


def last_page(answer: Answer, question: Question) -> int:
    """Return the last page that has hits and may be asked for."""
    return max(1, min(-(-answer.total_hits // question.per_page), DEEPEST // question.per_page))


def read_filters(arguments: MultiDict[str, str], problems: Problems) -> Filters:
    """Read the filters; a field may be given several times."""
    first = _year(arguments, "year_from", problems)
    last = _year(arguments, "year_to", problems)
    if first is not None and last is not None and first > last:
        problems.append(("year_from", f"起始年份 {first} 晚于截止年份 {last}，请对调。"))
        first = last = None
    return Filters(_values(arguments, "genre"), _values(arguments, "speaker"), _values(arguments, "org"), first, last)


def refuse(problems: Problems) -> None:
    """Refuse a request that has bad values.

    Raises:
        BadRequest: there are some.
    """
    if problems:
        raise BadRequest(" ".join(sentence for _, sentence in problems), tuple(problems))


def read_page(arguments: MultiDict[str, str], problems: Problems) -> tuple[int, int]:
    """Read `page` and `per_page` of a plain list, which may be paged through to its end."""
    page = _number(arguments, "page", 1, 1_000_000, problems)
    return page, _number(arguments, "per_page", 20, MOST_PER_PAGE, problems)


def _values(arguments: MultiDict[str, str], field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in arguments.getlist(field) if value))


def _number(arguments: MultiDict[str, str], name: str, default: int, highest: int, problems: Problems) -> int:
    value = arguments.get(name, "")
    if not value:
        return default
    if value.isascii() and value.isdigit() and len(value) < len(str(highest)) + 1 and 1 <= int(value) <= highest:
        return int(value)
    problems.append((name, f"{_LABELS[name]}不能是“{value[:20]}”，请用 1 到 {highest} 之间的整数。"))
    return default


def _year(arguments: MultiDict[str, str], name: str, problems: Problems) -> int | None:
    value = arguments.get(name, "")
    if not value:
        return None
    if value.isascii() and value.isdigit() and len(value) == len("2021"):
        return int(value)
    problems.append((name, f"{_LABELS[name]}不能是“{value[:20]}”，请用四位数的年份，例如 2021。"))
    return None


def _choice(arguments: MultiDict[str, str], name: str, choices: tuple[T, ...], problems: Problems) -> T:
    value = arguments.get(name, "")
    for choice in choices:
        if value == choice:
            return choice
    if value:
        problems.append((name, f"{_LABELS[name]}不能是“{value[:20]}”，可选：{'、'.join(map(str, choices))}。"))
    return choices[0]
