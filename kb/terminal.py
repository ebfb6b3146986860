"""What the `kb` command prints for people: progress, summary, hits, a document."""

from __future__ import annotations

import sys
import time
from collections import Counter

import click

from kb.answers import Answer, OpenDocument, ShownPassage, passage_url
from kb.library import Progress, Report
from kb.trace import Place, Sentence, Trace
from kb.web.similar import pieces


class Meter:
    """Shows progress: one line that is rewritten on a terminal, a plain line every few seconds otherwise."""

    _PAUSE = 5.0

    def __init__(self) -> None:
        self._began = self._shown = time.monotonic()
        self._rewrites = sys.stderr.isatty()

    def show(self, progress: Progress) -> None:
        """Say how far it is."""
        now = time.monotonic()
        if not self._rewrites and now - self._shown < self._PAUSE and not progress.writing:
            return
        self._shown = now
        seconds = max(now - self._began, 0.001)
        line = f"已读取 {progress.documents:,} 份、{progress.characters:,} 字，每秒 {progress.characters / seconds:,.0f} 字"
        if progress.writing:
            line += "；正在写入索引……"
        elif progress.share:
            line += f"，{_bar(progress.share)} 还需约 {seconds / progress.share - seconds:.0f} 秒"
        click.echo(f"\r\033[K{line}" if self._rewrites else line, err=True, nl=not self._rewrites)

    def clear(self) -> None:
        """Take the line away."""
        if self._rewrites:
            click.echo("\r\033[K", err=True, nl=False)


def _bar(share: float) -> str:
    width = 20
    filled = round(share * width)
    return f"{'█' * filled}{'░' * (width - filled)} {share:.0%}"


def summary(report: Report) -> str:
    """Tell what a rebuild did."""
    counts = report.counts
    rate = counts.characters / max(report.seconds, 0.001)
    told = (
        f"已索引 {counts.documents:,} 份文档、{counts.passages:,} 段、{counts.characters:,} 字，"
        f"用时 {report.seconds:.1f} 秒（每秒 {rate:,.0f} 字）。"
    )
    if report.families:
        told += f"\n其中同稿 {report.families:,} 组、共 {report.in_families:,} 份，检索结果中各归并为一条。"
    if report.failures:
        told += f"\n{len(report.failures)} 个文件未收入，原因见上。"
    if report.passed_over:
        told += f"\n略过 {report.passed_over} 个隐藏文件或临时文件。"
    return f"{told}\n新索引 {report.generation} 已启用。"


def told(answer: Answer) -> str:
    """Tell what was found."""
    understood = "" if answer.plain else f"{answer.understood}\n"
    offers = "".join(f"\n  试试：{offer.text}（{offer.reason}）" for offer in answer.suggestions)
    if not answer.total:
        cut = "，".join(f"{part.text} {part.passages} 段" for part in answer.parts)
        return f"{understood}没有找到“{answer.query}”。" + (f"\n  切分：{cut}" if cut else "") + offers
    partial = "，时间所限，结果可能不完整" if answer.partial else ""
    if not answer.hits:
        return f"共 {answer.total} 段，没有第 {answer.page} 页；请减小 --page。"
    found = f"共 {answer.total} 段，出自 {answer.total_documents} 份文档（{answer.took_ms} 毫秒{partial}）"
    head = f"{understood}{found}{offers}"
    first = (answer.page - 1) * answer.per_page + 1
    return "\n\n".join([head, *(_told_passage(number, hit) for number, hit in enumerate(answer.hits, start=first))])


def _told_passage(number: int, hit: ShownPassage) -> str:
    about = " · ".join(value for value in (hit.document.genre, hit.document.speaker, hit.document.date) if value)
    lines = [f"{number}. {click.style(hit.document.title, bold=True)}  {click.style(about, dim=True)}"]
    if hit.headings:
        lines.append("   " + click.style(" › ".join(hit.headings), fg="cyan"))
    lines.append("   " + _coloured(hit))
    others = (
        ("本文还有", hit.more_in_document, "段"),
        ("同稿", hit.copies, "份"),
        ("相同的另有", hit.same_passages, "段"),
    )
    more = "，".join(f"{words} {count} {measure}" for words, count, measure in others if count)
    lines.append("   " + click.style(f"{hit.url}（{more}）" if more else hit.url, dim=True))
    return "\n".join(lines)


