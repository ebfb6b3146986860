"""Build beside, verify, swap: a reader always sees exactly one complete generation.

    index/CURRENT                    the name of the generation in use, replaced atomically
    index/writer.lock                held by whoever writes, with its process id and start
    index/generations/NAME/          one complete index, named by the time at which its build began
    index/generations/NAME/terms.txt       the user's words that it was built with
    index/generations/NAME/manifest.json   written last; a folder without it is a leftover

Traps:
- `rename` alone does not survive a power cut: the files, the folder and the pointer are synced in that order.
- The lock is the kernel's (flock): it is gone with its holder, however that died.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from kb.engines.base import Counts
from kb.errors import IndexBusy, NoIndex, NothingIndexed

KEPT = 2
"""Generations that stay: the one in use and the one before it."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself."""

    name: str
    engine: str
    engine_version: str
    analyzer: str
    """The fingerprint of the words' cutting; queries must be cut alike."""
    created: str
    """UTC, ISO 8601."""
    counts: Counts


class Generations:
    """The generations below one index folder."""

    def __init__(self, index_dir: Path) -> None:
        self._root = index_dir
        self._folder = index_dir / "generations"
        self._pointer = index_dir / "CURRENT"

    def current(self) -> str:
        """Return the name of the generation in use.

        Raises:
            NoIndex: none has been built.
        """
        try:
            name = self._pointer.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            name = ""
        if not name:
            raise NoIndex("还没有索引，请先运行 kb rebuild 文件夹。")
        return name

    def documents_in_use(self) -> int:
        """Count the documents of the generation in use; 0 where there is none."""
        try:
            return self.manifest(self.current()).counts.documents
        except NoIndex:
            return 0

    def folder(self, name: str) -> Path:
        """Return where a generation lies."""
        return self._folder / name

    def manifest(self, name: str) -> Manifest:
        """Read a generation's manifest.

        Raises:
            NoIndex: it is missing or damaged.
        """
        try:
            values = json.loads((self.folder(name) / "manifest.json").read_text(encoding="utf-8"))
            return Manifest(**{**values, "counts": Counts(**values["counts"])})
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise NoIndex("索引不完整，请运行 kb rebuild 重建索引。") from error

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """Hold the writer's lock and give a new, empty folder; it is removed again unless it was published.

        Raises:
            IndexBusy: somebody else is writing; the sentence names the process.
            NothingIndexed: the disk is full, or the index folder cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._lock():
                self._remove_leftovers()
                folder = self._folder / datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
                folder.mkdir()
                try:
                    yield folder
                finally:
                    self._remove_leftovers()
        except OSError as error:
            raise NothingIndexed(
                f"无法写入索引文件夹 {self._root}（{error.strerror or error}），原有索引保持不变。"
                "请检查磁盘空间、权限和 KB_INDEX_DIR 后再试。"
            ) from error

    def publish(self, manifest: Manifest) -> None:
        """Make a completely written generation the one in use. Only while `writing`."""
        folder = self.folder(manifest.name)
        _write(folder / "manifest.json", json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        for file in [*folder.iterdir(), folder, self._folder]:
            _sync(file)
        _write(self._pointer.with_suffix(".new"), manifest.name)
        _sync(self._pointer.with_suffix(".new"))
        self._pointer.with_suffix(".new").replace(self._pointer)
        _sync(self._root)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with (self._root / "writer.lock").open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                raise IndexBusy(
                    f"另一个进程正在重建索引（{lock.read().strip() or '未知'}），请等它结束后再试。"
                ) from error
            lock.truncate(0)
            lock.write(f"进程 {os.getpid()}，始于 {time.strftime('%Y-%m-%d %H:%M:%S')}")
            lock.flush()
            yield

    def _remove_leftovers(self) -> None:
        """Remove what is neither complete nor among the last `KEPT`; the one in use stays in any case."""
        in_use = self._pointer.read_text(encoding="ascii").strip() if self._pointer.exists() else ""
        complete = sorted(folder.name for folder in self._folder.iterdir() if (folder / "manifest.json").exists())
        kept = {in_use, *complete[-KEPT:]}
        for folder in self._folder.iterdir():
            if folder.name not in kept or not (folder / "manifest.json").exists():
                shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
