"""What the roles are for, in words. What they may do is decided in studio.access."""

from __future__ import annotations

from studio.models.person import Role

# What each role is for, in the list of people.
IN_LIST: dict[str, str] = {
    Role.OWNER: "keys, people, budgets",
    Role.PRODUCER: "people, shares, the last word",
    Role.MAKER: "makes and shares clips",
    Role.REVIEWER: "watches, comments, decides",
}
# The same for somebody who is about to join, each line with its icon.
WATCHING = (
    ("eye", "Watch every clip of these projects"),
    ("message-square", "Comment and draw on frames"),
    ("circle-check", "Approve, or ask for changes"),
)
AT_JOINING: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.REVIEWER: WATCHING,
    Role.MAKER: (
        *WATCHING[:2],
        ("clapperboard", "Make clips and free drafts"),
        ("link", "Share them by link"),
    ),
    Role.PRODUCER: (
        *WATCHING[:2],
        ("circle-check", "Have the last word on a clip"),
        ("users-round", "Invite people, and see what is spent"),
    ),
    Role.OWNER: (
        ("clapperboard", "Do everything the others can"),
        ("key-round", "Connect services and set limits"),
        ("users-round", "Decide who is here, and as what"),
    ),
}
