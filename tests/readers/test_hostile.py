"""Whatever a file holds, it is read or refused with one sentence; nothing else gets out, and it does not take long."""

import contextlib
import random
import zipfile

import pytest
from make_docx import NAMESPACES, Xml, document_xml, make_docx, paragraph, table

from kb.documents import Reading
from kb.errors import UnreadableFile
from kb.readers import limits, office, read

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTITIES = '<!DOCTYPE w:document [<!ENTITY a "啊啊啊啊啊啊">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.fixture
def refusal(tmp_path):
    def of(data, name="a.docx"):
        path = tmp_path / name
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(UnreadableFile) as caught:
            list(read(path, name))
        return str(caught.value)

    return of


@pytest.fixture
def refused_docx(tmp_path, refusal):
    def of(*blocks, **options):
        return refusal(make_docx(tmp_path / "made.docx", *blocks, **options).read_bytes())

    return of


def main_part(body, before=""):
    return {"word/document.xml": f"{before}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"}


def text_of(path):
    (reading,) = read(path, path.name)
    assert isinstance(reading, Reading)
    return reading.text


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.txt", "没有文字"),
        (" \ufeff\u200b\n".encode(), "a.txt", "没有文字"),
        (b"%PDF-1.7\n", "a.pdf", "暂不支持 PDF"),
        (b"%PDF-1.7\n", "a.txt", "暂不支持 PDF"),
        (b"{\\rtf1\\ansi}", "a.doc", "暂不支持 RTF"),
        (OLE + b"\0" * 600, "a.doc", "另存为 .docx"),
        (OLE + b"\0" * 600, "a.docx", "另存为 .docx"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "a.docx", "密码保护"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', "a.doc", "Word 2003"),
        (b"PK\x03\x04" + b"\xff" * 300, "a.docx", "已损坏"),
        (b"\xfd7zXZ\x00" + b"\xff" * 300, "a.jsonl.xz", "已损坏"),
        (None, "没有.txt", "不存在"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_cure(refusal, data, name, reason):
    sentence = refusal(data, name)
    assert reason in sentence
    assert sentence.endswith("。")


def test_a_folder_is_no_document(tmp_path):
    with pytest.raises(UnreadableFile, match="普通文件"):
        list(read(tmp_path, "文件夹"))


@pytest.mark.parametrize("error", [PermissionError, OSError, MemoryError, RecursionError, KeyError, ValueError])
def test_no_other_error_gets_out(tmp_path, monkeypatch, error):
    def broken(_path):
        raise error

    path = tmp_path / "a.txt"
    path.write_text("正文")
    monkeypatch.setattr("kb.readers.text.contents", broken)
    with pytest.raises(UnreadableFile, match=r"。$"):
        list(read(path, "a.txt"))


def test_an_error_of_the_caller_is_not_swallowed(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("正文")
    with pytest.raises(ZeroDivisionError):
        [1 / 0 for _ in read(path, "a.txt")]


def test_a_file_over_the_limit_is_refused(refusal, monkeypatch):
    monkeypatch.setattr("kb.readers.files.MAX_FILE", 10)
    assert "太大" in refusal("超过十个字节".encode(), "a.txt")


# Office files


@pytest.mark.parametrize("kind", ["spreadsheetml.sheet", "presentationml.presentation", None])
def test_other_archives_are_no_documents(tmp_path, refusal, kind):
    path = tmp_path / "made.zip"
    types = f'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml" if kind else "别的.txt", types)
    assert "。" in refusal(path.read_bytes())


def test_entity_bombs_and_other_doctypes_are_refused(refused_docx):
    for doctype, body in ((ENTITIES + "]>", paragraph("&i;")), ("<!DOCTYPE w:document>", paragraph("文"))):
        assert refused_docx(parts=main_part(body, doctype))


def test_an_entity_never_opens_a_file(tmp_path, refused_docx):
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密")
    doctype = f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file://{secret}">]>'
    assert "秘密" not in refused_docx(parts=main_part("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", doctype))


@pytest.mark.parametrize(
    "body",
    [
        "<w:sdt><w:sdtContent>" * 50_000,
        "<w:sdt><w:sdtContent>" * 120 + paragraph("深") + "</w:sdtContent></w:sdt>" * 120,
        "<w:tbl><w:tr><w:tc>" * 70 + paragraph("深") + "</w:tc></w:tr></w:tbl>" * 70,
    ],
    ids=["unclosed", "controls", "tables"],
)
def test_deep_nesting_is_refused(refused_docx, body):
    assert refused_docx(parts=main_part(body))


def test_deep_inline_nesting_is_refused_or_read(tmp_path):
    body = "<w:p>" + "<w:ins>" * 240 + "<w:r><w:t>深</w:t></w:r>" + "</w:ins>" * 240 + "</w:p>"
    assert text_of(make_docx(tmp_path / "a.docx", parts=main_part(body))) == "深"


@pytest.mark.parametrize("body", ["", "<w:p", "<w:p><w:r><w:t>没有结束"], ids=["empty", "torn tag", "torn text"])
def test_broken_xml_is_refused(refused_docx, body):
    assert "。" in refused_docx(parts={"word/document.xml": body})


def test_a_package_without_a_body_is_refused(refused_docx):
    assert "缺少 Word 正文" in refused_docx(parts={"word/document.xml": "<x/>"})


def test_a_part_that_unpacks_to_too_much_is_refused(refused_docx):
    assert "大得不正常" in refused_docx(paragraph("a" * (limits.RATIO_FROM + 1)))


def test_an_archive_that_unpacks_to_too_much_is_refused(refused_docx, monkeypatch):
    monkeypatch.setattr(office, "MAX_UNPACKED", 2000)
    assert "大得不正常" in refused_docx("正文")


def test_too_many_members_are_refused(refused_docx):
    assert "大得不正常" in refused_docx("正文", parts={f"x/{number}": "" for number in range(limits.MAX_MEMBERS)})


def test_a_wrong_size_in_a_header_does_not_help(tmp_path, refusal):
    data = make_docx(tmp_path / "made.docx", paragraph("a" * 100_000)).read_bytes()
    size = len(document_xml(paragraph("a" * 100_000)).encode())
    assert refusal(data.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little")))


def test_an_encrypted_member_is_named(tmp_path, refusal):
    data = bytearray(make_docx(tmp_path / "made.docx", "正文").read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(signature)
        while start >= 0:
            data[start + offset] |= 1
            start = data.find(signature, start + 1)
    assert "密码" in refusal(bytes(data))


def test_absurd_numbers_do_no_harm(tmp_path):
    blocks = [
        paragraph("文", number=(1, 10**30)),
        Xml(paragraph("文", number=(1, 0)).replace('w:val="0"', 'w:val="-٣x"')),
        Xml(paragraph("文", outline=0).replace('w:val="0"', 'w:val="七"')),
    ]
    path = make_docx(tmp_path / "a.docx", *blocks, lists=[[("lowerLetter", "%1%9)")]])
    assert text_of(path).count("文") == 3


@pytest.mark.parametrize("seed", range(40))
def test_damaged_documents_are_read_or_refused(tmp_path, seed):
    chance = random.Random(seed)
    blocks = [paragraph("标题", style="Heading1", number=(1, 0)), table([["甲", "乙"]]), *["正文。" * 50] * 20]
    path = make_docx(tmp_path / "a.docx", *blocks, lists=[[("chineseCounting", "%1、")]])
    data = bytearray(path.read_bytes())
    for _ in range(chance.randrange(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(data[: chance.choice([len(data), len(data) // 2])])
    with contextlib.suppress(UnreadableFile):
        assert "正文" in text_of(path)
