"""A member of the studio, who signs in by e-mail."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    PRODUCER = "producer", "Producer"
    MAKER = "maker", "Maker"
    REVIEWER = "reviewer", "Reviewer"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def here(self) -> models.QuerySet[User]:
        """Everybody who was not removed."""
        return self.filter(is_active=True)


class User(AbstractBaseUser):
    """`sign_in_epoch` is part of every session's proof: raising it ends all sessions of this person at once.

    `picture` is the SHA-256 of their portrait as we keep it, empty for initials. `mails` says whether news
    reaches them by e-mail too. `seen_at` is when they last opened a page, to the minute or so.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=10, choices=Role, default=Role.MAKER)
    is_active = models.BooleanField(default=True)
    single_keys = models.BooleanField(default=True)
    sign_in_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    picture = models.CharField(max_length=64, blank=True)
    mails = models.BooleanField(default=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_email"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_is_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def sees_all_projects(self) -> bool:
        return self.role == Role.OWNER

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.partition(" ")[0] or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to go on: it changes with the password and with the epoch."""
        proof = f"{self.password}:{self.sign_in_epoch}"
        return salted_hmac("studio.User.session", proof, secret=secret, algorithm="sha256").hexdigest()
