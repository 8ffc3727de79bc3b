"""What is said about a take: writing it, changing it, and reading it in threads.

Every refusal is `Refused` with a sentence for the person. Members write as `author`, people of a share link as
`guest`. Who may see the take is asked before (studio.access, studio.sharing); who may change which note, here.
"""

from studio.notes.changing import delete, edit, mark_done, may_change, may_delete, restore
from studio.notes.refusal import TEXT_AT_MOST, Refused
from studio.notes.threads import Remark, Thread, Wanted, drawings_of, thread, threads
from studio.notes.writing import answer, write

__all__ = [
    "TEXT_AT_MOST",
    "Refused",
    "Remark",
    "Thread",
    "Wanted",
    "answer",
    "delete",
    "drawings_of",
    "edit",
    "mark_done",
    "may_change",
    "may_delete",
    "restore",
    "thread",
    "threads",
    "write",
]
