"""Keeps secrets out of the facts, for facts are cached, printed and shared.

A value is a secret by its key (`DB_PASSWORD`, `api-key`), by its shape (a private key, a vendor's
token), or by its place in a URL or a connection string. What only refers to a secret
(`${DB_PASSWORD}`) stays, for a reference tells nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Setting, Unknown, join

if TYPE_CHECKING:
    from scaleaudit.values import Value

HIDDEN = "***"
SECRET = Unknown("secret")
HOLE, SECRET_HOLE = "\ue000", "\ue001"  # stand for symbolic parts while a text is masked

_SECRET_KEY = regex(
    r"passw|passphrase|(?:^|[^a-z])(?:pwd|pass)(?:$|[^a-z])|secret|token(?!iz)|private|credential"
    r"|(?:api|access|account|auth|encryption|signing|master)[-_. ]?key|salt$",
    re.IGNORECASE,
)
# Keys that speak of a secret but hold a place, a length of time or a name.
_ABOUT = (
    "url", "uri", "endpoint", "host", "port", "file", "path", "dir", "ttl", "timeout", "expiry",
    "expires", "expiration", "lifetime", "validity", "seconds", "minutes", "hours", "days", "age",
    "length", "size", "enable", "enabled", "disabled", "type", "name", "header", "algorithm",
    "issuer", "required", "count", "limit", "ip", "subnet", "region",
)  # fmt: skip
_ABOUT_A_SECRET = regex(
    rf"(?:^|[-_. :])(?i:{'|'.join(_ABOUT)})$"
    rf"|(?<=[a-z])(?:{'|'.join(word.title() for word in _ABOUT)})$"
)
_SECRET_SHAPE = regex(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|^(?:sk|pk|rk)_(?:live|test)_|^gh[pousr]_|^github_pat_"
    r"|^glpat-|^xox[abprs]-|^A(?:KIA|SIA)[0-9A-Z]{16}$|^eyJ[\w-]{10,}\.eyJ"
)
_PASSWORD_IN_URL = regex(r"(://[^\s:/@]{0,200}:)([^\s/]{1,400})@")
_PASSWORD_IN_FIELDS = regex(
    r"\b([\w-]{0,40}(?:password|passwd|pwd|secret|token|accountkey|sharedaccesskey|api[-_]?key)"
    r"\s{0,9}=\s{0,9})"
    r"([^;&,\"']+(?=;)|[^;&,\s\"']+)",
    re.IGNORECASE,
)
# `app:word@tcp(db:3306)/shop` of Go's driver for MySQL, `jdbc:oracle:thin:app/word@//db:1521/shop`.
# The word may hold an `@` of its own; who logs in may be known elsewhere (`%s:word@tcp(...)`).
_PASSWORD_BEFORE_HOST = regex(
    rf"((?<=[\w.}})%{HOLE}-]):)([^\s\"'`]{{1,200}})@(?=(?:tcp6?|unix|cloudsql)\()"
    r"|(\boracle:\w{1,10}:[\w.-]{1,100}/)([^\s\"'`]{1,200})@"
)
# Web hooks: whoever knows the path may post.
_HOOK = regex(
    r"(\bhooks\.slack\.com/(?:services|workflows|triggers)/|\bdiscord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/"
    r"|\.webhook\.office\.com/webhookb2/|\boutlook\.office(?:365)?\.com/webhook/|\bapi\.telegram\.org/bot)"
    r"([\w:@/-]{6,300})"
)
_NOT_SECRET = {"", "true", "false", "yes", "no", "on", "off", "null", "none", "~"}


def is_secret_key(key: str) -> bool:
    """Does a value under this key have to be hidden? The last two parts of the key decide."""
    words = re.split(r"[.:]", key)[-2:]
    return bool(_SECRET_KEY.search(".".join(words))) and not _ABOUT_A_SECRET.search(words[-1])


def without_secrets(key: str, value: Value) -> Value:
    """The value as it may be stored; the key decides, and then the value's own shape."""
    match value:
        case Setting(key=name, default=default) if default is not None:
            return Setting(name, without_secrets(key, default))
        case Literal(text=text):
            if _SECRET_SHAPE.search(text):
                return SECRET
            if is_secret_key(key) and "://" not in text and text.lower() not in _NOT_SECRET:
                return SECRET
            return Literal(masked(text))
        case Join(parts=parts):
            return _joined_without_secrets(key, parts)
        case Unknown(hint=hint) if hint:
            return SECRET if is_secret_key(key) else Unknown(masked(hint))
    return value


def masked(text: str) -> str:
    """The text with the passwords of URLs, of connection strings and of web hooks replaced by
    `***`."""
    if "://" in text:
        text = _PASSWORD_IN_URL.sub(lambda m: f"{m[1]}{_hidden(m[2])}@", text)
    if "hook" in text or "/bot" in text:
        text = _HOOK.sub(lambda m: m[1] + _hidden(m[2]), text)
    if "@" in text and ("(" in text or "oracle:" in text):
        text = _PASSWORD_BEFORE_HOST.sub(lambda m: f"{m[1] or m[3]}{_hidden(m[2] or m[4])}@", text)
    return _PASSWORD_IN_FIELDS.sub(lambda m: m[1] + _hidden(m[2]), text) if "=" in text else text


def _hidden(text: str) -> str:
    return re.sub(rf"[^{HOLE}]+", HIDDEN, text).replace(HOLE, SECRET_HOLE)


def _joined_without_secrets(key: str, parts: tuple[Value, ...]) -> Value:
    """The text is masked as a whole: a password may begin in one part and end in another."""
    symbols = [part for part in parts if not isinstance(part, Literal)]
    texts = (
        re.sub(r"[\ue000\ue001]", "", p.text) if isinstance(p, Literal) else HOLE for p in parts
    )
    text = "".join(texts)
    if is_secret_key(key) and "://" not in text and re.search(r"\w", text):
        return SECRET
    result: list[Value] = []
    for piece in re.split(rf"([{HOLE}{SECRET_HOLE}])", masked(text)):
        if piece in (HOLE, SECRET_HOLE) and symbols:
            result.append(
                without_secrets("password" if piece == SECRET_HOLE else key, symbols.pop(0))
            )
        else:
            result.append(Literal(piece))
    return join(*result)
