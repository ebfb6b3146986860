"""Engines keep passages and find them. `base` is the contract; only the engine that the settings name is imported."""

from __future__ import annotations

from kb.engines.base import Engine


def engine_named(name: str) -> Engine:
    """Return the engine that `KB_ENGINE` names; the settings have checked the name."""
    from kb.engines.whoosh import WhooshEngine

    return {"whoosh": WhooshEngine}[name]()
