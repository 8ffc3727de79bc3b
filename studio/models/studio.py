"""The installation itself: its name, its change counter, the owner's first link, the worker's heartbeat."""

from django.db import models


class Studio(models.Model):
    """One row. `changes` grows with every visible change, so that a poll can tell "nothing new" cheaply.

    `month_cap` is how many dollars may be spent in a month, None without a limit.
    """

    name = models.CharField(max_length=80, default="R2V Studio")
    changes = models.BigIntegerField(default=0)
    month_cap = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_studio")]

    def __str__(self) -> str:
        return self.name


class OwnerLink(models.Model):
    """A one-time link that makes its opener the owner. Only the hash of the token is kept."""

    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"owner link until {self.expires_at:%Y-%m-%d %H:%M}"


class Heartbeat(models.Model):
    """When a conductor last said that it is alive."""

    name = models.CharField(max_length=120, primary_key=True)
    version = models.CharField(max_length=40)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.beat_at:%H:%M:%S}"
