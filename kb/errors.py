"""Everything that can go wrong and be told to a user, each as one Chinese sentence with its cure.

WenyuanError
  UnreadableFile   a file of the library cannot be read (the folder goes on)
  BadSettings      a setting, an environment variable or a terms file is wrong
  BadRequest       a query or a parameter is wrong
  NotFound         no such document or page
  NoIndex          there is no valid index to search in
  IndexBusy        somebody else is writing the index
  NothingIndexed   a rebuild was given up and the old index stays

Each entry point (page, API, CLI) turns these into its own form once; nothing else reaches a user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.documents import Failure


class WenyuanError(Exception):
    """Base of all errors that are meant for the user; `str(error)` is the sentence."""

    code = "error"
    """Stable name for programs."""
    status = 500
    """HTTP status."""
    title = "出错了"


class UnreadableFile(WenyuanError):
    """A file cannot be turned into text."""

    code = "unreadable-file"
    title = "文件无法读取"


class BadSettings(WenyuanError):
    """A setting has a value that cannot be used."""

    code = "bad-settings"
    title = "设置有误"


class BadRequest(WenyuanError):
    """A request has parameters that cannot be used; `problems` names each parameter with its sentence."""

    code = "bad-request"
    status = 400
    title = "请求有误"

    def __init__(self, message: str, problems: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class NotFound(WenyuanError):
    """The thing asked for does not exist."""

    code = "not-found"
    status = 404
    title = "没有找到"


class NoIndex(WenyuanError):
    """No complete generation can be opened."""

    code = "no-index"
    status = 503
    title = "还没有索引"


class IndexBusy(WenyuanError):
    """Another process holds the writer's lock."""

    code = "index-busy"
    status = 503
    title = "索引正在更新"


class NothingIndexed(WenyuanError):
    """A rebuild was given up and the old index stays; `failures` are the (path, reason) of what could not be read."""

    code = "nothing-indexed"
    title = "没有可索引的文档"

    def __init__(self, message: str, failures: tuple[Failure, ...] = ()) -> None:
        super().__init__(message)
        self.failures = failures
