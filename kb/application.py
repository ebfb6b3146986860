"""Put the parts together as the settings say: the one place where CLI and web service meet."""

from __future__ import annotations

from kb.analysis import Analyzer
from kb.engines import engine_named
from kb.generations import Generations
from kb.search import Search
from kb.settings import Settings


def search_service(settings: Settings) -> Search:
    """Make what answers questions; opens nothing yet.

    The user's terms come with the index: a changed or a broken file disturbs no search, only the next rebuild reads it.
    """
    return Search(Generations(settings.index_dir), engine_named(settings.engine), Analyzer(), settings.deadline)
