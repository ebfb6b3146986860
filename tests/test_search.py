from __future__ import annotations

import time

from kb.answers import Question


def test_opening_the_index_takes_nothing_from_the_time_of_the_first_question(library, monkeypatch):
    search = library(甲="党建工作要有载体。")
    monkeypatch.setattr(search, "_deadline", 0.5)
    opened = search.open()

    def slowly():
        time.sleep(0.6)
        return opened

    monkeypatch.setattr(search, "open", slowly)
    answer = search.ask(Question("载体"))
    assert (answer.total, answer.partial) == (1, False)
