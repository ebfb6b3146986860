"""The `kb` command. Exit codes: 0 done; 1 done, but files failed (each named on stderr); 2 nothing done.

Errors become one Chinese sentence on stderr, here and nowhere else.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from werkzeug.datastructures import MultiDict

from kb import __version__
from kb.analysis import Analyzer
from kb.application import search_service
from kb.documents import Failure, Reading
from kb.engines import engine_named
from kb.errors import BadSettings, NothingIndexed, WenyuanError
from kb.generations import Generations
from kb.library import rebuild
from kb.readers import read
from kb.readers.canonical import canonical_text
from kb.readers.text import decode
from kb.search import Search
from kb.settings import TABLE, Settings, read_settings
from kb.terminal import Meter, outlined, summary, told, traced_lines
from kb.terms import read_terms, shipped_terms
from kb.web.parameters import read_question, refuse

DONE, FILES_FAILED, NOTHING_DONE = 0, 1, 2


def main() -> None:
    """Run the command and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command; return its exit code."""
    try:
        code = commands.main(list(arguments), prog_name="kb", standalone_mode=False)
    except NothingIndexed as error:
        _name_failures(error.failures)
        click.echo(str(error), err=True)
    except WenyuanError as error:
        click.echo(str(error), err=True)
    except click.UsageError as error:
        click.echo(f"{_usage_sentence(error)}运行 {_path(error)} --help 查看用法。", err=True)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断，没有改动索引。", err=True)
    except Exception as error:  # noqa: BLE001 - whatever it is, a user gets a sentence and the right exit code
        click.echo(f"程序内部出错（{type(error).__name__}：{error}），没有改动索引；请把这句话告诉管理员。", err=True)
    else:
        return code if isinstance(code, int) else DONE
    return NOTHING_DONE


@click.group()
@click.version_option(__version__, message="文渊 %(version)s")
def commands() -> None:
    """文渊：在讲话、党课、培训材料中找到那一段。

    \b
    例：kb rebuild samples
        kb search 党建工作的载体
    """  # noqa: D301 - click reads the \b


@commands.command("rebuild")
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=os.cpu_count() or 1,
    show_default="处理器核数",
    help="用几个进程读取和切词。",
)
@click.option("--force", is_flag=True, help="文档数大幅减少时也启用新索引。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出结果。")
def rebuild_command(sources: tuple[Path, ...], workers: int, force: bool, as_json: bool) -> int:
    """重建索引。SOURCES 是文件夹、文件或 .jsonl[.xz]；不写则用 KB_LIBRARY。

    重建期间检索照常；新索引完成并通过检查后才启用。

    \b
    例：kb rebuild samples
        kb rebuild ~/讲话 ~/党课 --workers 4
    """  # noqa: D301 - click reads the \b
    settings = _settings()
    sources = sources or settings.library
    if not sources:
        raise BadSettings("请指明要索引的文件夹，例如 kb rebuild samples，或设置 KB_LIBRARY。")
    meter = Meter()
    report = rebuild(
        sources,
        Generations(settings.index_dir),
        engine_named(settings.engine),
        Analyzer(read_terms(settings.terms)),
        workers=workers,
        force=force,
        progress=meter.show,
    )
    meter.clear()
    _name_failures(report.failures)
    click.echo(json.dumps(asdict(report), ensure_ascii=False) if as_json else summary(report))
    return FILES_FAILED if report.failures else DONE


@commands.command("search")
@click.argument("query")
@click.option("--page", metavar="N", help="第几页。")
@click.option("--per-page", metavar="N", help="每页几条，默认 10，最多 100。")
@click.option("--sort", metavar="relevance|date|-date", help="排序：相关度、最早、最新。")
@click.option("--group", metavar="document|passage", help="按文档归并，或逐段列出。")
@click.option("--genre", multiple=True, help="只看某种体裁，可多次使用。")
@click.option("--speaker", multiple=True, help="只看某位讲话人。")
@click.option("--org", multiple=True, help="只看某个单位。")
@click.option("--year-from", metavar="YYYY", help="起始年份。")
@click.option("--year-to", metavar="YYYY", help="截止年份。")
@click.option("--json", "as_json", is_flag=True, help="输出与 /api/v1/search 相同的 JSON。")
def search_command(query: str, as_json: bool, **options: str | tuple[str, ...] | None) -> None:
    """检索段落，结果与网页相同。

    \b
    例：kb search 党建工作的载体
        kb search '"三会一课" 体裁:党课 年份:2019..2021' --json
    """  # noqa: D301 - click reads the \b
    # The options are the API's parameters, checked by the same rules and refused with the same sentences.
    question, problems = read_question(
        MultiDict({"q": query, **{name: value or [] for name, value in options.items()}})
    )
    refuse(problems)
    answer = _search().ask(question)
    click.echo(json.dumps(asdict(answer), ensure_ascii=False) if as_json else told(answer))


@commands.command("show")
@click.argument("document_id")
@click.option("--json", "as_json", is_flag=True, help="输出与 /api/v1/documents/ID 相同的 JSON。")
def show_command(document_id: str, as_json: bool) -> None:
    """显示一份文档的信息、提纲和各段。

    \b
    例：kb show 1f0c2a9b7d3e
    """  # noqa: D301 - click reads the \b
    from kb.web.api import document_json

    opened = _search().read(document_id)
    click.echo(json.dumps(document_json(opened), ensure_ascii=False) if as_json else outlined(opened))


@commands.command("similar")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="输出与 /api/v1/similar 相同的 JSON。")
def similar_command(file: Path, as_json: bool) -> None:
    """查一段文字的出处：逐句说明是原话、有改动，还是馆藏中没有。FILE 写 - 则读标准输入。

    \b
    例：kb similar 发言稿.docx
        xclip -o | kb similar -
    """  # noqa: D301 - click reads the \b
    from kb.web.similar import trace_json

    traced = _search().trace(_pasted(file))
    click.echo(json.dumps(trace_json(traced), ensure_ascii=False) if as_json else traced_lines(traced))


@commands.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="端口。")
def serve_command(host: str, port: int) -> None:
    """启动开发用的服务；正式使用请运行 gunicorn wsgi:app。

    \b
    例：kb serve --port 8080
    """  # noqa: D301 - click reads the \b
    from werkzeug.serving import run_simple

    from kb.web import create_app

    try:
        run_simple(host, port, create_app(_search()), threaded=True)
    except OSError as error:
        raise BadSettings(
            f"无法在 {host}:{port} 启动服务（{error.strerror}），请换一个端口，例如 --port 8080。"
        ) from error


@commands.group("terms")
def terms_commands() -> None:
    """自己的词表：专有词和同义词，由 KB_TERMS 指定，下次 kb rebuild 时生效。

    \b
    例：kb terms check 词表.txt
    """  # noqa: D301 - click reads the \b


@terms_commands.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def check_terms_command(file: Path | None, as_json: bool) -> None:
    """检查词表 FILE；不写则检查 KB_TERMS。有误时逐行说明。

    \b
    例：kb terms check 词表.txt
    """  # noqa: D301 - click reads the \b
    file = file or _settings().terms
    if file is None:
        raise BadSettings("请指明词表文件，例如 kb terms check 词表.txt，或设置 KB_TERMS。")
    terms = read_terms(file)
    replaced = [group for group in shipped_terms().groups if group not in shipped_terms().with_own(terms).groups]
    if as_json:
        counted = {"words": len(terms.words), "groups": len(terms.groups), "replaced": replaced}
        click.echo(json.dumps(counted, ensure_ascii=False))
        return
    click.echo(f"词表可用：{len(terms.words)} 个词，{len(terms.groups)} 组同义词；下次 kb rebuild 时生效。")
    for group in replaced:
        click.echo(f"自带的同义词“{'='.join(group)}”将由您的取代。")


@commands.command("config")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def config_command(as_json: bool) -> None:
    """列出全部设置、当前值和默认值。

    \b
    例：KB_INDEX_DIR=/srv/index kb config
    """  # noqa: D301 - click reads the \b
    _settings()
    rows = [{**asdict(setting), "value": os.environ.get(setting.name, "") or setting.default} for setting in TABLE]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['name']} = {row['value'] or '（未设置）'}\n    {row['help']}默认：{row['default'] or '无'}。")


def _settings() -> Settings:
    return read_settings(os.environ)


def _search() -> Search:
    """Make what answers, dictionary loaded: the time that an answer names is the search's alone."""
    search = search_service(_settings())
    search.warm_up()
    return search


