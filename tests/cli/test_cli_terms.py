"""`kb terms check`, and when a terms file takes effect."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import kb


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    file = tmp_path / "词表.txt"
    file.write_text("四个对照检查\n载体=抓手\n国资委=国资办\n", encoding="utf-8")
    return file


def test_a_terms_file_is_checked_and_counted(index, terms):
    done = kb(index, "terms", "check", terms)
    assert done.returncode == 0
    assert "5 个词，2 组同义词；下次 kb rebuild 时生效。" in done.stdout
    assert "自带的同义词“国资委=国有资产监督管理委员会”将由您的取代。" in done.stdout
    told = json.loads(kb(index, "terms", "check", "--json", KB_TERMS=str(terms)).stdout)
    assert told == {"words": 5, "groups": 2, "replaced": [["国资委", "国有资产监督管理委员会"]]}


def test_a_terms_file_with_mistakes_is_refused_line_by_line(index, folder, terms):
    terms.write_text("四个 对照\n甲=\n", encoding="utf-8")
    for arguments in (("terms", "check", terms), ("rebuild", folder)):
        done = kb(index, *arguments, KB_TERMS=str(terms))
        assert done.returncode == 2
        assert re.search("第 1 行：.*有空格.*；第 2 行：.*一边是空的", done.stderr)
    assert "请指明词表文件" in kb(index, "terms", "check").stderr


def test_terms_take_effect_at_the_next_rebuild_and_until_then_disturb_no_search(index, folder, terms):
    kb(index, "rebuild", folder)
    assert kb(index, "search", "抓手", KB_TERMS=str(terms)).stdout.startswith("没有找到")
    kb(index, "rebuild", folder, KB_TERMS=str(terms))
    terms.write_text("坏 的", encoding="utf-8")
    assert "按“抓手”（同“载体”）检索。\n共 1 段" in kb(index, "search", "抓手", KB_TERMS=str(terms)).stdout
