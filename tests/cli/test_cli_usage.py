"""`kb config`, every help, and what is told about bad arguments."""

from __future__ import annotations

import json
import re

import pytest

from kb.cli import commands
from kb.settings import TABLE
from tests.cli.conftest import kb

USAGE = re.compile(r".+。运行 kb( \w+)? --help 查看用法。\n")


def test_config_names_every_setting_with_its_value(index):
    done = kb(index, "config", KB_DEADLINE_MS="500")
    assert done.returncode == 0
    assert re.findall(r"^KB_\w+", done.stdout, re.MULTILINE) == [setting.name for setting in TABLE]
    assert f"KB_INDEX_DIR = {index}\n" in done.stdout
    assert "KB_DEADLINE_MS = 500\n" in done.stdout
    rows = json.loads(kb(index, "config", "--json").stdout)
    assert [(row["name"], row["default"], row["help"]) for row in rows] == [
        (setting.name, setting.default, setting.help) for setting in TABLE
    ]


def test_a_setting_that_cannot_be_used_is_named(index):
    done = kb(index, "config", KB_ENGINE="solr")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "KB_ENGINE 不能是“solr”，可选：whoosh。\n"


@pytest.mark.parametrize(
    "arguments",
    ["", "search", "search 甲 乙", "search --bogus 甲", "rebuild --workers 0", "rebuild --workers 两个", "bogus"],
)
def test_a_bad_option_is_told_in_one_line_that_names_the_help(index, arguments):
    done = kb(index, *arguments.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert USAGE.fullmatch(done.stderr)


@pytest.mark.parametrize("command", [[], *([name] for name in commands.commands)], ids=" ".join)
def test_every_help_ends_with_an_example_each_in_a_line(index, command):
    done = kb(index, *command, "--help")
    assert done.returncode == 0
    description, options, _ = done.stdout.partition("\nOptions:\n")
    assert options
    examples = description.rstrip().split("\n\n")[-1].splitlines()
    assert examples[0].strip().startswith("例：")
    assert all(line.count("kb ") == 1 for line in examples)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("--page 0", "页码不能是“0”，请用 1 到 1000 之间的整数。"),
        ("--sort size", "排序不能是“size”，可选：relevance、date、-date。"),
        ("--year-from 2022 --year-to 2020", "起始年份 2022 晚于截止年份 2020，请对调。"),
    ],
)
def test_a_bad_parameter_of_a_search_is_told_as_the_service_tells_it(index, arguments, sentence):
    done = kb(index, "search", "甲", *arguments.split())
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{sentence}\n")
