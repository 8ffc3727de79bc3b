"""Every address of the studio with what may be done there. A new address without a line here fails the tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

READ = frozenset({"GET", "HEAD"})
SEND = frozenset({"POST"})
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`takes` are the methods it answers; `is_public` needs no sign-in; `sends` is what a real form would carry.

    `is_signed`: it is for programs, knows no session, and refuses whatever is not signed as if it were not there.

    A value such as "{clip}" stands for the id of the private thing in a test.
    """

    takes: frozenset[str] = READ
    is_public: bool = False
    is_signed: bool = False
    sends: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


ONE_CLIP = {"clip": "{clip}"}
PUBLIC_READ = Rule(is_public=True)
TUS = {"Tus-Resumable": "1.0.0"}

RULES: dict[str, Rule] = {
    "account_login": Rule(takes=READ | SEND, is_public=True),
    "account_logout": Rule(takes=SEND, is_public=True),
    "account_reset_password": Rule(takes=READ | SEND, is_public=True),
    "account_reset_password_done": PUBLIC_READ,
    "account_reset_password_from_key": Rule(takes=READ | SEND, is_public=True),
    "account_reset_password_from_key_done": PUBLIC_READ,
    "studio:healthz": PUBLIC_READ,
    "studio:readyz": PUBLIC_READ,
    "studio:owner-welcome": Rule(takes=READ | SEND, is_public=True),
    "studio:reference-link": PUBLIC_READ,
    "studio:provider-callback": Rule(takes=SEND, is_public=True, is_signed=True),
    "studio:theme": Rule(takes=SEND, is_public=True),
    "studio:share-new": Rule(takes=READ | SEND, sends=ONE_CLIP),
    "studio:share": Rule(takes=READ | SEND, sends={"title": "Mine now", "last_day": "2036-01-01"}),
    "studio:share-preview": Rule(),
    "studio:share-renew": Rule(takes=SEND),
    "studio:share-revoke": Rule(takes=SEND),
    "studio:shares": Rule(),
    "studio:guest": PUBLIC_READ,
    "studio:guest-media": PUBLIC_READ,
    "studio:poll-share": PUBLIC_READ,
    "studio:guest-password": Rule(takes=READ | SEND, is_public=True, sends={"password": "guessed"}),
    "studio:guest-name": Rule(takes=SEND, is_public=True, sends={"name": "Elin"}),
    "studio:guest-again": Rule(takes=SEND, is_public=True, sends={"email": "elin@example.com"}),
    "studio:guest-note": Rule(takes=SEND, is_public=True, sends=ONE_CLIP | {"text": "Hello"}),
    "studio:guest-change": Rule(takes=SEND, is_public=True, sends={"text": "Zebrawood is mine"}),
    "studio:guest-decide": Rule(takes=SEND, is_public=True, sends=ONE_CLIP | {"verdict": "approved"}),
    "studio:create": Rule(),
    "studio:new-brief": Rule(takes=SEND),
    "studio:brief-price": Rule(),
    "studio:brief-names": Rule(),
    "studio:brief-words": Rule(),
    "studio:brief": Rule(),
    "studio:brief-save": Rule(takes=SEND, sends={"prompt": "A fog"}),
    "studio:brief-tray": Rule(takes=SEND, sends={"act": "put tray {file}"}),
    "studio:brief-send": Rule(takes=SEND, sends={"with": "draft"}),
    "studio:works": Rule(),
    "studio:poll-works": Rule(),
    "studio:library": Rule(),
    "studio:clips-download": Rule(takes=SEND, sends=ONE_CLIP),
    "studio:clips-move": Rule(takes=SEND, sends=ONE_CLIP | {"project": "{inbox}"}),
    "studio:clip": Rule(),
    "studio:clip-cancel": Rule(takes=SEND),
    "studio:clip-again": Rule(takes=SEND),
    "studio:clip-look-now": Rule(takes=SEND),
    "studio:clip-found": Rule(takes=SEND, sends={"number": "job-1"}),
    "studio:clip-not-there": Rule(takes=SEND),
    "studio:clip-fetch-again": Rule(takes=SEND),
    "studio:clip-elsewhere": Rule(takes=SEND, sends={"with": "local", "way": "send"}),
    "studio:clip-pick": Rule(takes=SEND, sends={"pick": "1"}),
    "studio:clip-remix": Rule(takes=SEND),
    "studio:clip-frame": Rule(takes=SEND, sends={"seconds": "1"}),
    "studio:shot-rename": Rule(takes=SEND, sends={"title": "Mine now"}),
    "studio:review": Rule(),
    "studio:inbox": Rule(),
    "studio:inbox-done": Rule(takes=SEND, sends={"mention": "1"}),
    "studio:notices-seen": Rule(takes=SEND),
    "studio:board": Rule(),
    "studio:board-move": Rule(takes=READ | SEND, sends=ONE_CLIP | {"to": "approved"}),
    "studio:poll-board": Rule(sends={"project": "{project}"}),
    "studio:decide": Rule(takes=SEND, sends={"verdict": "approved"}),
    "studio:undecide": Rule(takes=SEND),
    "studio:compare": Rule(),
    "studio:compare-choose": Rule(takes=SEND, sends=ONE_CLIP | {"act": "pick 1"}),
    "studio:note-write": Rule(takes=READ | SEND, sends={"text": "Mine now", "at": "0:00"}),
    "studio:note-history": Rule(),
    "studio:note-answer": Rule(takes=SEND, sends={"text": "Mine now"}),
    "studio:note-edit": Rule(takes=SEND, sends={"text": "Mine now"}),
    "studio:note-done": Rule(takes=SEND, sends={"done": "1"}),
    "studio:note-delete": Rule(takes=SEND),
    "studio:poll-review": Rule(),
    "studio:bin": Rule(),
    "studio:bin-put": Rule(takes=SEND, sends=ONE_CLIP),
    "studio:bin-restore": Rule(takes=SEND, sends=ONE_CLIP),
    "studio:bin-delete": Rule(takes=SEND, sends=ONE_CLIP),
    "studio:files": Rule(),
    "studio:file-picker": Rule(),
    "studio:file-undelete": Rule(takes=SEND, sends={"clip": "{file}"}),
    "studio:fix-offer": Rule(sends={"file": "{file}"}),
    "studio:fix-all": Rule(takes=SEND, sends={"file": "{file}"}),
    "studio:fix-all-progress": Rule(sends={"job": "{job}"}),
    "studio:fix-job": Rule(),
    "studio:fix-stop": Rule(takes=SEND),
    "studio:file": Rule(),
    "studio:file-edit": Rule(takes=SEND, sends={"name": "Mine now", "role": ""}),
    "studio:file-consent": Rule(takes=SEND, sends={"who": "Mine now"}),
    "studio:file-replace": Rule(takes=SEND),
    "studio:file-delete": Rule(takes=SEND),
    "studio:fix-undo": Rule(takes=SEND),
    "studio:fix": Rule(takes=READ | SEND, sends={"use": "picture"}),
    "studio:projects": Rule(),
    "studio:project-create": Rule(takes=SEND, sends={"name": "Night"}),
    "studio:project-rename": Rule(takes=SEND, sends={"name": "Mine now"}),
    "studio:project-switch": Rule(takes=SEND),
    "studio:upload-create": Rule(takes=SEND | {"OPTIONS"}, headers=TUS),
    "studio:upload-plain": Rule(takes=SEND),
    "studio:upload": Rule(takes=frozenset({"HEAD", "PATCH", "DELETE"}), headers=TUS),
    "studio:upload-finish": Rule(takes=SEND),
    "studio:file-picture": Rule(),
    "studio:clip-media": Rule(),
    "studio:first-run": Rule(),
    "studio:first-run-sample": Rule(takes=SEND),
    "account_reauthenticate": Rule(takes=READ | SEND),
    "studio:connections": Rule(),
    "studio:reach-check": Rule(takes=SEND),
    "studio:reach": PUBLIC_READ,
    "studio:connection-key": Rule(takes=SEND, sends={"key": "sk-0123456789abcdef"}),
    "studio:connection-save": Rule(takes=SEND, sends={"parallel_limit": "2"}),
    "studio:connection-test": Rule(takes=SEND),
    "studio:connection-pause": Rule(takes=SEND, sends={"pause": "on"}),
    "studio:connection-remove": Rule(takes=SEND),
    "studio:thaw": Rule(takes=SEND),
    "studio:budgets-save": Rule(takes=SEND, sends={"month": "20"}),
    "mfa_authenticate": Rule(takes=READ | SEND, is_public=True, sends={"code": "123456"}),
    "studio:people": Rule(),
    "studio:people-invite": Rule(takes=SEND, sends={"email": "new@studio.example", "role": "maker"}),
    "studio:invitation-again": Rule(takes=SEND),
    "studio:invitation-revoke": Rule(takes=SEND),
    "studio:person-role": Rule(takes=SEND, sends={"role": "producer"}),
    "studio:person-remove": Rule(takes=SEND),
    "studio:person-let-in": Rule(takes=SEND),
    "studio:person-picture": Rule(),
    "studio:project-members": Rule(takes=SEND, sends={"open_to": "all"}),
    "studio:join": Rule(takes=READ | SEND, is_public=True),
    "studio:account-device": Rule(takes=SEND),
    "studio:account-picture": Rule(takes=SEND),
    "studio:account-leave": Rule(takes=SEND),
    "studio:second-step": Rule(),
    "studio:second-step-begin": Rule(takes=SEND),
    "studio:second-step-on": Rule(takes=SEND, sends={"code": "123456"}),
    "studio:second-step-codes": Rule(takes=SEND),
    "studio:second-step-off": Rule(takes=SEND),
    "studio:account": Rule(),
    "studio:account-name": Rule(takes=SEND, sends={"name": "Ada"}),
    "studio:account-password": Rule(takes=SEND),
    "studio:account-keys": Rule(takes=SEND),
    "studio:account-mails": Rule(takes=SEND),
    "studio:account-devices": Rule(takes=SEND),
}


def names() -> list[str]:
    """Every named address of the site, from the resolver itself."""
    return [name for name, _ in _patterns(get_resolver().url_patterns)]


def parameters(name: str) -> set[str]:
    """What an address needs, such as {"task_id"}."""
    pattern = dict(_patterns(get_resolver().url_patterns))[name]
    return set(pattern.pattern.regex.groupindex)


def _patterns(found: list[Any], namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in found:
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _patterns(each.url_patterns, inner)
        else:
            yield f"{namespace}{each.name}", each
