"""Every address of the product, one line each."""

from django.urls import path

from studio.views import health

app_name = "studio"

urlpatterns = [
    # Health
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # Create
    # In the works, polls
    # Clips (history), one clip, bin
    # Files
    # Projects
    # Uploads
    # Media
    # First start
]
