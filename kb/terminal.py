"""What the `kb` command prints for people: progress, summary, hits, a document."""

from __future__ import annotations

import sys
import time

import click

from kb.library import Progress, Report
from kb.search import Answer, OpenDocument, ShownPassage


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
    if not answer.total:
        offers = "".join(f"\n  试试：{offer.text}（{offer.reason}）" for offer in answer.suggestions)
        return f"没有找到“{answer.query}”。{offers}"
    partial = "，时间所限，结果可能不完整" if answer.partial else ""
    if not answer.hits:
        return f"共 {answer.total} 段，没有第 {answer.page} 页；请减小 --page。"
    head = f"共 {answer.total} 段，出自 {answer.total_documents} 份文档（{answer.took_ms} 毫秒{partial}）"
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
