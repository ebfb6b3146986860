"""Errors become a page, or problem+json (RFC 9457) below /api, here and nowhere else."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from kb.errors import BadRequest, WenyuanError

_SENTENCES = {
    404: "没有这个页面，请检查地址，或回到检索页。",
    405: "这个地址不接受这种请求方式。",
    413: "提交的内容太大，请缩短后再试。",
    414: "地址太长，请缩短检索词后再试；要查整段文字的出处，请用“查出处”（/similar）。",
    415: '请以 application/json（{"text": "…"}）或 text/plain 提交。',
}
_TITLES = {404: "没有找到", 405: "请求方式不对", 413: "内容太大", 414: "地址太长", 415: "格式不对"}
_UNEXPECTED = "服务器内部出错，本次操作没有完成；请稍后再试，并把编号告诉管理员。"


def register(app: Flask) -> None:
    """Make the application answer every error in its own form."""
    app.register_error_handler(WenyuanError, _expected)
    app.register_error_handler(HTTPException, _by_http)
    app.register_error_handler(Exception, _unexpected)


def _expected(error: WenyuanError) -> tuple[Response | str, int]:
    problems = error.problems if isinstance(error, BadRequest) else ()
    return _answer(error.status, error.code, error.title, str(error), problems)


def _by_http(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status < HTTPStatus.BAD_REQUEST:
        return Response(status=status, headers=[header for header in error.get_headers() if header[0] == "Location"])
    sentence = _SENTENCES.get(status, "请求无法处理，请检查后再试。")
    response = current_app.make_response(_answer(status, f"http-{status}", _TITLES.get(status, "请求有误"), sentence))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _unexpected(error: Exception) -> tuple[Response | str, int]:
    current_app.logger.error("request %s failed", g.get("request_id"), exc_info=error)
    return _answer(500, "internal", "服务器内部出错", _UNEXPECTED)


def _answer(
    status: int, code: str, title: str, detail: str, problems: tuple[tuple[str, str], ...] = ()
) -> tuple[Response | str, int]:
    request_id = g.get("request_id", "")
    if not request.path.startswith("/api/"):
        return render_template("error.html", status=status, title=title, detail=detail, request_id=request_id), status
    body = {
        "type": f"urn:wenyuan:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.path,
        "code": code,
        "request_id": request_id,
    }
    if problems:
        body["errors"] = [{"detail": sentence, "pointer": f"#/{name}"} for name, sentence in problems]
    response = jsonify(body)
    response.content_type = "application/problem+json"
    return response, status
