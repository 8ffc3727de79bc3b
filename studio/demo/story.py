"""What the demo tells. Nothing here touches the database; see telling.py.

People stand by their short names. Prompts name the sample pictures as people read them: Image 1 is the fox, Image 2
the meadow. Frames count from 0 at the drafts' 30 frames a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio.models import Role, Verdict

PROJECT = "Meadow Wakes"
SHARE_TITLE = "Meadow Wakes: three opening shots"
SHARE_MESSAGE = "Here is how the film could open. Watch each one, then tell us what you think."


@dataclass(frozen=True, kw_only=True)
class Person:
    name: str
    email: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A note on a take of the version it stands with. No frame is the whole clip."""

    by: str
    text: str
    frame: int | None = None
    until: int | None = None
    drawing: tuple[dict[str, Any], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    is_done: bool = False
    is_team_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Opinion:
    by: str
    verdict: Verdict
    sentence: str = ""


@dataclass(frozen=True, kw_only=True)
class Round:
    """A version: its sentence, its takes, and what was said about the first of them."""

    by: str
    prompt: str
    takes: int = 1
    seconds: int = 5
    ratio: str = "16:9"
    remarks: tuple[Remark, ...] = ()
    opinions: tuple[Opinion, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scene:
    title: str
    rounds: tuple[Round, ...]


PEOPLE = {
    "mara": Person(name="Mara Lindqvist", email="mara@demo.example", role=Role.MAKER),
    "priya": Person(name="Priya Nair", email="priya@demo.example", role=Role.PRODUCER),
    "theo": Person(name="Theo Okafor", email="theo@demo.example", role=Role.MAKER),
    "sanne": Person(name="Sanne de Vries", email="sanne@demo.example", role=Role.MAKER),
    "ines": Person(name="Ines Duarte", email="ines@demo.example", role=Role.REVIEWER),
}

CIRCLE = {"kind": "circle", "colour": "orange", "points": [[0.37, 0.12], [0.49, 0.34]]}
ARROW = {"kind": "arrow", "colour": "orange", "points": [[0.66, 0.52], [0.58, 0.4], [0.5, 0.3]]}

SCENES = (
    Scene(
        title="Morning stretch",
        rounds=(
            Round(
                by="mara",
                prompt="Image 1 wakes up in the meadow of Image 2 on an overcast morning and stretches quickly.",
                remarks=(
                    Remark(
                        by="priya", text="Too grey for an opening. Can the sun come over the hills?", frame=40
                    ),
                    Remark(by="theo", text="The trot starts late.", frame=96, until=132, is_done=True),
                ),
                opinions=(
                    Opinion(by="priya", verdict=Verdict.NEEDS_CHANGES, sentence="More light, please."),
                ),
            ),
            Round(
                by="mara",
                prompt="Image 1 wakes up, trots into the meadow of Image 2 and stretches slowly in the first light.",
                takes=2,
                remarks=(
                    Remark(
                        by="priya",
                        text="The left ear melts into the sky here. Can it stay separate, as in the drawing?",
                        frame=74,
                        drawing=(CIRCLE, ARROW),
                        answers=(("mara", "Yes. I’ll ask for “ears clear of the sky” in the next one."),),
                    ),
                    Remark(
                        by="sanne",
                        text="The stretch runs half a second longer than the line.",
                        frame=96,
                        until=120,
                    ),
                    Remark(by="theo", text="It stays dark until she is out. Lovely.", frame=18, is_done=True),
                    Remark(by="ines", text="The colours sit much better with the title card than before."),
                    Remark(by="mara", text="Hold this seed for the client version.", is_team_only=True),
                ),
                opinions=(Opinion(by="theo", verdict=Verdict.APPROVED),),
            ),
        ),
    ),
    Scene(
        title="Seeds in the light",
        rounds=(
            Round(
                by="theo",
                prompt="Slow push through the dandelions of Image 2 while the sun clears the last hill.",
                remarks=(Remark(by="ines", text="Could the push begin a little later?", frame=12),),
                opinions=(Opinion(by="priya", verdict=Verdict.APPROVED),),
            ),
        ),
    ),
    Scene(
        title="Neighbours at the window",
        rounds=(
            Round(
                by="sanne",
                prompt="Image 1 looks straight at us, tilts its head and waits for an answer.",
                ratio="1:1",
                seconds=4,
                remarks=(Remark(by="priya", text="The look is right, the tilt comes too fast.", frame=45),),
                opinions=(
                    Opinion(by="priya", verdict=Verdict.NEEDS_CHANGES, sentence="Slower tilt, same look."),
                ),
            ),
        ),
    ),
    Scene(
        title="First sun, four tries",
        rounds=(
            Round(by="theo", prompt="First light reaches Image 2; Image 1 blinks once.", takes=4, seconds=3),
        ),
    ),
)
