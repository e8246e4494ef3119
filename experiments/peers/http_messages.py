"""HTTP/1.x without sockets: requests out of bytes, as they come, and responses as bytes. All strategies share it."""

import json
import random
import re
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus

MOST_HEAD_BYTES = 16 * 1024
MOST_BODY_BYTES = 1024 * 1024

REQUEST_LINE = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~]+) (HTTP/\d\.\d)")
FIELD_LINE = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
HOST = re.compile(r"[^\s,/?#@]*")
REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")


class Problem(Exception):
    """Why a request is not answered as it wished to be: a status and a sentence for the client."""

    def __init__(self, status: int, detail: str, allow: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.allow = allow


@dataclass(slots=True)
class Request:
    method: str
    target: str  # what follows the host: path and query
    fields: dict[str, str]  # by their names in lower case; those of one name are joined by commas
    keep_alive: bool
    version: str
    request_id: str


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes
    content_type: str = "text/plain; charset=utf-8"
    allow: str = ""


@dataclass(slots=True)
class Timing:
    """Where the time of a request went, in nanoseconds, as Server-Timing tells it."""

    queued: int = 0
    backend: int = 0
    started: int = field(default_factory=time.monotonic_ns)

    def text(self) -> str:
        handler = time.monotonic_ns() - self.started - self.backend
        return f"queue;dur={self.queued / 1e6:.3f}, backend;dur={self.backend / 1e6:.3f}, handler;dur={handler / 1e6:.3f}"


class RequestReader:
    """Takes the bytes of one connection and gives its requests, one by one. Bodies are read and dropped: no endpoint
    here has a use for one."""

    def __init__(self) -> None:
        self._in = bytearray()
        self._read: Request | None = None  # its head has been read, its body not all
        self._body_left = 0

    @property
    def begun(self) -> bool:
        """Whether a part of a request is there; blank lines before it are none."""
        return self._read is not None or bool(self._in.lstrip(b"\r\n"))

    def feed(self, data: bytes) -> None:
        self._in += data

    def next(self) -> Request | None:
        """The next request that is there as a whole. Raises a Problem, after which the connection can only be closed."""
        if self._read is None and not self._read_head():
            return None
        dropped = min(self._body_left, len(self._in))
        del self._in[:dropped]
        self._body_left -= dropped
        if self._body_left > 0:
            return None
        request, self._read = self._read, None
        return request

    def _read_head(self) -> bool:
        while self._in.startswith(b"\r\n"):
            del self._in[:2]
        end = self._in.find(b"\r\n\r\n")
        if end > MOST_HEAD_BYTES or (end < 0 and len(self._in) > MOST_HEAD_BYTES):
            if 0 <= self._in.find(b"\r\n") <= MOST_HEAD_BYTES:
                raise Problem(431, f"the request line and header fields are longer than {MOST_HEAD_BYTES} bytes")
            raise Problem(414, f"the request line is longer than {MOST_HEAD_BYTES} bytes")
        if end < 0:
            return False
        lines = self._in[:end].decode("latin-1").split("\r\n")
        del self._in[:end + 4]
        self._read = read_head(lines)
        self._body_left = body_length(self._read)
        if self._body_left > len(self._in) and "expect" in self._read.fields:
            # The client may send its body or not, once it has an answer: nothing can follow on this connection.
            self._body_left = 0
            self._read.keep_alive = False
        return True


def read_head(lines: list[str]) -> Request:
    line = REQUEST_LINE.fullmatch(lines[0])
    if not line:
        raise Problem(400, "the request line is malformed")
    method, target, version = line.groups()
    if version not in ("HTTP/1.0", "HTTP/1.1"):
        raise Problem(505, "the HTTP version must be 1.0 or 1.1")
    fields = read_fields(lines[1:])
    if version == "HTTP/1.1" and "host" not in fields:
        raise Problem(400, "HTTP/1.1 asks for a Host field")
    if not HOST.fullmatch(fields.get("host", "")):
        raise Problem(400, "Host is malformed or repeated")
    wishes = {wish.strip().lower() for wish in fields.get("connection", "").split(",")}
    keep_alive = "close" not in wishes and (version == "HTTP/1.1" or "keep-alive" in wishes)
    given_id = fields.get("x-request-id", "")
    request_id = given_id if REQUEST_ID.fullmatch(given_id) else f"{random.getrandbits(64):016x}"
    return Request(method, origin_form(target), fields, keep_alive, version, request_id)


def read_fields(lines: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for text in lines:
        line = FIELD_LINE.fullmatch(text)
        if not line:
            raise Problem(400, "a header field is malformed")
        name, value = line[1].lower(), line[2].rstrip(" \t")
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields


def origin_form(target: str) -> str:
    """A target without the scheme and host that it may begin with."""
    if "#" in target:
        raise Problem(400, "the target has a fragment")
    if target.lower().startswith("http://"):
        slash = target.find("/", len("http://"))
        return target[slash:] if slash > 0 else "/"
    if not target.startswith("/"):
        raise Problem(400, "the target must start with / or http://")
    return target


def body_length(request: Request) -> int:
    if "transfer-encoding" in request.fields:
        raise Problem(411, "a body needs a Content-Length here")
    if request.fields.get("expect", "100-continue").lower() != "100-continue":
        raise Problem(417, "the only expectation met is 100-continue")
    length = request.fields.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise Problem(400, "Content-Length is malformed or repeated")
    if len(length) > 18 or int(length) > MOST_BODY_BYTES:
        raise Problem(413, f"the body is longer than {MOST_BODY_BYTES} bytes")
    return int(length)


def problem_answer(problem: Problem) -> Answer:
    """A problem document, RFC 9457."""
    document = {"type": "about:blank", "title": HTTPStatus(problem.status).phrase, "status": problem.status,
                "detail": problem.detail}
    return Answer(problem.status, json.dumps(document).encode() + b"\n", "application/problem+json", problem.allow)


class DateField:
    """The Date field's value, which is made once a second. Threads that meet here make it twice, at worst."""

    def __init__(self) -> None:
        self._made = (0, "")

    def text(self) -> str:
        now = int(time.time())
        if self._made[0] != now:
            self._made = (now, formatdate(now, usegmt=True))
        return self._made[1]


DATE = DateField()


def encode(answer: Answer, timing: Timing, request: Request | None, keep_alive: bool) -> bytes:
    """The response with the fields that every one has. `request` is None if none could be read."""
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}", f"Date: {DATE.text()}",
             f"Server-Timing: {timing.text()}"]
    if request is not None:
        lines.append(f"X-Request-Id: {request.request_id}")
    if answer.allow:
        lines.append(f"Allow: {answer.allow}")
    if not keep_alive:
        lines.append("Connection: close")
    elif request is not None and request.version == "HTTP/1.0":
        lines.append("Connection: keep-alive")
    lines += [f"Content-Type: {answer.content_type}", f"Content-Length: {len(answer.body)}", "", ""]
    head = "\r\n".join(lines).encode("latin-1")
    return head if request is not None and request.method == "HEAD" else head + answer.body
