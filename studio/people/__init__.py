"""The people of a studio: how they come in, prove who they are, what they look like, and how they leave."""

from studio.people.members import Refused, change_role, is_here_now, listed, remove, set_members

__all__ = ["Refused", "change_role", "is_here_now", "listed", "remove", "set_members"]
