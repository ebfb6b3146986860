from __future__ import annotations

from dataclasses import replace

from contract import LIBRARY, EngineContract

from kb.documents import Metadata
from kb.engines.base import Request
from kb.engines.whoosh import WhooshEngine
from kb.engines.whoosh.records import DICTIONARY, Records, unpack
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
        documents = [prepare(reading, analyzer).document for reading in LIBRARY]
        long = replace(documents[0], text="".join(map(chr, [*range(1, 0xD800), *range(0xE000, 0x20000)])))
        lonely = replace(documents[0], metadata=Metadata("\ud800 独"))
        for several in ([long, *documents, lonely], documents):
            records = Records()
            for document in several:
                records.add(document)
            dictionary, *packed = records.packed()
            assert len(dictionary) <= DICTIONARY
            assert [unpack(record, dictionary) for record in packed] == several
