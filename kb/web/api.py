"""JSON for programs, version 1: members are only ever added."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, request

from kb.answers import OpenDocument, document_url, passage_url, summary
from kb.search import Search
from kb.variants import Copy, family
from kb.web.parameters import Problems, last_page, read_filters, read_page, read_question, refuse
from kb.web.similar import pasted_json, trace_json

blueprint = Blueprint("api", __name__)


@blueprint.get("/api/v1/search")
def search() -> Response:
    """Find passages."""
    question, problems = read_question(request.args)
    refuse(problems)
    answer = _search().ask(question)
    response = jsonify(answer)
    _link_pages(response, question.page, question.page < last_page(answer, question))
    # What the deadline cut short may be complete the next time.
    return response if answer.partial else _revalidated(response, answer.generation)


@blueprint.get("/api/v1/suggest")
def suggest() -> Response:
    """Complete a query that is being typed."""
    completed = _search().complete(request.args.get("q", "").strip())
    return _revalidated(jsonify(completed), completed.generation)


@blueprint.get("/api/v1/documents/<document_id>")
def document(document_id: str) -> Response:
    """Return a document: text, outline, passages."""
    opened = _search().read(document_id)
    return _revalidated(jsonify(document_json(opened)), opened.generation)


@blueprint.get("/api/v1/documents/<document_id>/copies")
def copies(document_id: str) -> Response:
    """List the near-copies of a document, with how much each resembles it."""
    found = family(_search(), document_id)
    body = {
        "document": summary(found.document.id, found.document.metadata),
        "total": found.total,
        "copies": [_flat(copy) for copy in found.copies],
    }
    return _revalidated(jsonify(body), found.generation)


@blueprint.get("/api/v1/documents")
def documents() -> Response:
    """List documents, the latest first."""
    problems: Problems = []
    filters = read_filters(request.args, problems)
    page, per_page = read_page(request.args, problems)
    refuse(problems)
    listed = _search().documents(filters)
    shown = listed[(page - 1) * per_page : page * per_page]
    response = jsonify(
        {
            "total": len(listed),
            "page": page,
            "per_page": per_page,
            "documents": [
                {**asdict(summary(item.id, item.metadata)), "passages": item.passages, "characters": item.characters}
                for item in shown
            ],
        }
    )
    _link_pages(response, page, page * per_page < len(listed))
    return response


@blueprint.post("/api/v1/similar")
def similar() -> Response:
    """Find out where a text comes from. It changes nothing, so it needs no protection against forged requests."""
    return jsonify(trace_json(_search().trace(pasted_json(request))))


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process answers; touches no index."""
    return jsonify({"status": "ok"})


def document_json(opened: OpenDocument) -> dict[str, object]:
    """Return a document as the API and `kb show --json` give it."""
    document = opened.document
    return {
        "id": document.id,
        **asdict(document.metadata),
        "path": document.path,
        "url": document_url(document.id),
        "text": document.text,
        "sections": [asdict(section) for section in document.sections],
        "boilerplate": [asdict(span) for span in document.boilerplate],
        "passages": [
            {**asdict(passage), "url": passage_url(document.id, passage.number)} for passage in document.passages
        ],
        "copies": [asdict(summary(copy.id, copy.metadata)) for copy in opened.copies],
    }


def _flat(copy: Copy) -> dict[str, object]:
    """Return a copy's members behind those of its document."""
    members = asdict(copy)
    return {**members.pop("document"), **members}


def _search() -> Search:
    found: Search = current_app.extensions["search"]
    return found


def _link_pages(response: Response, page: int, has_next: bool) -> None:
    """Add RFC 8288 links to the neighbouring pages."""
    neighbours = [("prev", page - 1)] * (page > 1) + [("next", page + 1)] * has_next
    links = [f'<{request.path}?{_with_page(number)}>; rel="{relation}"' for relation, number in neighbours]
    if links:
        response.headers["Link"] = ", ".join(links)


def _with_page(page: int) -> str:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return urlencode([*kept, ("page", str(page))])


def _revalidated(response: Response, generation: str) -> Response:
    """Tag the answer by generation and question, and answer 304 to who has it already."""
    tag = hashlib.sha256(f"{generation}\0{request.full_path}".encode()).hexdigest()[:24]
    response.set_etag(tag, weak=True)  # took_ms differs each time
    response.make_conditional(request)
    return response
