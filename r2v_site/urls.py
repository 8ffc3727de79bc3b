"""The site's addresses: the product, and the sign-in pages under it."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("studio.account_urls")),
    path("", include("studio.urls")),
]

handler400 = "studio.views.quiet_pages.bad_request"
handler403 = "studio.views.quiet_pages.forbidden"
handler404 = "studio.views.quiet_pages.not_found"
handler500 = "studio.views.quiet_pages.our_fault"
