"""What a file really is, from its first bytes.

Traps: a .doc is often HTML or .docx inside. A password-protected .docx is an OLE file, not a ZIP. A .pptx can hold a .docx, so
only the type of the main part counts. UTF-16 hides every tag behind NULs. A Markdown file may begin with a tag.
"""

from __future__ import annotations

import lzma
import re
from typing import TYPE_CHECKING

from kb.errors import UnreadableFile
from kb.readers.files import contents
from kb.readers.limits import MAX_XZ_MEMORY
from kb.readers.office import opened
from kb.readers.reasons import ENCRYPTED, NO_TEXT

if TYPE_CHECKING:
    from pathlib import Path

XZ = b"\xfd7zXZ\x00"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_HEAD = 1 << 16

_REFUSED = (
    (b"%PDF", "暂不支持 PDF 文件，请用 Word 或 WPS 转换，另存为 .docx。"),
    (b"{\\rtf", "暂不支持 RTF 文件，请用 Word 或 WPS 打开，另存为 .docx。"),
)
_OLD_OFFICE = "是旧版 Word（.doc）或 WPS 文件，暂不支持，请用 Word 或 WPS 打开，另存为 .docx。"
_WORD_XML = "是 Word 2003 的 XML 文件，暂不支持，请用 Word 打开，另存为 .docx。"
_NOT_WORD = "是压缩包或其他办公文件，不是 Word 文档，请解压或另存为 .docx。"
_NOT_JSONL = "压缩包里不是 .jsonl 记录，请先解压。"

_HTML = re.compile(
    # Atomic groups: many comments before something else must not be tried in every combination.
    rb"(?>(<\?xml[^>]*>\s*)?(<!--(?>.*?-->)\s*)*)<(!doctype\s+html|html|head|body|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_WORD_PART = re.compile(
    rb"(wordprocessingml\.(document|template)|ms-word\.(document|template)\.macroEnabled(Template)?)\.main\+xml",
    re.IGNORECASE,
)


def format_of(path: Path, name: str) -> str:
    """Return the format's name: docx, html, jsonl, or text for every format that is plain text.

    Raises:
        UnreadableFile: the format is known and cannot be read, or there is nothing to read.
        OSError, zipfile.BadZipFile, lzma.LZMAError: the file cannot be opened or is damaged.
    """
    if path.exists() and not path.is_file():
        raise UnreadableFile("不是普通文件（可能是文件夹或设备），请只放入文档。")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise UnreadableFile(NO_TEXT)
    if head.startswith(_ZIP):
        return _in_zip(path)
    if head.startswith(_OLE):
        raise UnreadableFile(_in_ole(path))
    if head.startswith(XZ):
        return _in_xz(head)
    return _in_text(head, name)


def _in_zip(path: Path) -> str:
    with opened(path) as package:
        types = package.content("[Content_Types].xml")
    if _WORD_PART.search(types or b""):
        return "docx"
    raise UnreadableFile(_NOT_WORD)


def _in_ole(path: Path) -> str:
    return ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in contents(path) else _OLD_OFFICE


def _in_xz(head: bytes) -> str:
    unpacked = lzma.LZMADecompressor(memlimit=MAX_XZ_MEMORY).decompress(head, max_length=_HEAD)
    if unpacked.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return "jsonl"
    raise UnreadableFile(_NOT_JSONL)


def _in_text(head: bytes, name: str) -> str:
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    for magic, sentence in _REFUSED:
        if start.startswith(magic):
            raise UnreadableFile(sentence)
    if b'progid="Word.Document"' in start:
        raise UnreadableFile(_WORD_XML)
    is_markdown = name.lower().endswith((".md", ".markdown"))
    return "html" if _HTML.match(start) and not is_markdown else "text"
