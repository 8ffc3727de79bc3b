"""The product as a Django app."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"
    verbose_name = "R2V Studio"

    def ready(self) -> None:
        from studio import checks  # noqa: F401 - the checks register here
        from studio.people import accounts  # noqa: F401 - its receivers register here
