"""The hub that models are fetched from, as far as fetching needs it: two kinds of GET.

`ENDPOINT/api/models/REPOSITORY/revision/main?blobs=true` answers with JSON: the commit (`sha`) and
the files (`siblings`), each with its size and hash. A file kept in large file storage has a
SHA-256; a small one lies in git itself and has git's own name for its content, the SHA-1 of the
word 'blob', its length and its bytes. `ENDPOINT/REPOSITORY/resolve/COMMIT/FILE` answers with the
bytes, mostly by way of a redirect, and from any byte on when asked with a Range. Files are asked
for by the commit, so that a model is never put together from two revisions.

Nothing that comes from there is trusted: an answer is checked before it is used, a file is only
what its hash says, and no name from it becomes a path. Proxies are those of the system
(HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY); HF_ENDPOINT names a mirror.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from functools import cached_property
from typing import IO, Any

from mock_interviewer.core.models import MODEL_FILES, is_hex
from mock_interviewer.errors import ConnectionBroke, FetchFault

ENDPOINT_VARIABLE = "HF_ENDPOINT"
USUAL_ENDPOINT = "https://huggingface.co"
SILENCE_S = 20.0
"""The hub may be silent for so long before the line counts as broken."""
_LONGEST_LIST_BYTES = 8_000_000
_AGAIN = "what has come is kept, so run the same command again and it goes on from there"


@dataclass(frozen=True)
class HubFile:
    """A file as the hub states it."""

    name: str
    """One of MODEL_FILES."""
    size: int
    algorithm: str
    """'sha256' of the bytes, or 'git' for git's blob SHA-1."""
    digest: str


@dataclass(frozen=True)
class Revision:
    """A repository's model files at one commit."""

    repository: str
    commit: str
    files: tuple[HubFile, ...]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


class Incoming:
    """The bytes of a file from `start` on. Close it, or use it in a `with`."""

    def __init__(self, response: http.client.HTTPResponse, host: str) -> None:
        self._response = response
        self._host = host
        self.start, self.total = _start_and_total(response)

    def read(self, count: int) -> bytes:
        """At most count bytes, none at the end. Raises ConnectionBroke."""
        with plain_network_errors(self._host):
            return self._response.read(count)

    def __enter__(self) -> Incoming:
        return self

    def __exit__(self, *_: object) -> None:
        self._response.close()


@dataclass(frozen=True)
class Hub:
    """A hub at an endpoint. Raises FetchFault for an endpoint that is no web address."""

    endpoint: str
    silence_s: float = SILENCE_S

    def __post_init__(self) -> None:
        try:
            parts = urllib.parse.urlsplit(self.endpoint)
            usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable or not re.fullmatch(r"[!-~]+", self.endpoint) or {*"?#"} & {*self.endpoint}:
            raise FetchFault(
                f"{ENDPOINT_VARIABLE} is no web address; it should look like {USUAL_ENDPOINT}."
            )

    @property
    def host(self) -> str:
        """What the hub is called in messages; without a password that the address may hold."""
        return str(urllib.parse.urlsplit(self.endpoint).hostname)

    def revision(self, repository: str) -> Revision:
        """The newest commit of a repository and its model files. Raises FetchFault."""
        address = f"{self._base}/api/models/{repository}/revision/main?blobs=true"
        with (
            plain_network_errors(self.host, repository),
            self._open(urllib.request.Request(address)) as response,
        ):
            body = response.read(_LONGEST_LIST_BYTES)
        return _revision_of(repository, body, self.host)

    def open_file(self, revision: Revision, file: HubFile, start: int) -> Incoming:
        """A file from byte `start` on; whether the hub obeys is in `.start`. Raises FetchFault."""
        address = f"{self._base}/{revision.repository}/resolve/{revision.commit}/{file.name}"
        request = urllib.request.Request(address)
        if start:
            request.add_header("Range", f"bytes={start}-")
        with plain_network_errors(self.host, revision.repository):
            return Incoming(self._open(request), self.host)

    @property
    def _base(self) -> str:
        return self.endpoint.rstrip("/")

    def _open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        request.add_header("User-Agent", "mock-interviewer")
        response: http.client.HTTPResponse = self._opener.open(request, timeout=self.silence_s)
        return response

    @cached_property
    def _opener(self) -> urllib.request.OpenerDirector:
        return urllib.request.build_opener(urllib.request.ProxyHandler(_proxies()), Redirects())


def usual_hub(environment: Mapping[str, str] = os.environ) -> Hub:
    """The hub that HF_ENDPOINT names, else huggingface.co. Raises FetchFault."""
    return Hub(environment.get(ENDPOINT_VARIABLE, "").strip() or USUAL_ENDPOINT)


class Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to web addresses only, and never from an encrypted line to an open one."""

    def http_error_302(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
    ) -> Any:
        """Raises FetchFault where it is no address at all."""
        try:
            return super().http_error_302(req, fp, code, msg, headers)  # type: ignore[arg-type]
        except ValueError:
            fp.close()
            raise FetchFault(
                f"{req.host} sends us on to what is no address; check {ENDPOINT_VARIABLE} and "
                "HTTPS_PROXY."
            ) from None

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> urllib.request.Request | None:
        before, after = (urllib.parse.urlsplit(url).scheme for url in (req.full_url, newurl))
        if after not in ("http", "https") or (before, after) == ("https", "http"):
            fp.close()
            raise FetchFault(
                f"{req.host} sends us on to an address that is not encrypted, so nothing was "
                "taken from it; a network with a login page does that: log in, then try again."
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _proxies() -> dict[str, str]:
    """The system's proxies; ALL_PROXY stands in where there is none for http or https."""
    proxies = urllib.request.getproxies()
    if "all" in proxies:
        proxies = {"http": proxies["all"], "https": proxies["all"]} | proxies
    for scheme in ("http", "https"):
        if proxies.get(scheme, "").startswith("socks"):
            raise FetchFault(
                "The proxy that is set is a SOCKS proxy, which this program cannot use; set "
                "HTTPS_PROXY to an HTTP proxy."
            )
    return proxies


@contextmanager
def plain_network_errors(host: str, repository: str = "") -> Iterator[None]:
    """Turn what the network does into one plain line; ConnectionBroke where another try may do."""
    try:
        yield
    except urllib.error.HTTPError as error:
        error.close()
        raise _fault_of_status(error.code, host, repository) from None
    except urllib.error.URLError as error:
        raise _fault_of(error.reason, host) from None
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise _fault_of(error, host) from None


def _fault_of_status(status: int, host: str, repository: str) -> FetchFault:
    if status in (401, 404, 410):
        return FetchFault(
            f"{host} has no model {repository or 'of that name'} (status {status}); see "
            f"`mock-interviewer model list`, and check {ENDPOINT_VARIABLE} if you have set it."
        )
    if status in (403, 407, 451, 511):
        return FetchFault(
            f"{host} may not be reached from here (status {status}): a proxy or a login page is in "
            "the way; check HTTPS_PROXY, or log in to the network and try again."
        )
    if status == 429 or status >= 500:
        return ConnectionBroke(f"{host} is busy or out of order (status {status}); {_AGAIN}.")
    return FetchFault(
        f"{host} answered with status {status}, which no hub should; "
        f"check {ENDPOINT_VARIABLE} and HTTPS_PROXY."
    )


def _fault_of(reason: object, host: str) -> FetchFault:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return FetchFault(
            f"The certificate of {host} cannot be trusted: check this computer's clock; behind a "
            "company's proxy set SSL_CERT_FILE to the company's certificates."
        )
    if isinstance(reason, (socket.gaierror, UnicodeError)):
        return FetchFault(
            f"{host} (or the proxy before it) cannot be found: there seems to be no network; "
            "connect, then run the same command again."
        )
    if isinstance(reason, ConnectionRefusedError):
        return FetchFault(
            f"{host} (or the proxy before it) does not answer; check the network, HTTPS_PROXY and "
            f"{ENDPOINT_VARIABLE}."
        )
    refused = re.match(r"Tunnel connection failed: ([0-9]+)", str(reason))
    if refused:
        return FetchFault(
            f"The proxy does not let us through to {host} (status {refused[1]}); "
            "check HTTPS_PROXY, and the name and password in it if it needs them."
        )
    if isinstance(reason, TimeoutError):
        return ConnectionBroke(f"{host} fell silent; {_AGAIN}.")
    return ConnectionBroke(f"The line to {host} broke; {_AGAIN}.")


def _start_and_total(response: http.client.HTTPResponse) -> tuple[int, int | None]:
    """Where the bytes begin, and the size of the whole file if the answer tells."""
    if response.status == 206:
        told = re.fullmatch(
            r"bytes ([0-9]{1,15})-[0-9]+/([0-9]{1,15}|\*)",
            response.headers.get("Content-Range", "").strip(),
        )
        if told:
            return int(told[1]), None if told[2] == "*" else int(told[2])
        return -1, None
    length = re.fullmatch(r"[0-9]{1,15}", response.headers.get("Content-Length", "").strip())
    return 0, int(length[0]) if length else None


def _revision_of(repository: str, body: bytes, host: str) -> Revision:
    try:
        answer = json.loads(body)
        commit, siblings = answer["sha"], answer["siblings"]
        if not is_hex(commit, 40):
            raise ValueError("the commit is no hash")
        files = tuple(
            _file_of(sibling) for sibling in siblings if sibling["rfilename"] in MODEL_FILES
        )
        if len({file.name for file in files}) < len(files):
            raise ValueError("a file is named twice")
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FetchFault(
            f"{host} did not answer as a hub does (a login page of the network, perhaps): open "
            f"any web page to log in, check {ENDPOINT_VARIABLE}, then try again."
        ) from None
    return Revision(repository, commit, files)


def _file_of(sibling: Mapping[str, Any]) -> HubFile:
    large = sibling.get("lfs")
    if large:
        algorithm, digest, size = "sha256", large["sha256"], large["size"]
    else:
        algorithm, digest, size = "git", sibling["blobId"], sibling["size"]
    if not is_hex(digest, 64 if large else 40):
        raise ValueError("the hash is none")
    if type(size) is not int or size <= 0:
        raise ValueError("the size is none")
    return HubFile(sibling["rfilename"], size, algorithm, digest)
