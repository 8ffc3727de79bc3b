"""What people decide about a version, and the pages they decide on: the review of a take, and the board."""

from studio.reviews.deciding import Refused, decide, standing, take_back

__all__ = ["Refused", "decide", "standing", "take_back"]
