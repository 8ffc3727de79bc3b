"""The mail settings reach the mail server: a whole message, over a real socket, as an administrator would try it."""

from __future__ import annotations

import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from r2v_site import env

ROOT = Path(__file__).resolve().parents[2]


class Conversation(socketserver.StreamRequestHandler):
    """The least that a mail server says."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.server.received.append(b"".join(iter(self.rfile.readline, b".\r\n")))  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")


@pytest.fixture
def server() -> Iterator[socketserver.TCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as listening:
        listening.received = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def send(tmp_path: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "STUDIO_DATA_DIR": str(tmp_path), **settings}
    command = [sys.executable, "manage.py", "sendtestemail", "mara@example.com"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_mail_arrives_with_the_sender_of_the_settings(tmp_path: Path, server):
    port = server.server_address[1]

    done = send(
        tmp_path,
        STUDIO_MAIL_URL=f"smtp+plain://127.0.0.1:{port}",
        STUDIO_MAIL_FROM="The studio <hello@studio.example>",
    )

    assert done.returncode == 0, done.stderr
    [message] = server.received
    assert b"From: The studio <hello@studio.example>\r\n" in message
    assert b"To: mara@example.com\r\n" in message


def test_the_sender_is_the_studio_at_its_public_host_unless_set(tmp_path: Path, server):
    port = server.server_address[1]

    send(
        tmp_path,
        STUDIO_MAIL_URL=f"smtp+plain://127.0.0.1:{port}",
        STUDIO_PUBLIC_URL="https://films.example",
    )

    assert b"From: R2V Studio <studio@films.example>\r\n" in server.received[0]


def test_a_server_that_does_not_encrypt_gets_nothing_unless_told_so(tmp_path: Path, server):
    port = server.server_address[1]

    done = send(tmp_path, STUDIO_MAIL_URL=f"smtp://127.0.0.1:{port}")

    assert done.returncode != 0
    assert server.received == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 587, "", "", False, True)),
        ("smtps://mail.example", ("mail.example", 465, "", "", True, False)),
        ("smtp+plain://mail.example", ("mail.example", 25, "", "", False, False)),
        (
            "smtp://me%40a.example:p%2F%3Aw@mail.example:2525",
            ("mail.example", 2525, "me@a.example", "p/:w", False, True),
        ),
        ("smtp://[::1]:1025", ("::1", 1025, "", "", False, True)),
    ],
)
def test_the_address_of_a_mail_server_is_read(monkeypatch, url: str, expected: tuple[object, ...]):
    monkeypatch.setenv("STUDIO_MAIL_URL", url)

    found = env.mail("STUDIO_MAIL_URL")

    assert found
    assert (found.host, found.port, found.user, found.password, found.is_ssl, found.is_starttls) == expected


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:mail",
        "smtp://a:99999",
        "smtp://[::1",
    ],
)
def test_an_address_that_is_none_is_said_without_its_password(monkeypatch, url: str):
    monkeypatch.setenv("STUDIO_MAIL_URL", url)

    with pytest.raises(
        ImproperlyConfigured, match="STUDIO_MAIL_URL is not understood; set it to an address such as"
    ):
        env.mail("STUDIO_MAIL_URL")


def test_without_a_mail_server_there_is_none(monkeypatch):
    monkeypatch.delenv("STUDIO_MAIL_URL", raising=False)

    assert env.mail("STUDIO_MAIL_URL") is None
