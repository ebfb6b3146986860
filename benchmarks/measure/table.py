"""The figures as Markdown, in Chinese: what the README shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from measure.figures import OURS, RIVAL, STOCK, Figures, Indexing
from measure.timing import Timed, geometric_mean

_MEGA = 1_000_000
_NONE = "–"
_FINE = 0.1
_TENS = 10
_QUERY_NOTES = """
毫秒，中位数 / p99。一个进程、一次一条，先用另外的同类检索预热；每一条都返回前十条和准确的总数，各引擎用同样的段落、同样的检索。\
文渊从输入的字符串算起，包括切词，并且比同伴多做：词与字和标题一起计分、同义词和数字的各种写法、各筛选栏的篇数；\
两个词须同时出现，三个以上至少一半。同伴得到的词已切好，用 OR 连接，按 BM25 排序；它们的原文检索按同样的词切开（短语），\
计入时间。“单字”是单字带位置的 tantivy 索引，trigram 是 FTS5 自带的三字切分，这两项只用于原文；\
trigram 查不了两个字，改为扫描全部原文（instr）。
""".strip()
_RECALL_NOTES = """
含有该字串（逐字相连）的段落中找到了多少，以扫描全部段落为准。词未切在字串两端的地方，按词的索引就找不到。
""".strip()
_INDEXING_NOTES = """
峰值内存是父进程与全部子进程 PSS 之和的最大值（每 0.2 秒读一次 smaps_rollup，共享的只算一次，含映射的文件）；\
括号内是各进程 VmHWM 之和，共享的重复计算，是上限。索引里都存有原文。字/秒按各自实际用时。
""".strip()
_HTTP_NOTES = """
gunicorn 按默认设置（2 个进程各 4 线程），wrk 与它同在一台机器、共用这些核；默认请求：十条结果、标出命中、筛选栏、建议。
""".strip()


def markdown(figures: Figures) -> str:
    """Write all parts that were measured."""
    parts = [
        f"{figures.machine}。\n{_corpus(figures)}",
        *_queries(figures),
        *_recall(figures),
        *_indexing(figures),
        *_ours(figures),
        *_http(figures),
        *_growth(figures),
    ]
    return "\n\n".join(parts) + "\n"


def milliseconds(value: float) -> str:
    """Write with two digits that count, or three."""
    if value < _FINE:
        return f"{value:.3f}"
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < _TENS else f"{value:.0f}"


def _corpus(figures: Figures) -> str:
    built = figures.built
    return (
        f"语料：{built.documents:,} 份文档，{built.passages:,} 段，{built.characters:,} 字"
        f"（UTF-8 {built.text_bytes / _MEGA:.1f} MB）。"
    )


def _queries(figures: Figures) -> Iterator[str]:
    labels = list(figures.timed)
    ratios = [f"文渊 ÷ {RIVAL}"] * (RIVAL in labels) + ["Whoosh ÷ 文渊"] * (STOCK in labels)
    rows = [
        [name, *(_both_in(timed, name) for timed in figures.timed.values()), *_ratios(figures, [name])]
        for name in figures.classes
    ]
    means = [_mean(figures, label) for label in labels]
    rows.append(["**p50 的几何平均**", *means, *_ratios(figures, figures.classes)])
    yield "### 检索"
    yield _table(["", *labels, *ratios], rows)
    yield _QUERY_NOTES
    counts = {label: max(times.count for times in timed.times.values()) for label, timed in figures.timed.items()}
    yield "每类计时的条数：" + "，".join(f"{label} {count}" for label, count in counts.items()) + "。"


def _mean(figures: Figures, label: str) -> str:
    times = figures.timed[label].times
    return milliseconds(geometric_mean(times, figures.classes)) if len(times) == len(figures.classes) else _NONE


def _ratios(figures: Figures, names: Sequence[str]) -> Iterator[str]:
    ours = geometric_mean(figures.timed[OURS].times, names)
    if RIVAL in figures.timed:
        yield f"{ours / geometric_mean(figures.timed[RIVAL].times, names):.1f}×"
    if STOCK in figures.timed:
        yield f"{geometric_mean(figures.timed[STOCK].times, names) / ours:.1f}×"


def _recall(figures: Figures) -> Iterator[str]:
    if not figures.recall:
        return
    labels = list(figures.recall)
    names = list(figures.recall[OURS])
    yield "### 原文找到的比例"
    yield _table(["", *labels], [[name, *(f"{figures.recall[label][name]:.1%}" for label in labels)] for name in names])
    yield _RECALL_NOTES


def _indexing(figures: Figures) -> Iterator[str]:
    yield "### 建立索引"
    header = ["", "包括", "秒", "字/秒", "CPU 秒", "峰值内存 MB", "索引 MB", "索引 ÷ 原文"]
    yield _table(header, [_indexing_row(figures, one) for one in figures.indexings])
    yield _INDEXING_NOTES
    if len(figures.indexings) > 1:
        yield _against_program(*figures.indexings[:2])


def _against_program(ours: Indexing, program: Indexing) -> str:
    """Compare the two that go the whole way from the corpus to a verified index."""
    one, other = ours.cost, program.cost
    return (
        f"{ours.label} ÷ {program.label}：用时 {one.seconds / other.seconds:.1f}×，CPU {one.cpu / other.cpu:.1f}×，"
        f"峰值内存 {one.peak / other.peak:.1f}×，索引 {ours.index_bytes / program.index_bytes:.1f}×。"
    )


def _indexing_row(figures: Figures, one: Indexing) -> list[str]:
    cost = one.cost
    return [
        one.label,
        one.does,
        f"{cost.seconds:.1f}",
        f"{figures.built.characters / cost.seconds:,.0f}",
        f"{cost.cpu:.1f}",
        f"{cost.peak / _MEGA:.0f}（{cost.bound / _MEGA:.0f}）",
        f"{one.index_bytes / _MEGA:.1f}",
        f"{one.index_bytes / figures.built.text_bytes:.2f}",
    ]


def _ours(figures: Figures) -> Iterator[str]:
    yield "### 打开索引"
    rows = [[label, milliseconds(timed.opening), milliseconds(timed.first)] for label, timed in figures.timed.items()]
    yield _table(["", "打开 ms", "打开后第一次检索 ms"], rows)
    worst = max(figures.timed[OURS].times.items(), key=lambda pair: pair[1].p99)
    yield f"文渊各类中最慢的 p99：{worst[0]} {milliseconds(worst[1].p99)} ms。"


def _http(figures: Figures) -> Iterator[str]:
    if figures.served is None:
        return
    served = figures.served
    yield "### HTTP"
    yield _table(
        ["", "连接", "次/秒", "p50 ms", "p99 ms", "错误"],
        [
            [
                load.answer,
                str(load.connections),
                f"{load.per_second:.0f}",
                milliseconds(load.p50),
                milliseconds(load.p99),
                str(load.errors),
            ]
            for load in served.loads
        ],
    )
    yield _HTTP_NOTES
    yield (
        f"启动 {served.start:.1f} 秒；压测后最大的工作进程：独占（USS）{served.worker.uss / _MEGA:.0f} MB，"
        f"分摊（PSS）{served.worker.pss / _MEGA:.0f} MB。"
    )


def _growth(figures: Figures) -> Iterator[str]:
    if not figures.growth:
        return
    steps = figures.growth
    yield "### 规模"
    facts: list[tuple[str, list[str]]] = [
        ("字数", [f"{step.built.characters:,}" for step in steps]),
        ("重建 秒", [f"{step.cost.seconds:.1f}" for step in steps]),
        ("重建 峰值内存 MB", [f"{step.cost.peak / _MEGA:.0f}" for step in steps]),
        ("索引 MB", [f"{step.index_bytes / _MEGA:.1f}" for step in steps]),
        ("索引 ÷ 原文", [f"{step.index_bytes / step.built.text_bytes:.2f}" for step in steps]),
        ("打开 ms", [milliseconds(step.timed.opening) for step in steps]),
    ]
    rows = [[name, *cells] for name, cells in facts]
    rows += [[name, *(_both_in(step.timed, name) for step in steps)] for name in steps[0].timed.times]
    yield _table(["", *(f"{step.built.passages:,} 段" for step in steps)], rows)
    yield "由语料的句子随机拼成的文档；检索为文渊的 p50 / p99，毫秒。"


def _both_in(timed: Timed, name: str) -> str:
    times = timed.times.get(name)
    return f"{milliseconds(times.p50)} / {milliseconds(times.p99)}" if times else _NONE


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---", *("--:" for _ in header[1:])], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
