"""A small film team at work, for trying the studio out: people, shots, drafts, notes, decisions, a share link."""

from studio.demo.telling import DraftFailed, Told, tell, told_already

__all__ = ["DraftFailed", "Told", "tell", "told_already"]
