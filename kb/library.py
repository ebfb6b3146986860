"""The way of a document: folder -> readers -> structure -> terms -> engine -> a new generation.

Law 5: every file that was found is either indexed or named with its reason. Only what an operating system or an editor leaves
behind (hidden files, `~$…` locks) is passed over, and counted.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.analysis import Analyzer
from kb.copies import families
from kb.documents import Failure, Reading
from kb.engines.base import Analysed, Counts, Engine, Request, Searcher, Writer
from kb.errors import NothingIndexed, UnreadableFile
from kb.generations import Generations, Manifest
from kb.literal import literal
from kb.preparation import digest, renamed
from kb.query import Phrase
from kb.readers import read
from kb.terms import keep
from kb.workers import File, Job, Outcome, Workers

_COLLECTIONS = (".jsonl", ".jsonl.xz")
BATCH_BYTES = 200_000
"""Small enough to share the work evenly, large enough to be worth a message."""
LARGEST_DROP = 0.2
"""A rebuild that would lose more than this share of the documents is refused unless forced."""
GOLDEN_DOCUMENTS = 20


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is."""

    documents: int
    characters: int
    share: float | None
    """Of the bytes to read; None where it is unknown."""
    writing: bool = False
    """Everything is read, what remains is writing the index."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a rebuild did."""

    generation: str
    counts: Counts
    failures: tuple[Failure, ...]
    passed_over: int
    seconds: float
    families: int
    """Speeches that were posted more than once."""
    in_families: int
    """Documents of all families together."""


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in the sources: files to read, what cannot be entered, and how many leftovers were passed over."""

    files: tuple[File, ...]
    failures: tuple[Failure, ...]
    passed_over: int


def rebuild(
    sources: Sequence[Path],
    generations: Generations,
    engine: Engine,
    analyzer: Analyzer,
    *,
    workers: int = 1,
    force: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """Index the sources into a new generation and put it into use.

    Raises:
        NothingIndexed: there is nothing to index, or far less than before; the old index stays.
        IndexBusy: somebody else is writing.
    """
    began = time.monotonic()
    found = find(sources)
    if not found.files:
        raise NothingIndexed(_nothing(sources), found.failures)
    with generations.writing() as folder:
        intake = _Intake(engine.writer(folder), found, progress)
        try:
            intake.take_all(analyzer, workers)
            _refuse_large_drop(intake, 0 if force else generations.documents_in_use())
        except BaseException:
            intake.writer.discard()
            raise
        progress(Progress(intake.documents, intake.characters, share=1.0, writing=True))
        copies = families(intake.signatures)
        intake.writer.finish(copies)
        counts = Counts(intake.documents, intake.passages, intake.characters)
        _verify(engine.searcher(folder), counts, intake.golden)
        keep(analyzer.own_terms, folder)
        created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        generations.publish(Manifest(folder.name, engine.name, engine.version, analyzer.fingerprint, created, counts))
    return Report(
        generation=folder.name,
        counts=counts,
        failures=tuple(intake.failures),
        passed_over=found.passed_over,
        seconds=time.monotonic() - began,
        families=len(set(copies.values())),
        in_families=len(copies),
    )


def find(sources: Sequence[Path]) -> Found:
    """List the files of the sources, in order; a file's name in the library is its path below its source."""
    files: list[File] = []
    failures: list[Failure] = []
    passed_over = 0
    for source in sources:
        prefix = f"{source.resolve().name}/" if len(sources) > 1 and source.is_dir() else ""
        if not source.exists():
            failures.append(Failure(_printable(str(source)), "没有这个文件或文件夹，请检查路径。"))
        elif source.is_file():
            files.append(File(source, _printable(source.name)))
        else:
            for path in _walk(source, failures):
                if _is_leftover(path.relative_to(source)):
                    passed_over += 1
                else:
                    files.append(File(path, prefix + _printable(path.relative_to(source).as_posix())))
    return Found(tuple(files), tuple(failures), passed_over)