def _coloured(hit: ShownPassage) -> str:
    pieces, end = [], 0
    for start, stop in hit.highlights:
        pieces += [hit.text[end:start], click.style(hit.text[start:stop], fg="red", bold=True)]
        end = stop
    return "".join([*pieces, hit.text[end:]])


_VERDICTS = {
    "verbatim": ("原话", "green"),
    "altered": ("有改动", "yellow"),
    "missing": ("没有找到", "red"),
    "unchecked": ("没有来得及查", "magenta"),
}


def traced_lines(trace: Trace) -> str:
    """Tell where a text comes from: the best sources, then sentence by sentence; [-…-] stands only there, {+…+} only here."""
    partial = "，时间所限，结果可能不完整" if trace.partial else ""
    counted = Counter(_VERDICTS[sentence.status][0] for sentence in trace.sentences)
    head = "，".join(f"{verdict} {count}" for verdict, count in counted.items())
    lines = [f"共 {len(trace.sentences)} 句：{head}（{trace.took_ms} 毫秒{partial}）"]
    for number, source in enumerate(trace.sources, start=1):
        share = f"占 {source.share:.0%}，其中原话 {source.verbatim_share:.0%}"
        lines.append(f"{number}. {_named(source.place)}  {share}")
        lines.append("   " + click.style(_url(source.place), dim=True))
    return "\n".join([*lines, "", *map(_told_sentence, trace.sentences)])


def _told_sentence(sentence: Sentence) -> str:
    verdict, colour = _VERDICTS[sentence.status]
    told = f"{click.style(f'[{verdict}]', fg=colour)} {_compared(sentence)}"
    if sentence.source:
        told += f"\n    {_named(sentence.source.place)} {click.style(_url(sentence.source.place), dim=True)}"
    if sentence.earliest and not (sentence.source and sentence.earliest == sentence.source.place):
        told += f"\n    最早：{_named(sentence.earliest)} {click.style(_url(sentence.earliest), dim=True)}"
    return told


def _compared(sentence: Sentence) -> str:
    told = ""
    for piece in pieces(sentence):
        if piece.kind == "equal":
            told += piece.text
            continue
        told += click.style(f"[-{piece.source_text}-]", fg="red") if piece.source_text else ""
        told += click.style(f"{{+{piece.text}+}}", fg="green") if piece.text else ""
    return told


def _named(place: Place) -> str:
    date = f"（{place.metadata.date}）" if place.metadata.date else ""
    return f"{click.style(place.metadata.title, bold=True)}{date}"


def _url(place: Place) -> str:
    return passage_url(place.document_id, place.number)


def outlined(opened: OpenDocument) -> str:
    """Tell a document: what is known, its near-copies, its outline, its passages."""
    document = opened.document
    metadata = document.metadata
    known = {
        "编号": document.id,
        "文件": document.path,
        "讲话人": metadata.speaker,
        "单位": metadata.org,
        "日期": metadata.date,
    }
    known |= {"体裁": metadata.genre, "场合": metadata.occasion, "来源": metadata.source}
    lines = [
        click.style(metadata.title, bold=True),
        *(f"{name}：{value}" for name, value in known.items() if value),
        *(f"同稿：{copy.id}  {copy.metadata.title}（{copy.path}）" for copy in opened.copies),
        "",
        "提纲",
    ]
    lines += ["  " * section.level + section.title for section in document.sections] or ["  （没有标题）"]
    lines += ["", f"段落（{len(document.passages)}）"]
    for passage in document.passages:
        lines.append(f"{passage.number:>4}  {document.text[passage.start : passage.end]}")
    return "\n".join(lines)
