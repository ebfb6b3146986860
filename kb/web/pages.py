"""The pages: search and reading. Both work without JavaScript; what is shown is decided here, how it looks in `templates/`."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, current_app, render_template, request

from kb.errors import BadRequest
from kb.query_language import LONGEST
from kb.search import Search
from kb.variants import compare_documents, family
from kb.web.differences import view
from kb.web.links import Links
from kb.web.parameters import read_question, read_text
from kb.web.reading import outline, paragraphs
from kb.web.similar import pasted_form, pieces

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def search() -> str | tuple[str, int]:
    """Show the search box and, for a query, what was found."""
    question, problems = read_question(request.args)
    notices = [sentence for _, sentence in problems]
    service = _search()
    if not question.text:
        return render_template("search.html", question=question, answer=None, notices=notices, counts=service.counts())
    try:
        answer = service.ask(question)
        if answer.total and not answer.hits:
            notices.append(f"没有第 {question.page} 页，已回到第 1 页。")
            question = replace(question, page=1)
            answer = service.ask(question)
    except BadRequest as error:
        view = render_template(
            "search.html",
            question=question,
            answer=None,
            notices=[*notices, str(error)],
            counts=None,
            is_quotation=len(question.text) > LONGEST,
        )
        return view, error.status
    links = Links(question)
    return render_template(
        "search.html",
        question=question,
        answer=answer,
        notices=notices,
        counts=None,
        facets=links.facets(answer),
        chosen=links.chosen(),
        sorts=links.sorts(),
        groups=links.groups(),
        unfolded=links.unfolded(),
        pages=links.pages(answer),
        hidden=links.hidden,
        suggestions=[(suggestion, links.suggested(suggestion.text)) for suggestion in answer.suggestions],
        related=[(term, links.suggested(term)) for term in answer.related],
    )


@blueprint.get("/documents/<document_id>")
def document(document_id: str) -> str:
    """Show a document; with `q`, its matches."""
    text = read_text(request.args)
    notices = []
    try:
        opened = _search().read(document_id, text)
    except BadRequest as error:
        notices = [str(error)]
        opened = _search().read(document_id)
    return render_template(
        "document.html",
        document=opened.document,
        query=text,
        notices=notices,
        matches=len(opened.highlights),
        outline=outline(opened.document, opened.highlights),
        paragraphs=paragraphs(opened.document, opened.highlights),
        copies=len(opened.copies),
    )


@blueprint.route("/similar", methods=["GET", "POST"])
def similar() -> str | tuple[str, int]:
    """Show a box for a text and, for one that was pasted, where it comes from.

    The text is posted because it is long. The request changes nothing, so it needs no protection against forged ones.
    """
    text = pasted_form(request)
    traced, notices, status = None, [], 200
    if request.method == "POST":
        try:
            traced = _search().trace(text)
        except BadRequest as error:
            notices, status = [str(error)], error.status
    return render_template("similar.html", text=text, trace=traced, notices=notices, pieces=pieces), status


@blueprint.get("/documents/<document_id>/copies")
def copies(document_id: str) -> str:
    """List the near-copies of a document."""
    return render_template("copies.html", family=family(_search(), document_id))


@blueprint.get("/documents/<left_id>/compare/<right_id>")
def comparison(left_id: str, right_id: str) -> str:
    """Show in what two documents differ."""
    compared = compare_documents(_search(), left_id, right_id)
    return render_template("compare.html", left=compared.left, right=compared.right, view=view(compared.comparison))


def _search() -> Search:
    found: Search = current_app.extensions["search"]
    return found