class _Intake:
    """Takes outcomes into the writer and keeps the books."""

    def __init__(self, writer: Writer, found: Found, progress: Callable[[Progress], None]) -> None:
        self.writer = writer
        self.failures = list(found.failures)
        self.golden: list[tuple[str, str]] = []
        self.documents = self.passages = self.characters = 0
        self._files = found.files
        self._progress = progress
        self.signatures: dict[str, bytes] = {}
        """By document id, in the order of the library."""
        self._sizes = {file.name: _size(file.path) for file in found.files}
        self._total = 0 if any(_is_collection(file.path) for file in found.files) else sum(self._sizes.values())
        self._read = 0

    def take_all(self, analyzer: Analyzer, count: int) -> None:
        workers = Workers(analyzer, count)
        try:
            for outcomes in workers.run(self._batches()):
                for outcome in outcomes:
                    self._take(outcome)
                self._progress(
                    Progress(self.documents, self.characters, self._read / self._total if self._total else None)
                )
        finally:
            workers.close()

    def _take(self, outcome: Outcome) -> None:
        if isinstance(outcome, Failure):
            self._read += self._sizes.get(outcome.path, 0)
            self.failures.append(outcome)
            return
        analysed = self._unique(outcome)
        self.writer.add(analysed)
        document = analysed.document
        self._read += self._sizes.get(document.path, 0)
        self.documents += 1
        self.passages += len(document.passages)
        self.characters += len(document.text)
        if len(self.golden) < GOLDEN_DOCUMENTS:
            first = document.passages[0]
            self.golden.append((document.id, document.text[first.start : first.end][:20]))

    def _unique(self, analysed: Analysed) -> Analysed:
        """Two records may bring the same id; the later one is named by its path."""
        document = analysed.document
        candidate, number = document.id, 1
        while candidate in self.signatures:
            number += 1
            candidate = digest(f"{document.path}\0{number}")
        self.signatures[candidate] = analysed.signature
        return analysed if candidate == document.id else renamed(analysed, candidate)

    def _batches(self) -> Iterator[list[Job]]:
        """Gather jobs of about `BATCH_BYTES`; a collection's records are read here, other files by the workers."""
        batch: list[Job] = []
        size = 0
        for job, job_size in self._jobs():
            batch.append(job)
            size += job_size
            if size >= BATCH_BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _jobs(self) -> Iterator[tuple[Job, int]]:
        for file in self._files:
            if _is_collection(file.path):
                yield from self._records(file)
            else:
                yield file, self._sizes[file.name]

    def _records(self, file: File) -> Iterator[tuple[Job, int]]:
        try:
            for reading in read(file.path, file.name):
                if isinstance(reading, Reading):
                    yield reading, 3 * len(reading.text)
                else:
                    self.failures.append(reading)
        except UnreadableFile as error:
            self.failures.append(Failure(file.name, str(error)))


def _walk(folder: Path, failures: list[Failure]) -> Iterator[Path]:
    """Give all files below a folder in order; links to folders are not followed, they could lead round in a circle."""

    def unreadable(error: OSError) -> None:
        failures.append(
            Failure(_printable(str(error.filename)), "文件夹无法打开（没有权限？），其中的文件未收入索引。")
        )

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        folders.sort()
        links = [Path(parent) / name for name in folders if (Path(parent) / name).is_symlink()]
        failures += [
            Failure(_printable(str(link)), "是指向文件夹的链接，没有进入；请直接索引它指向的文件夹。") for link in links
        ]
        for name in sorted(names):
            yield Path(parent) / name


def _is_leftover(path: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.parts) or path.name in ("Thumbs.db", "desktop.ini")


def _is_collection(path: Path) -> bool:
    """Tell whether a file holds many documents, to be shared out among the workers."""
    return path.name.lower().endswith(_COLLECTIONS)


def _printable(name: str) -> str:
    """A name that is no valid UTF-8 is shown with replacement characters."""
    return os.fsencode(name).decode("utf-8", "replace")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _nothing(sources: Sequence[Path]) -> str:
    there = [source for source in sources if source.exists()]
    if not there:
        return "原有索引保持不变。"
    names = "、".join(_printable(str(source)) for source in there)
    return f"{names} 中没有可索引的文件，原有索引保持不变。支持 .txt .md .html .docx .jsonl .jsonl.xz。"


def _refuse_large_drop(intake: _Intake, before: int) -> None:
    if not intake.documents:
        raise NothingIndexed("没有一个文件能收入索引，原有索引保持不变。", tuple(intake.failures))
    if intake.documents < before * (1 - LARGEST_DROP):
        raise NothingIndexed(
            f"新索引只有 {intake.documents} 份文档，现有索引有 {before} 份，减少过多，已保留现有索引。"
            "如确实删去了文档，请加 --force 再运行。",
            tuple(intake.failures),
        )


def _verify(searcher: Searcher, counts: Counts, golden: list[tuple[str, str]]) -> None:
    """Open the new generation and find in it what was put there, before anybody relies on it."""
    try:
        complete = searcher.counts() == counts
        for document_id, text in golden:
            sought = literal(text)
            if sought:
                found = searcher.search(Request(Phrase(sought), limit=counts.documents))
                complete &= any(hit.document_id == document_id for hit in found.hits)
    finally:
        searcher.close()
    if not complete:
        raise NothingIndexed("新索引没有通过检查，已放弃，原有索引保持不变。请检查磁盘后重试。", ())
