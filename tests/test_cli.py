"""The command as its users meet it: a process with arguments, exit code, stdout and stderr."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from kb.analysis import Analyzer
from kb.answers import Question
from kb.cli import commands
from kb.engines.whoosh import WhooshEngine
from kb.generations import Generations
from kb.library import rebuild
from kb.search import Search
from kb.settings import TABLE
from kb.web import create_app

KB = Path(sys.executable).parent / "kb"
SAMPLES = Path(__file__).parents[1] / "samples"
SEED = Path(__file__).parents[2] / "shared" / "seed"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
USAGE = re.compile(r".+。运行 kb( \w+)? --help 查看用法。\n")


def environment(index: Path, **settings: str) -> dict[str, str]:
    """Return this environment with the settings given and no others."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    return {**rest, "KB_INDEX_DIR": str(index), **settings}


def kb(index: Path, *arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, both outputs piped; whatever it was, no traceback and no control character comes out."""
    done = subprocess.run(
        [KB, *map(str, arguments)],
        env=environment(index, **settings),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert not CONTROLS.search(done.stdout + done.stderr)
    return done


def eventually(holds: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Tell whether something comes true in time."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def living(group: int) -> list[str]:
    """Return the processes of a group; the dead that nobody has collected do not count."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, process_group = file.read_text(encoding="utf-8").rpartition(")")[2].split()[:3]
            if int(process_group) == group and state != "Z":
                found.append(file.parent.name)
    return found


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The samples, indexed by the command, and how it went."""
    index = tmp_path_factory.mktemp("cli-samples")
    return index, kb(index, "rebuild", SAMPLES, "--json")


@pytest.fixture(scope="module")
def client(samples, analyzer: Analyzer):
    search = Search(Generations(samples[0]), WhooshEngine(), analyzer, deadline=10.0)
    return create_app(search).test_client()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of two documents."""
    made = tmp_path / "library"
    made.mkdir()
    (made / "甲.txt").write_text("甲馆谈党建工作的载体。", encoding="utf-8")
    (made / "乙.md").write_text("# 乙\n乙馆谈安全生产。", encoding="utf-8")
    return made


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def old(folder: Path, index: Path, analyzer: Analyzer) -> str:
    """The generation of the two documents, in use."""
    return rebuild([folder], Generations(index), WhooshEngine(), analyzer).generation


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents that take much longer to index than any test here waits; further workers have nothing to do."""
    folder = tmp_path_factory.mktemp("endless")
    for name in ("长.txt", "更长.txt"):
        text = "".join(f"第{number}次会议研究安全生产工作。\n" for number in range(50_000))
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def start(index: Path, tmp_path: Path):
    """Start a command in a process group of its own, its errors in a file; whatever is left of it is killed at the end."""
    started = []

    def begin(*arguments: object) -> subprocess.Popen[str]:
        with (tmp_path / "stderr").open("w", encoding="utf-8") as errors:
            process = subprocess.Popen(
                [KB, *map(str, arguments)],
                env=environment(index),
                stdout=subprocess.DEVNULL,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield begin
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def total(index: Path, analyzer: Analyzer) -> int:
    """Count the passages that are found in an index of the two documents; one is right."""
    return Search(Generations(index), WhooshEngine(), analyzer, 10.0).ask(Question("党建工作的载体")).total


def unfinished(index: Path) -> list[str]:
    """Return the generations that have no manifest."""
    return [found.name for found in index.glob("generations/*") if not (found / "manifest.json").exists()]


def test_a_rebuild_tells_as_json_what_it_did(samples):
    index, done = samples
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert list(report) == "generation counts failures passed_over seconds families in_families".split()
    assert report["generation"] == Generations(index).current()
    files = sum(path.is_file() for path in SAMPLES.rglob("*"))
    assert report["counts"]["documents"] == files - report["passed_over"]
    assert report["counts"]["passages"] > report["counts"]["documents"]
    assert report["failures"] == []
    assert (report["families"], report["in_families"]) == (1, 3)


def test_a_piped_rebuild_says_once_that_it_writes_and_ends_with_a_summary(folder, index):
    done = kb(index, "rebuild", KB_LIBRARY=str(folder))
    assert done.returncode == 0
    assert done.stdout.startswith("已索引 2 份文档、")
    assert done.stdout.endswith(f"新索引 {Generations(index).current()} 已启用。\n")
    assert done.stderr.count("正在写入索引") == 1


def test_without_a_folder_and_without_a_library_in_the_settings_the_cure_is_named(index):
    refused = kb(index, "rebuild")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "请指明要索引的文件夹，例如 kb rebuild samples，或设置 KB_LIBRARY。\n"


def test_a_broken_file_is_named_with_its_reason_and_the_others_are_found(folder, index, analyzer):
    (folder / "假.txt").write_bytes(bytes(range(256)) * 50)
    (folder / "坏.docx").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    (folder / ".隐藏.txt").write_text("甲馆", encoding="utf-8")
    done = kb(index, "rebuild", folder)
    assert done.returncode == 1
    named = re.findall(r"^未收入：(.*?)：(.+。)$", done.stderr, re.MULTILINE)
    assert [name for name, _ in named] == ["假.txt", "坏.docx"]
    assert "不是文本文件" in named[0][1]
    assert "已损坏" in named[1][1]
    assert done.stdout.startswith("已索引 2 份文档、")
    assert "2 个文件未收入，原因见上。\n略过 1 个隐藏文件或临时文件。\n" in done.stdout
    assert total(index, analyzer) == 1


def test_a_file_without_permission_is_named_and_the_others_are_indexed(folder, index):
    (folder / "乙.md").chmod(0)
    if os.access(folder / "乙.md", os.R_OK):
        pytest.skip("this user may read every file")
    done = kb(index, "rebuild", folder, "--json")
    assert done.returncode == 1
    assert [failure["path"] for failure in json.loads(done.stdout)["failures"]] == ["乙.md"]


def test_when_no_file_can_be_read_nothing_is_done_and_each_is_named(folder, index, old):
    for file in folder.iterdir():
        file.write_bytes(b"")
    done = kb(index, "rebuild", folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("未收入：") == 2
    assert done.stderr.endswith("没有一个文件能收入索引，原有索引保持不变。\n")
    assert Generations(index).current() == old


def test_an_empty_folder_changes_nothing(tmp_path, index, old):
    (tmp_path / "空").mkdir()
    done = kb(index, "rebuild", tmp_path / "空")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"\S+/空 中没有可索引的文件，原有索引保持不变。支持 .+。\n", done.stderr)
    assert Generations(index).current() == old


def test_a_missing_folder_is_named(tmp_path, index):
    done = kb(index, "rebuild", tmp_path / "没有")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{tmp_path}/没有：没有这个文件或文件夹，请检查路径。\n" in done.stderr
    assert not index.exists()


def test_a_rebuild_that_loses_many_documents_is_done_when_forced(folder, index, old):
    (folder / "甲.txt").unlink()
    assert kb(index, "rebuild", folder, "--force").returncode == 0
    assert Generations(index).current() != old


@pytest.mark.parametrize("place", ["甲.txt", "甲.txt/index"])
def test_an_index_folder_that_cannot_be_written_is_named(folder, place):
    done = kb(folder / place, "rebuild", folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert str(folder / place) in done.stderr
    assert "KB_INDEX_DIR" in done.stderr


def test_a_full_disk_keeps_the_old_index_and_leaves_nothing_behind(index, old, start):
    process = start("rebuild", SAMPLES / "培训讲稿")
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (10_000, 10_000))
    assert process.wait(30) == 2
    errors = (index.parent / "stderr").read_text(encoding="utf-8")
    assert errors.splitlines()[-1].startswith(f"无法写入索引文件夹 {index}（File too large），原有索引保持不变。")
    assert "Traceback" not in errors
    assert Generations(index).current() == old
    assert [found.name for found in index.glob("generations/*")] == [old]


SEARCHES = [
    ("党建", {"group": "passage", "per_page": "3", "page": "2", "sort": "-date"}),
    ("党员 -培训", {"genre": "讲话", "year_from": "2020", "year_to": "2023"}),
    ("党建工作的载体", {}),
]


@pytest.mark.parametrize(("query", "parameters"), SEARCHES)
def test_search_as_json_is_the_answer_of_the_api(samples, client, query, parameters):
    options = [f"--{name.replace('_', '-')}={value}" for name, value in parameters.items()]
    done = kb(samples[0], "search", query, "--json", *options)
    told, asked = json.loads(done.stdout), client.get("/api/v1/search", query_string={"q": query, **parameters}).json
    assert list(told) == list(asked)
    assert {**told, "took_ms": 0} == {**asked, "took_ms": 0}
    assert (done.returncode, done.stderr) == (0, "")


def test_search_tells_title_headings_text_and_address_of_each_hit(samples, client):
    told = kb(samples[0], "search", "党建工作").stdout
    asked = client.get("/api/v1/search", query_string={"q": "党建工作"}).json
    head, *shown = told.rstrip("\n").split("\n\n")
    assert head.startswith(f"共 {asked['total']} 段，出自 {asked['total_documents']} 份文档（")
    assert len(shown) == len(asked["hits"]) > 1
    for number, (entry, hit) in enumerate(zip(shown, asked["hits"], strict=True), start=1):
        assert entry.startswith(f"{number}. {hit['document']['title']}")
        assert " › ".join(hit["headings"]) in entry
        assert hit["text"] in entry
        assert hit["url"] in entry


def test_a_search_that_finds_nothing_says_what_would_find_something(samples):
    done = kb(samples[0], "search", "党建工作 蒸汽火车")
    assert done.returncode == 0
    assert done.stdout.startswith("没有找到“党建工作 蒸汽火车”。\n  切分：党建工作 ")
    assert "\n  试试：党建工作（" in done.stdout


def test_a_page_past_the_end_is_said_to_be_missing(samples):
    done = kb(samples[0], "search", "党建工作", "--page", 50)
    assert done.returncode == 0
    assert "没有第 50 页" in done.stdout


def test_colours_are_for_terminals(samples):
    ours, theirs = os.openpty()
    with subprocess.Popen([KB, "search", "党建工作"], env=environment(samples[0]), stdout=theirs) as process:
        os.close(theirs)
        told = b""
        with suppress(OSError):  # how Linux says that the other side of a terminal is closed
            while piece := os.read(ours, 65536):
                told += piece
        os.close(ours)
        process.wait(10)
    assert "\x1b[31m\x1b[1m党建工作\x1b[0m" in told.decode()


@pytest.mark.parametrize("query", ["", "党" * 10_000])
def test_a_query_that_cannot_be_used_is_refused_as_the_api_refuses_it(samples, client, query):
    done = kb(samples[0], "search", query)
    refused = client.get("/api/v1/search", query_string={"q": query})
    assert (done.returncode, done.stdout, refused.status_code) == (2, "", 400)
    assert done.stderr.strip() in refused.get_data(as_text=True)
    assert len(done.stderr) < 100


def test_too_deep_a_page_is_refused_as_the_api_refuses_it(samples, client):
    done = kb(samples[0], "search", "党建", "--page", "21", "--per-page", "50")
    refused = client.get("/api/v1/search", query_string={"q": "党建", "page": 21, "per_page": 50})
    assert (done.returncode, refused.status_code) == (2, 400)
    assert done.stderr.strip() in refused.get_data(as_text=True)


def test_without_an_index_the_cure_is_named(index):
    done = kb(index, "search", "党建")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "还没有索引，请先运行 kb rebuild 文件夹。\n"


def test_show_tells_a_document_as_the_api_does(samples, client):
    document_id = client.get("/api/v1/search", query_string={"q": "党建工作"}).json["hits"][0]["document"]["id"]
    asked = client.get(f"/api/v1/documents/{document_id}").json
    assert json.loads(kb(samples[0], "show", document_id, "--json").stdout) == asked
    told = kb(samples[0], "show", document_id).stdout.splitlines()
    assert told[0] == asked["title"]
    assert f"编号：{document_id}" in told
    assert [line.strip() for line in told[told.index("提纲") + 1 :]][: len(asked["sections"])] == [
        section["title"] for section in asked["sections"]
    ]
    assert f"段落（{len(asked['passages'])}）" in told


def test_search_and_show_tell_of_copies_and_of_passages_that_say_the_same(samples, client):
    (hit,) = client.get("/api/v1/search", query_string={"q": '"预祝培训班圆满成功"'}).json["hits"]
    assert hit["copies"] == 2
    assert "同稿 2 份）" in kb(samples[0], "search", '"预祝培训班圆满成功"').stdout
    same = kb(samples[0], "search", '"这个班要练什么"', "--group", "passage").stdout
    assert "（相同的另有 2 段）" in same
    others = client.get(f"/api/v1/documents/{hit['document']['id']}/copies").json["copies"]
    shown = kb(samples[0], "show", hit["document"]["id"]).stdout
    assert len(others) == 2
    assert all(f"同稿：{copy['id']}  {copy['title']}（{copy['path']}）\n" in shown for copy in others)


def test_an_unknown_document_is_named(samples):
    done = kb(samples[0], "show", "没有这个")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("没有编号为“没有这个”的文档")


def test_search_tells_how_a_query_was_understood_where_it_needs_telling(samples):
    assert kb(samples[0], "search", "工作 -通知").stdout.startswith("按“工作”检索，不含“通知”。\n共 ")
    assert kb(samples[0], "search", "工作").stdout.startswith("共 ")


def test_an_argument_that_is_no_text_is_searched_without_what_is_none(samples):
    done = kb(samples[0], "search", "工作\udcff", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["total"]


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    file = tmp_path / "词表.txt"
    file.write_text("四个对照检查\n载体=抓手\n国资委=国资办\n", encoding="utf-8")
    return file


def test_a_terms_file_is_checked_and_counted(index, terms):
    done = kb(index, "terms", "check", terms)
    assert done.returncode == 0
    assert "5 个词，2 组同义词；下次 kb rebuild 时生效。" in done.stdout
    assert "自带的同义词“国资委=国有资产监督管理委员会”将由您的取代。" in done.stdout
    told = json.loads(kb(index, "terms", "check", "--json", KB_TERMS=str(terms)).stdout)
    assert told == {"words": 5, "groups": 2, "replaced": [["国资委", "国有资产监督管理委员会"]]}


def test_a_terms_file_with_mistakes_is_refused_line_by_line(index, folder, terms):
    terms.write_text("四个 对照\n甲=\n", encoding="utf-8")
    for arguments in (("terms", "check", terms), ("rebuild", folder)):
        done = kb(index, *arguments, KB_TERMS=str(terms))
        assert done.returncode == 2
        assert re.search("第 1 行：.*有空格.*；第 2 行：.*一边是空的", done.stderr)
    assert "请指明词表文件" in kb(index, "terms", "check").stderr


def test_terms_take_effect_at_the_next_rebuild_and_until_then_disturb_no_search(index, folder, terms):
    kb(index, "rebuild", folder)
    assert kb(index, "search", "抓手", KB_TERMS=str(terms)).stdout.startswith("没有找到")
    kb(index, "rebuild", folder, KB_TERMS=str(terms))
    terms.write_text("坏 的", encoding="utf-8")
    assert "按“抓手”（同“载体”）检索。\n共 1 段" in kb(index, "search", "抓手", KB_TERMS=str(terms)).stdout


QUOTED = "那座水库叫老鸦塘，蓄水四十二万方，坝上有一间土房，我住了五个月。\n白天看水位，半夜看书，最大的本事是听声音"


def test_similar_as_json_is_the_answer_of_the_api(samples, client, tmp_path):
    (tmp_path / "稿.txt").write_bytes(QUOTED.encode("gb18030"))
    told = json.loads(kb(samples[0], "similar", tmp_path / "稿.txt", "--json").stdout)
    asked = client.post("/api/v1/similar", json={"text": QUOTED}).json
    assert {**told, "took_ms": 0} == {**asked, "took_ms": 0}


def test_similar_tells_verdict_source_and_differences_of_each_sentence(samples, client):
    piped = subprocess.run(
        [KB, "similar", "-"], input=QUOTED.encode(), env=environment(samples[0]), capture_output=True, check=False
    )
    assert (piped.returncode, piped.stderr) == (0, b"")
    source = client.post("/api/v1/similar", json={"text": QUOTED}).json["sources"][0]
    told = piped.stdout.decode()
    assert told.startswith("共 2 句：原话 1，有改动 1")
    assert f"1. {source['document']['title']}（{source['document']['date']}）" in told
    assert source["url"] in told
    assert "白天看水位，[-晚上-]{+半夜+}看书" in told


def test_a_text_that_cannot_be_traced_is_told_in_one_line(samples, tmp_path):
    (tmp_path / "空.txt").write_text("，。", encoding="utf-8")
    (tmp_path / "长.txt").write_text("党" * 20_001, encoding="utf-8")
    for file in (tmp_path, tmp_path / "没有", tmp_path / "空.txt", tmp_path / "长.txt"):
        done = kb(samples[0], "similar", file)
        assert (done.returncode, done.stdout) == (2, "")
        assert re.fullmatch(r".+。\n", done.stderr)


def test_config_names_every_setting_with_its_value(index):
    done = kb(index, "config", KB_DEADLINE_MS="500")
    assert done.returncode == 0
    assert re.findall(r"^KB_\w+", done.stdout, re.MULTILINE) == [setting.name for setting in TABLE]
    assert f"KB_INDEX_DIR = {index}\n" in done.stdout
    assert "KB_DEADLINE_MS = 500\n" in done.stdout
    rows = json.loads(kb(index, "config", "--json").stdout)
    assert [(row["name"], row["default"], row["help"]) for row in rows] == [
        (setting.name, setting.default, setting.help) for setting in TABLE
    ]


def test_a_setting_that_cannot_be_used_is_named(index):
    done = kb(index, "config", KB_ENGINE="solr")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "KB_ENGINE 不能是“solr”，可选：whoosh。\n"


@pytest.mark.parametrize(
    "arguments",
    ["", "search", "search 甲 乙", "search --bogus 甲", "rebuild --workers 0", "rebuild --workers 两个", "bogus"],
)
def test_a_bad_option_is_told_in_one_line_that_names_the_help(index, arguments):
    done = kb(index, *arguments.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert USAGE.fullmatch(done.stderr)


@pytest.mark.parametrize("command", [[], *([name] for name in commands.commands)], ids=" ".join)
def test_every_help_ends_with_an_example_each_in_a_line(index, command):
    done = kb(index, *command, "--help")
    assert done.returncode == 0
    description, options, _ = done.stdout.partition("\nOptions:\n")
    assert options
    examples = description.rstrip().split("\n\n")[-1].splitlines()
    assert examples[0].strip().startswith("例：")
    assert all(line.count("kb ") == 1 for line in examples)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("--page 0", "页码不能是“0”，请用 1 到 1000 之间的整数。"),
        ("--sort size", "排序不能是“size”，可选：relevance、date、-date。"),
        ("--year-from 2022 --year-to 2020", "起始年份 2022 晚于截止年份 2020，请对调。"),
    ],
)
def test_a_bad_parameter_of_a_search_is_told_as_the_service_tells_it(index, arguments, sentence):
    done = kb(index, "search", "甲", *arguments.split())
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{sentence}\n")


def test_a_second_writer_is_refused_in_time_and_told_who_writes(endless, folder, index, old, start):
    holder = start("rebuild", endless)
    assert eventually(lambda: bool(unfinished(index)))
    began = time.monotonic()
    refused = kb(index, "rebuild", folder)
    assert time.monotonic() - began < 10
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"（进程 {holder.pid}，始于 " in refused.stderr
    assert holder.poll() is None
    assert Generations(index).current() == old


@pytest.mark.parametrize(
    ("send", "code"),
    [
        pytest.param(lambda process: os.killpg(process.pid, signal.SIGINT), 2, id="Ctrl-C"),
        pytest.param(lambda process: os.kill(process.pid, signal.SIGKILL), -signal.SIGKILL, id="SIGKILL"),
    ],
)
def test_an_interrupted_rebuild_keeps_the_old_index_and_the_next_one_leaves_nothing_behind(
    endless, folder, index, old, analyzer, start, *, send, code
):
    process = start("rebuild", endless, "--workers", 4)
    assert eventually(lambda: bool(unfinished(index)) and len(living(process.pid)) == 1 + 4)
    assert "甲馆" in kb(index, "search", "党建工作的载体").stdout
    send(process)
    assert process.wait(10) == code
    assert eventually(lambda: not living(process.pid))
    errors = (index.parent / "stderr").read_text(encoding="utf-8").strip()
    assert errors == ("已中断，没有改动索引。" if code == 2 else "")
    assert Generations(index).current() == old
    assert total(index, analyzer) == 1
    new = rebuild([folder], Generations(index), WhooshEngine(), analyzer).generation
    assert sorted(found.name for found in index.glob("generations/*")) == [old, new]
    assert sorted(found.name for found in index.iterdir()) == ["CURRENT", "generations", "writer.lock"]


@pytest.mark.skipif(not SEED.is_dir(), reason="the seed text does not lie beside the repository")
def test_the_seed_alone_answers_with_the_point_that_was_sought(index):
    assert kb(index, "rebuild", SEED).returncode == 0
    answer = json.loads(kb(index, "search", "党建工作的载体", "--json").stdout)
    assert answer["hits"][0]["headings"] == ["二、培训的目的", "三是党建工作的载体要搞清楚"]
