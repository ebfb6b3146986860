"""`kb search` and `kb show`: the answers of the API, told to people."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import suppress

import pytest

from tests.cli.conftest import KB, environment, kb

SEARCHES = [
    ("党建", {"group": "passage", "per_page": "3", "page": "2", "sort": "-date"}),
    ("党员 -培训", {"genre": "讲话", "year_from": "2020", "year_to": "2023"}),
    ("党建工作的载体", {}),
]


@pytest.mark.parametrize(("query", "parameters"), SEARCHES)
def test_search_as_json_is_the_answer_of_the_api(samples, client, query, parameters):
    options = [f"--{name.replace('_', '-')}={value}" for name, value in parameters.items()]
    done = kb(samples[0], "search", query, "--json", *options)
    told, asked = json.loads(done.stdout), client.get("/api/v1/search", query_string={"q": query, **parameters}).json
    assert list(told) == list(asked)
    assert {**told, "took_ms": 0} == {**asked, "took_ms": 0}
    assert (done.returncode, done.stderr) == (0, "")


def test_search_tells_title_headings_text_and_address_of_each_hit(samples, client):
    told = kb(samples[0], "search", "党建工作").stdout
    asked = client.get("/api/v1/search", query_string={"q": "党建工作"}).json
    head, *shown = told.rstrip("\n").split("\n\n")
    assert head.startswith(f"共 {asked['total']} 段，出自 {asked['total_documents']} 份文档（")
    assert len(shown) == len(asked["hits"]) > 1
    for number, (entry, hit) in enumerate(zip(shown, asked["hits"], strict=True), start=1):
        assert entry.startswith(f"{number}. {hit['document']['title']}")
        assert " › ".join(hit["headings"]) in entry
        assert hit["text"] in entry
        assert hit["url"] in entry


def test_a_search_that_finds_nothing_says_what_would_find_something(samples):
    done = kb(samples[0], "search", "党建工作 蒸汽火车")
    assert done.returncode == 0
    assert done.stdout.startswith("没有找到“党建工作 蒸汽火车”。\n  切分：党建工作 ")
    assert "\n  试试：党建工作（" in done.stdout


def test_a_page_past_the_end_is_said_to_be_missing(samples):
    done = kb(samples[0], "search", "党建工作", "--page", 50)
    assert done.returncode == 0
    assert "没有第 50 页" in done.stdout


def test_colours_are_for_terminals(samples):
    ours, theirs = os.openpty()
    with subprocess.Popen([KB, "search", "党建工作"], env=environment(samples[0]), stdout=theirs) as process:
        os.close(theirs)
        told = b""
        with suppress(OSError):  # how Linux says that the other side of a terminal is closed
            while piece := os.read(ours, 65536):
                told += piece
        os.close(ours)
        process.wait(10)
    assert "\x1b[31m\x1b[1m党建工作\x1b[0m" in told.decode()


@pytest.mark.parametrize("query", ["", "党" * 10_000])
def test_a_query_that_cannot_be_used_is_refused_as_the_api_refuses_it(samples, client, query):
    done = kb(samples[0], "search", query)
    refused = client.get("/api/v1/search", query_string={"q": query})
    assert (done.returncode, done.stdout, refused.status_code) == (2, "", 400)
    assert done.stderr.strip() in refused.get_data(as_text=True)
    assert len(done.stderr) < 100


def test_too_deep_a_page_is_refused_as_the_api_refuses_it(samples, client):
    done = kb(samples[0], "search", "党建", "--page", "21", "--per-page", "50")
    refused = client.get("/api/v1/search", query_string={"q": "党建", "page": 21, "per_page": 50})
    assert (done.returncode, refused.status_code) == (2, 400)
    assert done.stderr.strip() in refused.get_data(as_text=True)


def test_without_an_index_the_cure_is_named(index):
    done = kb(index, "search", "党建")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "还没有索引，请先运行 kb rebuild 文件夹。\n"


def test_show_tells_a_document_as_the_api_does(samples, client):
    document_id = client.get("/api/v1/search", query_string={"q": "党建工作"}).json["hits"][0]["document"]["id"]
    asked = client.get(f"/api/v1/documents/{document_id}").json
    assert json.loads(kb(samples[0], "show", document_id, "--json").stdout) == asked
    told = kb(samples[0], "show", document_id).stdout.splitlines()
    assert told[0] == asked["title"]
    assert f"编号：{document_id}" in told
    assert [line.strip() for line in told[told.index("提纲") + 1 :]][: len(asked["sections"])] == [
        section["title"] for section in asked["sections"]
    ]
    assert f"段落（{len(asked['passages'])}）" in told


def test_search_and_show_tell_of_copies_and_of_passages_that_say_the_same(samples, client):
    (hit,) = client.get("/api/v1/search", query_string={"q": '"预祝培训班圆满成功"'}).json["hits"]
    assert hit["copies"] == 2
    assert "同稿 2 份）" in kb(samples[0], "search", '"预祝培训班圆满成功"').stdout
    same = kb(samples[0], "search", '"这个班要练什么"', "--group", "passage").stdout
    assert "（相同的另有 2 段）" in same
    others = client.get(f"/api/v1/documents/{hit['document']['id']}/copies").json["copies"]
    shown = kb(samples[0], "show", hit["document"]["id"]).stdout
    assert len(others) == 2
    assert all(f"同稿：{copy['id']}  {copy['title']}（{copy['path']}）\n" in shown for copy in others)


def test_an_unknown_document_is_named(samples):
    done = kb(samples[0], "show", "没有这个")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("没有编号为“没有这个”的文档")


def test_search_tells_how_a_query_was_understood_where_it_needs_telling(samples):
    assert kb(samples[0], "search", "工作 -通知").stdout.startswith("按“工作”检索，不含“通知”。\n共 ")
    assert kb(samples[0], "search", "工作").stdout.startswith("共 ")


def test_an_argument_that_is_no_text_is_searched_without_what_is_none(samples):
    done = kb(samples[0], "search", "工作\udcff", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["total"]
