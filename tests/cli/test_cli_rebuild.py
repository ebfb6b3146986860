"""`kb rebuild`: what it tells, what it refuses, and that nothing is lost when it is ended."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from kb.analysis import Analyzer
from kb.answers import Question
from kb.engines.whoosh import WhooshEngine
from kb.generations import Generations
from kb.library import rebuild
from kb.search import Search
from tests.cli.conftest import KB, SAMPLES, environment, kb

SEED = Path(__file__).parents[3] / "shared" / "seed"


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
