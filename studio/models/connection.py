"""A provider account: what it may spend, how it is doing, and its keys. The free draft has one too."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class PauseReason(models.TextChoices):
    """Why nothing new is sent: an owner said so, or the provider did not accept the key."""

    OWNER = "owner", "Paused"
    KEY = "key", "Key not accepted"


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def in_use(self) -> ConnectionQuerySet:
        return self.filter(removed_at=None)

    def sending(self) -> ConnectionQuerySet:
        """Accounts that new clips may be sent to now."""
        return self.in_use().filter(paused_at=None)


class Connection(models.Model):
    """`provider` is the name of a file in studio.providers. Money is in US dollars.

    `parallel_limit`: how many jobs may run at once. `daily_cap`: dollars of one day, None without a limit.
    `price_720p` and `price_1080p`: dollars for a second. `credits_price`: dollars for 1,000 credits.
    `quiet_until`: the provider asked for silence until then. `trouble_since`: it has not answered since then.
    `query_window`: until when (microseconds since 1970) the questions asked so far use up the provider's rate;
    every conductor notes them on the same row. `removed_at`: disconnected; the row stays, because takes were made
    with it.
    """

    provider = models.CharField(max_length=20)
    label = models.CharField(max_length=60)
    base_url = models.CharField(max_length=200, blank=True)
    is_from_environment = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    parallel_limit = models.PositiveSmallIntegerField(default=1)
    daily_cap = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    price_720p = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    price_1080p = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    credits_price = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)

    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=10, choices=PauseReason, blank=True)
    quiet_until = models.DateTimeField(null=True, blank=True)
    trouble_since = models.DateTimeField(null=True, blank=True)
    query_window = models.BigIntegerField(default=0)

    tested_at = models.DateTimeField(null=True, blank=True)
    test_seconds = models.FloatField(null=True, blank=True)
    test_problem = models.CharField(max_length=300, blank=True)
    balance = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    balance_at = models.DateTimeField(null=True, blank=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider"], condition=Q(removed_at=None), name="one_connection_per_provider"
            ),
            models.CheckConstraint(condition=Q(parallel_limit__gte=1), name="connection_runs_at_least_one"),
            models.CheckConstraint(
                condition=Q(paused_at=None, pause_reason="")
                | (Q(paused_at__isnull=False) & ~Q(pause_reason="")),
                name="paused_connection_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ConnectionKey(models.Model):
    """A key of an account, encrypted. `hint` is what people see of it: its prefix and last four signs.

    A replaced key is kept for the jobs that were sent with it (K-03); exactly one is current.
    `print` tells two keys apart without opening them.
    """

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="keys")
    secret = models.TextField()
    hint = models.CharField(max_length=40)
    print = models.CharField(max_length=64)
    added_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection"], condition=Q(retired_at=None), name="one_current_key_per_connection"
            )
        ]

    def __str__(self) -> str:
        return self.hint
