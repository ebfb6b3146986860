from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest

from kb.cli import commands
from kb.query_language import LONGEST
from kb.readers import SUFFIXES
from kb.settings import TABLE

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.name)
def test_the_readme_names_every_setting_with_its_default(setting):
    (row,) = re.findall(rf"^\| `{setting.name}` \| (.*?) \|", README, re.MULTILINE)
    assert row == (f"`{setting.default}`" if setting.default else "无")


@pytest.mark.parametrize("name", commands.commands)
def test_the_readme_names_every_command_with_its_options(name):
    (line,) = re.findall(rf"^kb {name}\b.*$", README, re.MULTILINE)
    options = [option for option in commands.commands[name].params if isinstance(option, click.Option)]
    assert all(option.opts[0] in line for option in options)


@pytest.mark.parametrize("name", commands.commands)
def test_every_help_text_ends_with_an_example(name):
    assert re.search(r"例：kb|例：KB_", commands.commands[name].help or "")


def test_the_readme_says_why_each_dependency_is_there_and_each_is_pinned():
    for dependency in PROJECT["project"]["dependencies"]:
        name, pinned, _ = dependency.partition("==")
        assert pinned, dependency
        assert re.search(rf"^\| {name} \|", README, re.MULTILINE | re.IGNORECASE), name


def test_the_readme_names_every_format_and_the_longest_query():
    assert all(suffix in README for suffix in SUFFIXES - {".markdown", ".htm"})
    assert f"最多 {LONGEST} 字" in README


def test_the_architecture_names_modules_that_exist():
    text = (ROOT / "docs/ARCHITECTURE.md").read_text(encoding="utf-8")
    for path in re.findall(r"`(kb/[\w/.]+)`", text):
        assert (ROOT / path).exists(), path


def test_the_lock_files_carry_hashes_and_no_addresses():
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
