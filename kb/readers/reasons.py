"""Why a file cannot be read, as sentences for its owner."""

from __future__ import annotations

NO_TEXT = "里面没有文字，请确认文件内容；如果是扫描件或图片，请先做文字识别。"
TOO_LARGE = "文件太大，超过上限（200 MB），请拆成几个文件。"
TOO_DEEP = "内容嵌套太深，无法读取，请用原来的软件打开后另存一份。"
ENCRYPTED = "文件有密码保护，请用 Word 或 WPS 打开，取消密码后再保存。"
OVERBLOWN = "解压后的内容大得不正常，可能是有害文件，请核实来源；如确需收录，请用 Word 或 WPS 另存一份。"

_KNOWN: tuple[tuple[type[Exception], str], ...] = (
    (FileNotFoundError, "文件不存在，可能刚被移走或改名，请确认后重试。"),
    (PermissionError, "没有读取权限，请为运行本程序的用户加上读取权限。"),
    (OSError, "读取时磁盘或网络出错，请检查后重试。"),
    (MemoryError, "文件太大，内存不够，请拆成几个文件。"),
    (RecursionError, TOO_DEEP),
)


def reason(error: Exception) -> str:
    """Say what an unexpected error means for the file's owner; the error's type helps whoever is asked for help."""
    for kind, sentence in _KNOWN:
        if isinstance(error, kind):
            return sentence
    return f"文件已损坏或不合格式（{type(error).__name__}），请用原来的软件打开后另存一份。"
