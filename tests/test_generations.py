from __future__ import annotations

import multiprocessing
import os
import signal
import time
from contextlib import suppress

import pytest

from kb.answers import Question
from kb.engines.base import Counts
from kb.engines.whoosh import WhooshEngine
from kb.errors import IndexBusy, NoIndex
from kb.generations import Generations, Manifest
from kb.library import rebuild
from kb.search import Search


@pytest.fixture
def generations(tmp_path):
    return Generations(tmp_path / "index")


def publish(generations: Generations) -> str:
    with generations.writing() as folder:
        (folder / "data").write_text("x", encoding="utf-8")
        generations.publish(Manifest(folder.name, "whoosh", "1", "f", "2026-01-01T00:00:00Z", Counts(1, 2, 3)))
    return folder.name


def test_without_a_generation_the_sentence_names_the_cure(generations):
    with pytest.raises(NoIndex, match="kb rebuild"):
        generations.current()


def test_a_published_generation_is_the_current_one_and_says_what_it_is(generations):
    name = publish(generations)
    assert generations.current() == name
    assert generations.manifest(name).counts == Counts(1, 2, 3)


def test_the_one_before_is_kept_and_older_ones_are_removed(generations, tmp_path):
    names = [publish(generations) for _ in range(4)]
    assert sorted(folder.name for folder in (tmp_path / "index/generations").iterdir()) == sorted(names[-2:])


def test_a_build_that_fails_changes_nothing_and_leaves_nothing(generations, tmp_path):
    name = publish(generations)
    with suppress(RuntimeError), generations.writing() as folder:
        (folder / "half").write_text("x", encoding="utf-8")
        raise RuntimeError
    assert generations.current() == name
    assert [folder.name for folder in (tmp_path / "index/generations").iterdir()] == [name]


def test_a_second_writer_is_refused_and_told_who_writes(generations):
    with (
        generations.writing(),
        pytest.raises(IndexBusy, match=f"进程 {os.getpid()}"),
        Generations(generations._root).writing(),
    ):
        pass


@pytest.mark.parametrize("manifest", ["", "{}", '{"name": 1}', "[]"])
def test_a_damaged_manifest_is_no_index(generations, manifest):
    name = publish(generations)
    (generations.folder(name) / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(NoIndex, match="重建"):
        generations.manifest(name)


def test_a_rebuild_that_is_killed_leaves_the_old_index_and_the_next_one_cleans_up(tmp_path, analyzer, generations):
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "a.txt").write_text("党建工作。", encoding="utf-8")
    rebuild([folder], generations, WhooshEngine(), analyzer)
    before = generations.current()
    for number in range(300):
        (folder / f"{number}.txt").write_text(f"第{number}次会议研究安全生产工作。" * 20, encoding="utf-8")
    process = multiprocessing.get_context("fork").Process(
        target=rebuild, args=([folder], generations, WhooshEngine(), analyzer)
    )
    process.start()
    time.sleep(0.3)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    assert generations.current() == before
    assert Search(generations, WhooshEngine(), analyzer, 10.0).ask(Question("党建")).total == 1
    rebuild([folder], generations, WhooshEngine(), analyzer)
    complete = list((tmp_path / "index/generations").iterdir())
    assert all((generation / "manifest.json").exists() for generation in complete)
    assert len(complete) == 2


def test_a_searcher_follows_a_new_generation_without_being_told(tmp_path, analyzer, generations):
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "a.txt").write_text("党建工作。", encoding="utf-8")
    rebuild([folder], generations, WhooshEngine(), analyzer)
    search = Search(generations, WhooshEngine(), analyzer, 10.0)
    assert search.ask(Question("安全生产")).total == 0
    (folder / "b.txt").write_text("安全生产。", encoding="utf-8")
    rebuild([folder], generations, WhooshEngine(), analyzer)
    assert search.ask(Question("安全生产")).total == 1
    assert search.ask(Question("党建")).generation == generations.current()
