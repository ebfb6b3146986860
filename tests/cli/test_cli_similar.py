"""`kb similar`: where a text comes from."""

from __future__ import annotations

import json
import re
import subprocess

from tests.cli.conftest import KB, environment, kb

QUOTED = "那座水库叫老鸦塘，蓄水四十二万方，坝上有一间土房，我住了五个月。\n白天看水位，半夜看书，最大的本事是听声音"


def test_similar_as_json_is_the_answer_of_the_api(samples, client, tmp_path):
    (tmp_path / "稿.txt").write_bytes(QUOTED.encode("gb18030"))
    told = json.loads(kb(samples[0], "similar", tmp_path / "稿.txt", "--json").stdout)
    asked = client.post("/api/v1/similar", json={"text": QUOTED}).json
    assert {**told, "took_ms": 0} == {**asked, "took_ms": 0}


def test_similar_tells_verdict_source_and_differences_of_each_sentence(samples, client):
    piped = subprocess.run(
        [KB, "similar", "-"], input=QUOTED.encode(), env=environment(samples[0]), capture_output=True, check=False
    )
    assert (piped.returncode, piped.stderr) == (0, b"")
    source = client.post("/api/v1/similar", json={"text": QUOTED}).json["sources"][0]
    told = piped.stdout.decode()
    assert told.startswith("共 2 句：原话 1，有改动 1")
    assert f"1. {source['document']['title']}（{source['document']['date']}）" in told
    assert source["url"] in told
    assert "白天看水位，[-晚上-]{+半夜+}看书" in told


def test_a_text_that_cannot_be_traced_is_told_in_one_line(samples, tmp_path):
    (tmp_path / "空.txt").write_text("，。", encoding="utf-8")
    (tmp_path / "长.txt").write_text("党" * 20_001, encoding="utf-8")
    for file in (tmp_path, tmp_path / "没有", tmp_path / "空.txt", tmp_path / "长.txt"):
        done = kb(samples[0], "similar", file)
        assert (done.returncode, done.stdout) == (2, "")
        assert re.fullmatch(r".+。\n", done.stderr)
