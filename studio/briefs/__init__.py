"""The form as someone fills it in: started, saved as they type, shown, and turned into a recipe."""

from studio.briefs.starting import from_version, latest_for

__all__ = ["from_version", "latest_for"]
