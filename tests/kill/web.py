"""The web process of a kill run: the real application behind a socket that outlives it, and the person at it."""

from __future__ import annotations

import socket
import socketserver
from typing import Any
from uuid import UUID
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import httpx
from django.http.cookie import SimpleCookie
from django.test import Client
from django.urls import reverse

from r2v_site.wsgi import application
from studio.models import Brief, User
from tests.create.making import form_of


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Requests are told by what they did."""

    def address_string(self) -> str:
        return str(self.client_address[0])


def listening() -> socket.socket:
    """An address that is kept while one web process is killed and the next comes up."""
    place = socket.socket()
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place.bind(("127.0.0.1", 0))
    place.listen(128)
    return place


def serve(place: socket.socket) -> None:
    """Answer until killed."""
    server = _Server(place.getsockname(), _Quiet, bind_and_activate=False)
    server.socket.close()
    server.socket = place
    server.server_name, server.server_port = "127.0.0.1", place.getsockname()[1]
    server.setup_environ()
    server.set_app(application)
    server.serve_forever()


def signed_in(user: User) -> SimpleCookie:
    """The cookies of a browser in which she is signed in. Its page's token for forms is among them."""
    client = Client()
    client.force_login(user)
    client.get(reverse("studio:create"))
    return client.cookies


def press(base_url: str, cookies: SimpleCookie, brief_id: UUID) -> int:
    """Send the form of a brief as its page would. The status, or 0 if the answer never came."""
    brief = Brief.objects.get(pk=brief_id)
    jar = {name: morsel.value for name, morsel in cookies.items()}
    headers = {"X-CSRFToken": jar["csrftoken"]}
    address = base_url + reverse("studio:brief-send", args=[brief.pk])
    with httpx.Client(trust_env=False, cookies=jar, headers=headers, timeout=30) as person:
        try:
            return person.post(address, data=form_of(brief)).status_code
        except httpx.TransportError:
            return 0