def _pasted(file: Path) -> str:
    """Read the text to be traced, a file as the library would read it."""
    if str(file) == "-":
        return canonical_text(decode(sys.stdin.buffer.read()))
    return "\n".join(item.text for item in read(file, file.name) if isinstance(item, Reading))


def _name_failures(failures: Sequence[Failure]) -> None:
    for failure in failures:
        click.echo(f"未收入：{failure.path}：{failure.reason}", err=True)


def _usage_sentence(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            return f"没有 {error.option_name} 这个选项。"
        case click.exceptions.NoSuchCommand():
            return f"没有 {error.command_name} 这个命令。"
        case click.exceptions.NoArgsIsHelpError():
            return "请指明要做什么，例如 kb search 党建。"
        case click.MissingParameter():
            return f"缺少参数 {_name(error)}。"
        case click.BadParameter(param=click.Parameter(type=click.IntRange(min=lowest, max=highest))):
            return f"参数 {_name(error)} 的值有误，请用 {lowest} 到 {highest} 之间的整数。"
        case click.BadParameter():
            return f"参数 {_name(error)} 的值有误。"
        case _:
            return "命令有误。"


def _name(error: click.BadParameter) -> str:
    return error.param.human_readable_name if error.param else ""


def _path(error: click.UsageError) -> str:
    return error.ctx.command_path if error.ctx else "kb"
