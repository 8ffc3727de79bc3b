"""The product as a Django app."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"
    verbose_name = "R2V Studio"

    def ready(self) -> None:
        from studio.people import accounts  # noqa: F401 - their receivers and checks register here
