"""The sign-in pages: only those the studio offers, under the names that allauth knows them by."""

from allauth.account import views as allauth_views
from django.urls import path, re_path
from django.views.decorators.http import require_http_methods

from studio.views import account, second_step

# allauth's forms would take PUT as if it were POST.
look_or_send = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("sign-in/", look_or_send(allauth_views.login), name="account_login"),
    path("second-step/", look_or_send(second_step.SecondStepView.as_view()), name="mfa_authenticate"),
    path("sign-out/", account.sign_out, name="account_logout"),
    path("password/", look_or_send(allauth_views.reauthenticate), name="account_reauthenticate"),
    path("forgot/", account.forgot, name="account_reset_password"),
    path("forgot/sent/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^new-password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        look_or_send(allauth_views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "new-password/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
