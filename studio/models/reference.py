"""The use of a library file in a version: kind, place, name, optional voice."""

from django.db import models
from django.db.models import Q

from studio.models.library import LibraryFile, MediaFile
from studio.models.shot import Version


class Reference(models.Model):
    """`key` is the identity that mentions in the prompt point at; it survives re-ordering and remix.

    `media` freezes the bytes that were used, also when the library file is replaced later.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="references")
    key = models.CharField(max_length=6)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=5)
    name = models.CharField(max_length=120)
    file = models.ForeignKey(LibraryFile, models.PROTECT, related_name="references")
    media = models.ForeignKey(MediaFile, models.PROTECT, related_name="references")
    voice = models.ForeignKey(LibraryFile, models.PROTECT, null=True, blank=True, related_name="speaks_in")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="reference_keys_are_unique"),
            models.UniqueConstraint(fields=["version", "position"], name="reference_positions_are_unique"),
            models.CheckConstraint(
                condition=Q(position__gte=0, position__lte=4), name="five_places_for_references"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["image", "video"]), name="reference_is_picture_or_clip"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} in {self.version}"
