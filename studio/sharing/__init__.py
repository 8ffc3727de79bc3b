"""Links for people without an account: what they show, how they are made, ended and told of, and their one door."""

from studio.sharing.links import LASTS, Refused, Terms, change, default_terms, make, renew, revoke

__all__ = ["LASTS", "Refused", "Terms", "change", "default_terms", "make", "renew", "revoke"]
