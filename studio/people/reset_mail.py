"""The mail with the link for a new password, sent behind the answer's back.

The page answers at once and in the same way whoever asks; whether the address is known is looked up only here
(A-06). A mail that could not be sent is in the log, and the person asks again: nothing else hangs on it.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import send_mail
from django.tasks import task
from django.template.loader import render_to_string

from studio.models import User

TEMPLATE = "account/email/password_reset_key"


@task()
def mail_reset_link(email: str) -> None:
    """Mail a link that works once, for an hour, to the person with this address, if there is one."""
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        return
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    context = {"password_reset_url": get_adapter().get_reset_password_from_key_url(key)}
    subject = " ".join(render_to_string(f"{TEMPLATE}_subject.txt").split())
    send_mail(subject, render_to_string(f"{TEMPLATE}_message.txt", context), None, [person.email])
