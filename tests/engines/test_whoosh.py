from __future__ import annotations

from contract import LIBRARY, EngineContract

from kb.engines.base import Request
from kb.engines.whoosh import WhooshEngine
from kb.engines.whoosh.records import pack, unpack
from kb.literal import literal
from kb.preparation import prepare
from kb.query import Phrase


class TestWhoosh(EngineContract):
    def make_engine(self):
        return WhooshEngine()

    def test_a_closed_index_lets_a_search_under_way_finish(self, index):
        search, sought = index.search, literal("党建")
        index.close()
        assert sought is not None
        assert search(Request(Phrase(sought))).total

    def test_a_record_reads_as_it_was_written(self, analyzer):
        for reading in LIBRARY:
            document = prepare(reading, analyzer).document
            assert unpack(pack(document)) == document
