"""Small readers for settings from the environment. They fail loudly and say the fix."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import dj_database_url
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from r2v_site import data_folder

TRUE_WORDS = {"1", "true", "yes", "on"}
DATABASES = {"sqlite", "postgres", "postgresql"}
FALSE_WORDS = {"", "0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str) -> bool:
    word = text(name).lower()
    if word not in TRUE_WORDS | FALSE_WORDS:
        raise ImproperlyConfigured(f"{name} is {word!r}; set it to 1 or 0.")
    return word in TRUE_WORDS


def integer(name: str, default: int, *, low: int, high: int) -> int:
    word = text(name)
    if not word:
        return default
    if not word.isdecimal() or not low <= int(word) <= high:
        raise ImproperlyConfigured(f"{name} is {word!r}; set it to a whole number from {low} to {high}.")
    return int(word)


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    """A folder that is there and can be written to; made for its owner alone if it is missing.

    A relative one is beside the default, wherever the command was started.
    """
    path = (default.parent / (text(name) or default)).resolve()
    try:
        data_folder.prepare(path)
    except data_folder.FolderNotUsable as problem:
        raise ImproperlyConfigured(f"{problem} Set {name} to another folder.") from problem
    return path


def database(name: str, default: Path) -> dict[str, Any]:
    """Django's settings for the database at an address: SQLite or PostgreSQL, SQLite at `default` if it is empty."""
    url = text(name) or f"sqlite:///{default}"
    parts = _parts(url)
    if not parts or parts.scheme not in DATABASES or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} is not understood; set it to an address such as postgres://user:password@host/name."
        )
    return {**dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True)}


def public_url(name: str) -> str:
    """An absolute http or https address without a path, or empty."""
    url = text(name).rstrip("/")
    parts = _parts(url)
    if url and (not parts or parts.scheme not in {"http", "https"} or not parts.hostname or parts.path):
        raise ImproperlyConfigured(f"{name} is {url!r}; set it to an address such as https://studio.example.")
    return url


@dataclass(frozen=True, kw_only=True)
class MailServer:
    host: str
    port: int
    user: str
    password: str
    is_ssl: bool
    is_starttls: bool


@dataclass(frozen=True, kw_only=True)
class ProviderAccount:
    """An empty `base_url` means the provider's usual host."""

    key: str = field(repr=False)
    base_url: str


def mail(name: str) -> MailServer | None:
    """A mail server from an address: smtp:// with STARTTLS, smtps:// with TLS, smtp+plain:// with neither."""
    url = text(name)
    if not url:
        return None
    parts = _parts(url)
    ports = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
    if not parts or parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured(
            f"{name} is not understood; set it to an address such as smtp://user:password@mail.example:587."
        )
    return MailServer(
        host=parts.hostname,
        port=parts.port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_ssl=parts.scheme == "smtps",
        is_starttls=parts.scheme == "smtp",
    )


def _parts(url: str) -> SplitResult | None:
    """The parts of an address, None where its host or port cannot be read."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def secret_key(name: str, data_dir: Path) -> str:
    """The secret key from the environment, else the one kept in the data folder, made on first use."""
    from_environment = text(name)
    if from_environment:
        return from_environment
    path = data_dir / "secret.key"
    if not path.exists():
        write_once(path, secrets.token_urlsafe(64))
    return path.read_text(encoding="ascii").strip()


def encryption_keys(name: str, data_dir: Path) -> list[str]:
    """Fernet keys, the one that encrypts first; without the variable, one kept in the data folder."""
    keys = words(name)
    if not keys:
        path = data_dir / "encryption.key"
        if not path.exists():
            write_once(path, Fernet.generate_key().decode())
        keys = [path.read_text(encoding="ascii").strip()]
    for key in keys:
        try:
            Fernet(key)
        except ValueError as problem:
            raise ImproperlyConfigured(
                f"{name} holds a key that is not one; each is 32 bytes in URL-safe base64, separated by commas."
            ) from problem
    return keys


def account(key_name: str, url_name: str) -> ProviderAccount | None:
    """A provider's account from the environment; None without a key."""
    key = text(key_name)
    return ProviderAccount(key=key, base_url=public_url(url_name)) if key else None


def write_once(path: Path, content: str) -> None:
    """Write a private file unless another process was quicker."""
    path.parent.mkdir(parents=True, exist_ok=True)
    own = path.with_name(f".{path.name}.{os.getpid()}")
    own.touch(mode=0o600)
    own.write_text(content, encoding="ascii")
    try:
        os.link(own, path)
    except FileExistsError:
        pass
    finally:
        own.unlink()
