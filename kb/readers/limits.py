"""How much a file may ask of us. Real speeches stay below a hundredth of these; files made to hurt do not."""

from __future__ import annotations

MEGABYTE = 1 << 20

MAX_FILE = 200 * MEGABYTE
"""A plain file, in bytes: it is read whole, and its text takes about four times as much memory."""

MAX_UNPACKED = 200 * MEGABYTE
"""All members of an archive together, in bytes: a 1.3 MB .docx can hold 1.2 GB."""

MAX_MEMBERS = 10_000
"""Members of an archive: Word writes some dozens, and one for each picture."""

MAX_PART = 64 * MEGABYTE
"""One XML part, in bytes: its tree takes about ten times as much memory."""

MAX_RATIO = 100
"""How many times larger a part may be than its packed form: XML of real documents stays below 50."""

RATIO_FROM = 16 * MEGABYTE
"""Smaller parts may pack better, they do no harm: an empty form of 3,500 equal rows packs 1:150."""

MAX_DEPTH = 60
"""Tables in tables, boxes in boxes: each level takes several frames of Python's stack."""

MAX_LINE = 64 * MEGABYTE
"""One record of a .jsonl file, in bytes."""

MAX_XZ_MEMORY = 256 * MEGABYTE
"""What unpacking .xz may take: `xz -9` needs 65 MB, a header can ask for 4 GB."""

MAX_ATTRIBUTES = 5_000
"""Attributes of one HTML tag: libxml2 needs the square of their number (300,000 take minutes)."""

MAX_ELEMENTS = 20_000
"""Elements of a page up to which its main text is looked for (about 1 s); above that all its text is taken."""
