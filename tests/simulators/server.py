"""The sockets of one simulator: it listens, asks the script what goes wrong, works, answers and writes down."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.simulators import results, sending, spoiling
from tests.simulators.faults import INSTEAD, Fault
from tests.simulators.results import Stream
from tests.simulators.simulator import Route, Simulator
from tests.simulators.wire import Answer, Request

MAX_BODY = 120_000_000


class Listener:
    """The provider's address. It can be closed, so that connecting is refused, and opened again on its port."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.port = simulator.options.port
        self._server: _Server | None = None
        self._lock = threading.Lock()
        self._closed_until: float | None = None
        self.open()
        simulator.base_url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._reopen_in_time, name="reopening", daemon=True).start()

    def open(self) -> None:
        with self._lock:
            if self._server is None:
                self._server = _Server(("127.0.0.1", self.port), self)
                self.port = self._server.server_port
                threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
            self._closed_until = None

    def close(self, *, seconds: float | None = None) -> None:
        """Refuse connections, and cut those there are, for so many simulated seconds or until `open`."""
        with self._lock:
            if seconds is not None:
                self._closed_until = self.simulator.clock.now() + seconds
            server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
            server.cut_all()

    @property
    def is_open(self) -> bool:
        return self._server is not None

    def _reopen_in_time(self) -> None:
        while not self.simulator.stopped.wait(0.02):
            until = self._closed_until
            if until is not None and self.simulator.clock.now() >= until:
                with contextlib.suppress(OSError):  # somebody calls from this very port just now
                    self.open()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], listener: Listener) -> None:
        self.listener = listener
        self._connections: set[socket.socket] = set()
        super().__init__(address, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        with contextlib.suppress(OSError, ValueError):
            super().shutdown_request(request)

    def cut_all(self) -> None:
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news; anything else is a mistake here and is printed."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815 - named by the standard library

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are in the ledger."""

    def _serve(self) -> None:
        simulator = self.server.listener.simulator
        path = self.path.partition("?")[0]
        is_result = path.startswith(results.HEAD)
        route = (
            Route(endpoint="result", job_id=path.split("/")[2])
            if is_result
            else simulator.route(self.command, path)
        )
        fault = self._fault(simulator, route)
        if fault is not None and self._goes_before(simulator, route, fault):
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(method=self.command, target=self.path, headers=headers, body=self._body(headers))
        answer = self._answer(simulator, request, route, fault)
        status = 200 if isinstance(answer, Stream) else answer.status
        self._note(simulator, route, fault, status, headers)
        self._send(answer, fault)

    def _fault(self, simulator: Simulator, route: Route) -> Fault | None:
        if not route.endpoint:
            return None
        job = simulator.jobs.settled(route.job_id) if route.job_id else None
        return simulator.next_fault(route.endpoint, job=route.job_id, state=job.state if job else "")

    def _goes_before(self, simulator: Simulator, route: Route, fault: Fault) -> bool:
        """Faults for which nothing is read or done."""
        if fault.what not in ("refused", "reset_before", "hang"):
            return False
        self._note(simulator, route, fault, 0, {})
        self.close_connection = True
        if fault.what == "hang":
            with contextlib.suppress(OSError):
                self._body({name.lower(): value for name, value in self.headers.items()})
                sending.stay_silent(self.connection, fault.seconds)
            return True
        if fault.what == "refused":
            listener = self.server.listener
            threading.Thread(target=listener.close, kwargs={"seconds": fault.seconds}, daemon=True).start()
            while listener.is_open:
                time.sleep(0.005)
        with contextlib.suppress(OSError):
            sending.reset(self.connection)
        return True

    def _body(self, headers: Mapping[str, str]) -> bytes:
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.close_connection = True
            return b""
        return self.rfile.read(int(length))

    def _answer(
        self, simulator: Simulator, request: Request, route: Route, fault: Fault | None
    ) -> Answer | Stream:
        if route.endpoint == "result":
            return results.serve(simulator, request, fault)
        if not route.endpoint:
            return simulator.refuse("no_address")
        if simulator.is_too_fast(route.endpoint):
            return simulator.refuse("rate_limited", Fault(where="any", what="rate_limited", retry_after=1))
        if fault is None:
            return simulator.handle(request, route, None)
        worked = simulator.handle(request, route, fault) if fault.does_the_work else None
        if fault.what == "cancel_refused":
            return simulator.refuse("cancel_refused")
        if fault.what not in INSTEAD and worked is not None:
            return spoiling.spoiled(worked, fault)
        if fault.what.startswith("html_"):
            return spoiling.page("502 Bad Gateway" if fault.what == "html_502" else "504 Gateway Time-out")
        return spoiling.redirect(fault) if fault.what == "redirect" else simulator.refuse(fault.what, fault)

    def _note(
        self, simulator: Simulator, route: Route, fault: Fault | None, status: int, headers: Mapping[str, str]
    ) -> None:
        simulator.ledger.record(
            "requests", endpoint=route.endpoint, method=self.command, path=self.path[:500],
            status=0 if fault and fault.what in ("reset_after", "close_after", "hang_after") else status,
            fault=fault.what if fault else "",
            has_credentials=int("authorization" in headers or "x-api-key" in headers),
        )  # fmt: skip

    def _send(self, answer: Answer | Stream, fault: Fault | None) -> None:
        what = fault.what if fault else ""
        if what == "reset_after":
            self.close_connection = True
            sending.reset(self.connection)
            return
        if what == "close_after":
            self.close_connection = True
            return
        is_silent = what == "hang_after" or (what == "hang" and isinstance(answer, Answer))
        if fault and (is_silent or what == "slow"):
            sending.stay_silent(self.connection, fault.seconds)
            if is_silent:
                self.close_connection = True
                return
        try:
            if not sending.send(self.connection, self.command, answer, fault):
                self.close_connection = True
        except OSError:
            self.close_connection = True
