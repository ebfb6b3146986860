from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from kb import readers
from kb import workers as workers_module
from kb.analysis import Analyzer
from kb.answers import Question
from kb.documents import Failure
from kb.engines.whoosh import WhooshEngine
from kb.errors import NoIndex, NothingIndexed
from kb.generations import Generations
from kb.library import Progress, Report, find, rebuild
from kb.search import Search
from kb.workers import File, Workers


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "library"
    made.mkdir()
    return made


@pytest.fixture
def generations(tmp_path):
    return Generations(tmp_path / "index")


@pytest.fixture
def build(folder, generations, analyzer):
    def run(*sources: Path, **options) -> Report:
        return rebuild(sources or [folder], generations, WhooshEngine(), analyzer, **options)

    return run


def write(path: Path, text: str = "党建工作的载体要搞清楚。") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_every_file_is_either_indexed_or_named_with_its_reason(folder, build):
    write(folder / "好.txt")
    write(folder / "子/好.md", "# 标题\n正文。")
    write(folder / "空.txt", "")
    (folder / "假.txt").write_bytes(bytes(range(256)) * 50)
    (folder / "坏.docx").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    (folder / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    (folder / "图.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"\0" * 100)
    write(folder / "集.jsonl", '{"id": "r1", "text": "第一条。"}\n不是 JSON\n')
    report = build()
    assert report.counts.documents == 3
    failed = {failure.path for failure in report.failures}
    assert failed == {"空.txt", "假.txt", "坏.docx", "旧.doc", "图.jpg", "集.jsonl#第2行"}
    assert all(failure.reason.endswith("。") for failure in report.failures)


def test_an_unreadable_file_is_named_and_the_folder_goes_on(folder, build):
    write(folder / "好.txt")
    (folder / "悬.txt").symlink_to(folder / "没有.txt")
    report = build()
    assert report.counts.documents == 1
    assert [failure.path for failure in report.failures] == ["悬.txt"]


def test_leftovers_of_systems_and_editors_are_passed_over_and_counted(folder, build):
    for name in ("好.txt", ".隐藏.txt", "~$好.docx", ".git/config", "Thumbs.db"):
        write(folder / name)
    report = build()
    assert (report.counts.documents, report.passed_over, report.failures) == (1, 4, ())


def test_a_link_to_a_folder_is_named_but_not_followed(folder, build):
    write(folder / "好.txt")
    (folder / "圈").symlink_to(folder)
    report = build()
    assert report.counts.documents == 1
    assert "链接" in report.failures[0].reason


def test_a_name_that_is_no_utf8_is_indexed_under_a_readable_name(folder, build):
    write(folder / "好.txt")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xb5\xb3.txt")).write_text("党课。", encoding="utf-8")
    assert build().counts.documents == 2


def test_a_missing_source_is_named(folder, build):
    write(folder / "好.txt")
    report = build(folder, folder / "没有")
    assert report.counts.documents == 1
    assert "没有这个文件或文件夹" in report.failures[0].reason


def test_an_empty_folder_changes_nothing_and_says_so(build, generations):
    with pytest.raises(NothingIndexed, match="没有可索引的文件"):
        build()
    with pytest.raises(NoIndex):
        generations.current()


def test_a_missing_folder_changes_nothing_and_is_named(folder, build, generations):
    folder.rmdir()
    with pytest.raises(NothingIndexed, match="原有索引保持不变") as caught:
        build()
    assert ["没有这个文件或文件夹" in failure.reason for failure in caught.value.failures] == [True]
    with pytest.raises(NoIndex):
        generations.current()


def test_when_nothing_can_be_read_the_old_index_stays(folder, build, generations):
    write(folder / "好.txt")
    build()
    before = generations.current()
    write(folder / "好.txt", "")
    with pytest.raises(NothingIndexed) as caught:
        build()
    assert [failure.path for failure in caught.value.failures] == ["好.txt"]
    assert generations.current() == before


def test_a_rebuild_that_would_lose_many_documents_is_refused_unless_forced(folder, build):
    for number in range(10):
        write(folder / f"{number}.txt", f"第{number}份。")
    build()
    for number in range(3):
        (folder / f"{number}.txt").unlink()
    with pytest.raises(NothingIndexed, match=r"只有 7 份文档，现有索引有 10 份.*--force"):
        build()
    assert build(force=True).counts.documents == 7


def test_documents_that_bring_the_same_id_are_both_kept(folder, build, generations, analyzer):
    for name in ("a.jsonl", "b.jsonl"):
        write(folder / name, json.dumps({"id": "same", "text": f"{name[0]} 党建。"}, ensure_ascii=False))
    assert build().counts.documents == 2
    search = Search(generations, WhooshEngine(), analyzer, 10.0)
    ids = {hit.document.id for hit in search.ask(Question("党建")).hits}
    assert len(ids) == 2
    assert "same" in ids
    assert all(search.read(document_id).document.passages[0].id.startswith(document_id) for document_id in ids)


def test_ids_and_passage_ids_survive_a_rebuild_and_a_new_place_of_the_library(
    folder, tmp_path, build, generations, analyzer
):
    write(folder / "子/a.txt")
    build()
    search = Search(generations, WhooshEngine(), analyzer, 10.0)
    before = search.ask(Question("党建")).hits[0]
    moved = tmp_path / "elsewhere"
    folder.rename(moved)
    build(moved)
    assert search.ask(Question("党建")).hits[0].id == before.id


def test_two_sources_keep_files_of_the_same_name_apart(tmp_path, folder, build):
    write(folder / "a.txt")
    write(tmp_path / "另一个/a.txt")
    report = build(folder, tmp_path / "另一个")
    assert report.counts.documents == 2
    assert [file.name for file in find([folder, tmp_path / "另一个"]).files] == ["library/a.txt", "另一个/a.txt"]


def test_a_speech_posted_again_is_counted_and_named_whoever_read_it(folder, build, generations, analyzer):
    text = "\n".join(
        f"第{number}个问题，第{number * 7}号文件讲得清楚，第{number * 13}条要逐条落实。" for number in range(200)
    )
    write(folder / "原稿.txt", text)
    write(folder / "转载/转载.md", f"# 转载\n{text}\n编者：某某转载。")
    write(folder / "别的.txt", "另一篇讲话，讲安全生产。")
    for workers in (1, 2):
        report = build(workers=workers, force=True)
        assert (report.families, report.in_families) == (1, 2)
    search = Search(generations, WhooshEngine(), analyzer, 10.0)
    (hit,) = search.ask(Question("逐条落实")).hits
    assert hit.copies == 1
    (copy,) = search.read(hit.document.id).copies
    assert {copy.path, search.read(hit.document.id).document.path} == {"原稿.txt", "转载/转载.md"}


def test_the_samples_hold_one_speech_three_times_and_nothing_else_twice(sample_search):
    families = {
        frozenset([listed.path, *(copy.path for copy in sample_search.read(listed.id).copies)])
        for listed in sample_search.documents()
        if sample_search.read(listed.id).copies
    }
    (family,) = families
    assert {path.partition("/")[0] for path in family} == {"领导讲话", "资料汇编"}
    assert len(family) == 3


def test_progress_reaches_its_end(folder, build):
    for number in range(5):
        write(folder / f"{number}.txt")
    seen: list[Progress] = []
    build(progress=seen.append)
    assert seen[-1].documents == 5
    assert seen[-1].share == 1


def test_a_document_that_crashes_its_process_is_named_and_the_others_are_indexed(
    folder, analyzer: Analyzer, monkeypatch
):
    def read(path: Path, name: str):
        if name == "毒.txt":
            os.kill(os.getpid(), signal.SIGKILL)
        return original(path, name)

    original = readers.read
    monkeypatch.setattr(workers_module, "read", read)
    names = ["甲.txt", "毒.txt", "乙.txt"]
    for name in names:
        write(folder / name)
    workers = Workers(analyzer, 2)
    outcomes = [outcome for batch in workers.run([[File(folder / name, name)] for name in names]) for outcome in batch]
    workers.close()
    failed = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    assert [failure.path for failure in failed] == ["毒.txt"]
    assert len(outcomes) == 3
