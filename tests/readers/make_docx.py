"""Writes small real .docx files that Word opens: for the tests, and for the sample library.

    make_docx(
        path,
        paragraph("在培训班上的讲话", style="Title"),
        paragraph("提高认识", style="Heading1", number=(1, 0)),          # list 1, outermost level: 一、提高认识
        paragraph("认识要", deleted("再"), inserted("更"), "深。"),
        table([["姓名", "职务"], ["张三", "书记"]]),
        lists=[[("chineseCounting", "%1、"), ("chineseCounting", "（%2）")]],
        title="在培训班上的讲话",
    )

Everything that goes into a document is `Xml`; plain strings are escaped and become runs or paragraphs.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CHANGE = 'w:id="1" w:author="校对" w:date="2021-03-05T08:00:00Z"'


class Xml(str):
    """A piece of WordprocessingML that goes into the document as it is."""

    __slots__ = ()


# What stands in a paragraph


def run(text: str, properties: str = "") -> Xml:
    """Return a run of text; `properties` is XML for its `rPr`, such as `<w:b/>`."""
    return Xml(f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>')


def hidden(text: str) -> Xml:
    """Return text that Word does not show."""
    return run(text, "<w:vanish/>")


def inserted(text: str) -> Xml:
    """Return text that a tracked change put in."""
    return Xml(f"<w:ins {CHANGE}>{run(text)}</w:ins>")


def deleted(text: str) -> Xml:
    """Return text that a tracked change took out."""
    return Xml(f"<w:del {CHANGE}><w:r><w:delText>{escape(text)}</w:delText></w:r></w:del>")


def line_break() -> Xml:
    """Return a soft break inside a paragraph."""
    return Xml("<w:r><w:br/></w:r>")


def ruby(base: str, reading: str) -> Xml:
    """Return characters with their pronunciation above them."""
    return Xml(
        f"<w:r><w:ruby><w:rubyPr/><w:rt>{run(reading)}</w:rt><w:rubyBase>{run(base)}</w:rubyBase></w:ruby></w:r>"
    )


def footnote(number: int) -> Xml:
    """Return the reference to one of the document's footnotes, counted from 1."""
    return Xml(f'<w:r><w:footnoteReference w:id="{number}"/></w:r>')


def field(instruction: str, result: str) -> Xml:
    """Return a computed field: what Word computes and what it shows."""
    begin, middle, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    return Xml(f"{begin}<w:r><w:instrText>{escape(instruction)}</w:instrText></w:r>{middle}{run(result)}{end}")


