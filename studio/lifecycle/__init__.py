"""The only room where a task's status changes.

`moves` has the table of moves, which is the state diagram, and the one function that writes a status. Every other file
is an aspect of a take's life; what people and workers do with a take is called by the names below.
"""

from studio.lifecycle import leases
from studio.lifecycle.again import try_again
from studio.lifecycle.ending import end_as, refuse, request_cancel, stop_watching
from studio.lifecycle.fields import Waits
from studio.lifecycle.late import received_after_all, turned_up
from studio.lifecycle.leases import keep_lease, still_holds
from studio.lifecycle.looking import look_now, made, report
from studio.lifecycle.lost import RESTORED, doubt, found, lose_track, settle_as_not_sent
from studio.lifecycle.moves import MOVES, IllegalMove, move
from studio.lifecycle.results import fetch_again, succeed
from studio.lifecycle.sending import accept, begin_attempt, give_back
from studio.lifecycle.shelf import put_in_bin, set_pick, take_from_bin
from studio.lifecycle.stumbling import stumble

__all__ = [
    "MOVES",
    "RESTORED",
    "IllegalMove",
    "Waits",
    "accept",
    "begin_attempt",
    "doubt",
    "end_as",
    "fetch_again",
    "found",
    "give_back",
    "keep_lease",
    "leases",
    "look_now",
    "lose_track",
    "made",
    "move",
    "put_in_bin",
    "received_after_all",
    "refuse",
    "report",
    "request_cancel",
    "set_pick",
    "settle_as_not_sent",
    "still_holds",
    "stop_watching",
    "stumble",
    "succeed",
    "take_from_bin",
    "try_again",
    "turned_up",
]