def text_box(*paragraphs: str) -> Xml:
    """Return a floating box with paragraphs in it, written twice as Word does."""
    content = f"<w:txbxContent>{''.join(map(_block, paragraphs))}</w:txbxContent>"
    shape = (
        '<wp:inline><wp:extent cx="2000000" cy="800000"/><wp:docPr id="1" name="文本框"/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>'
        f"<wps:txbx>{content}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline>"
    )
    return Xml(
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{shape}</w:drawing></mc:Choice>'
        f'<mc:Fallback><w:pict><v:shape type="#_x0000_t202" style="width:160pt;height:60pt">'
        f"<v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


# What stands in the body


def paragraph(
    *parts: str,
    style: str | None = None,
    number: tuple[int, int] | None = None,
    outline: int | None = None,
    is_mark_deleted: bool = False,
) -> Xml:
    """Return a paragraph.

    Args:
        parts: text and pieces from the functions above.
        style: Title, Heading1 to Heading3, TOC1, or an id from `extra_styles`.
        number: list (from 1) and level (from 0) of its automatic number.
        outline: its own outline level, 0 for the outermost.
        is_mark_deleted: a tracked change joined it with the next paragraph.
    """
    properties = [
        f'<w:pStyle w:val="{style}"/>' if style else "",
        f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>' if number else "",
        f'<w:outlineLvl w:val="{outline}"/>' if outline is not None else "",
        f"<w:rPr><w:del {CHANGE}/></w:rPr>" if is_mark_deleted else "",
    ]
    return Xml(f"<w:p><w:pPr>{''.join(properties)}</w:pPr>{''.join(map(_inline, parts))}</w:p>")


def content_control(*blocks: str) -> Xml:
    """Return blocks inside a form field, as in templates for official documents."""
    return Xml(f"<w:sdt><w:sdtPr/><w:sdtContent>{''.join(map(_block, blocks))}</w:sdtContent></w:sdt>")


def table(rows: Sequence[Sequence[str]]) -> Xml:
    """Return a table; a cell is text, or `Xml` blocks (several paragraphs, another table)."""
    width = max(map(len, rows))
    grid = '<w:gridCol w:w="2000"/>' * width
    body = "".join(f"<w:tr>{''.join(map(_cell, row))}</w:tr>" for row in rows)
    return Xml(f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>')


def _cell(content: str) -> str:
    # Word insists that a cell ends with a paragraph.
    return f"<w:tc><w:tcPr/>{_block(content)}{'<w:p/>' if content.endswith('</w:tbl>') else ''}</w:tc>"


def _block(content: str) -> str:
    return content if isinstance(content, Xml) else paragraph(content)


def _inline(content: str) -> str:
    return content if isinstance(content, Xml) else run(content)


# The file


def make_docx(
    path: Path,
    *blocks: str,
    title: str | None = None,
    lists: Sequence[Sequence[tuple[str, str]]] = (),
    footnotes: Sequence[str] = (),
    extra_styles: str = "",
    numbering: str | None = None,
    parts: Mapping[str, str | bytes] | None = None,
) -> Path:
    """Write a .docx and return its path.

    Args:
        path: where to write it.
        blocks: paragraphs, tables, content controls; plain text becomes a paragraph.
        title: the title in the file's properties.
        lists: automatic numbering, each a series of levels (format, pattern) such as ("chineseCounting", "%1、").
        footnotes: their texts, referred to by `footnote(1)` and so on.
        extra_styles: XML of more `<w:style>` elements.
        numbering: XML inside `<w:numbering>`, in place of `lists`.
        parts: other members of the archive, or replacements of the usual ones.
    """
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(
            (f"{OFFICE}/officeDocument", "word/document.xml"),
            (
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
                "docProps/core.xml",
            ),
        ),
        "word/_rels/document.xml.rels": _relationships(
            *((f"{OFFICE}/{kind}", f"{kind}.xml") for kind in ("styles", "numbering", "footnotes"))
        ),
        "word/document.xml": document_xml(*blocks),
        "word/styles.xml": _styles(extra_styles),
        "word/numbering.xml": _part("numbering", _lists(lists) if numbering is None else numbering),
        "word/footnotes.xml": _part("footnotes", _footnotes(footnotes)),
        "docProps/core.xml": _properties(title),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (members | dict(parts or {})).items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # no clock: same input, same bytes
    return path


def document_xml(*blocks: str) -> str:
    """Return the main part: the blocks on a sheet of A4."""
    sheet = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588"/></w:sectPr>'
    )
    return _part("document", f"<w:body>{''.join(map(_block, blocks))}{sheet}</w:body>")


def _part(root: str, content: str) -> str:
    return f"{DECLARATION}<w:{root} {NAMESPACES}>{content}</w:{root}>"


def _content_types() -> str:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{word}.{part}{".main" if part == "document" else ""}+xml"/>'
        for part in ("document", "styles", "numbering", "footnotes")
    )
    return (
        f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _relationships(*targets: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{DECLARATION}<Relationships xmlns="{namespace}">{items}</Relationships>'


def _properties(title: str | None) -> str:
    element = f"<dc:title>{escape(title)}</dc:title>" if title else ""
    return (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{element}</cp:coreProperties>'
    )


def _styles(extra: str) -> str:
    headings = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/><w:basedOn w:val="Normal"/>'
        f'<w:next w:val="Normal"/><w:pPr><w:keepNext/><w:outlineLvl w:val="{level - 1}"/></w:pPr>'
        f'<w:rPr><w:b/><w:sz w:val="{36 - 2 * level}"/></w:rPr></w:style>'
        for level in (1, 2, 3)
    )
    return _part(
        "styles",
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:eastAsia="仿宋"/><w:sz w:val="32"/></w:rPr>'
        "</w:rPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/>'
        '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:sz w:val="44"/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/><w:basedOn w:val="Normal"/></w:style>'
        f"{headings}{extra}",
    )


def _lists(lists: Sequence[Sequence[tuple[str, str]]]) -> str:
    schemes = "".join(abstract_list(number, levels) for number, levels in enumerate(lists, 1))
    uses = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>' for number in range(1, len(lists) + 1)
    )
    return schemes + uses


def abstract_list(number: int, levels: Sequence[tuple[str, str]], extra: str = "", level_extra: str = "") -> str:
    """Return an `<w:abstractNum>`; `extra` goes before its levels, `level_extra` into each level."""
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{extra}'
        + "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{level_extra}'
            f'<w:suff w:val="tab"/><w:lvlText w:val={quoteattr(pattern)}/></w:lvl>'
            for depth, (style, pattern) in enumerate(levels)
        )
        + "</w:abstractNum>"
    )


def _footnotes(footnotes: Sequence[str]) -> str:
    separators = (
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
    )
    notes = (
        f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r>{run(text)}</w:p></w:footnote>'
        for number, text in enumerate(footnotes, 1)
    )
    return separators + "".join(notes)
