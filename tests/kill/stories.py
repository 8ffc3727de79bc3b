"""What happens around each kill: who dies, who goes on afterwards, when it is over, and what must then be true."""

from __future__ import annotations

import io
import random
import signal
import threading
import time
from abc import ABC, abstractmethod
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from PIL import Image

from studio import conductor, deleting, lifecycle, loose_clips, media, recipes
from studio.files import fixing, uploads
from studio.models import Brief, Connection, FixJob, GenerationTask, LibraryFile, Notice, Status, Upload
from studio.models.fix_job import FixState
from studio.news import mail, notices
from studio.storage import contents, incoming, store
from studio.tasks import advance
from tests.factories import inbox
from tests.kill import countdown
from tests.kill.processes import fork, wait, wait_for_stop
from tests.kill.scene import Scene
from tests.whole import ready_take


def work() -> None:
    """A worker, until it is stopped."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    conductor.run_forever(stop)


class Story(ABC):
    """One run. `dies` is called in a process that is armed, `goes_on` in those after it, the rest in the farm."""

    def __init__(self, point: str, chance: random.Random, scene: Scene) -> None:
        self.point, self.chance, self.scene = point, chance, scene
        self.recipe, self.user = scene.recipe, scene.user
        self.prepare()

    is_really_drawn = False
    works_until_killed = False  # what dies is a worker, which goes on for ever

    def first_death(self) -> int:
        """Let a process run into the armed point. Its exit code."""
        return wait(fork(self.dies, crash_at=f"{self.point}:1"))

    def dies_before(self, number: int, told: Path) -> int:
        """Let a process run into a change to the disk (see tests.kill.countdown), or to its end. Its exit code."""

        def run() -> None:
            countdown.arm(number, told)
            self.dies()

        return wait(fork(run), until=self.is_over if self.works_until_killed else None)

    def sleeps(self) -> int:
        """A process that is stopped at the armed point instead. Its id, 0 if it never came there."""
        pid = fork(self.dies_alone, crash_at=f"{self.point}:1:stop")
        return pid if wait_for_stop(pid) else 0

    def press_again(self) -> None:  # noqa: B027  most stories have nobody who waits for an answer
        """What a person does who was left without an answer."""

    @abstractmethod
    def prepare(self) -> None:
        """Set up what is there before anybody dies."""

    @abstractmethod
    def dies(self) -> None: ...

    def dies_alone(self) -> None:
        """The same in one thread, so that nothing else of the process is stopped in the middle of a transaction."""
        while True:
            for pk, token in conductor.claim_due(timezone.now()):
                advance.func(pk, str(token))
            time.sleep(conductor.LOOK_EVERY_SECONDS)

    def goes_on(self) -> None:
        work()

    @abstractmethod
    def is_over(self) -> bool: ...

    @abstractmethod
    def wrong(self) -> list[str]: ...


class Making(Story):
    """A take from the press to the ready clip; the worker dies on the way."""

    ends_as = Status.SUCCEEDED
    works_until_killed = True

    def prepare(self) -> None:
        self.token = uuid4()
        self.press()

    def press(self) -> None:
        """As the web process does. Pressing again with the same token is what people do."""
        account = Connection.objects.get(provider=self.scene.provider)
        recipes.send(
            self.recipe,
            user=self.user,
            project=inbox(),
            shot=None,
            connection=account,
            takes=1,
            token=self.token,
        )

    def dies(self) -> None:
        self.goes_on()

    def is_over(self) -> bool:
        return not GenerationTask.objects.active().filter(submission=self.token).exists()

    def wrong(self) -> list[str]:
        tasks = list(GenerationTask.objects.filter(submission=self.token).prefetch_related("attempts"))
        wrong = [] if len(tasks) == 1 else [f"{len(tasks)} tasks from one press"]
        for task in tasks:
            attempts = list(task.attempts.all())
            jobs = [attempt.job_id for attempt in attempts if attempt.job_id]
            if task.status != self.ends_as:
                wrong.append(f"ended as {task.status}: {task.error_message} {task.error_detail}")
            if len(jobs) != 1 or len(attempts) != 1:
                wrong.append(f"{len(attempts)} attempts, {len(jobs)} jobs")
        return wrong


class Pressing(Making):
    """The web process dies under the press, and the person presses again."""

    works_until_killed = False

    def prepare(self) -> None:
        self.token = uuid4()

    def dies(self) -> None:
        self.press()

    def goes_on(self) -> None:
        self.press()
        super().goes_on()

    def is_over(self) -> bool:
        return GenerationTask.objects.filter(submission=self.token).exists() and super().is_over()


class Cancelling(Making):
    """Somebody cancels while the take is sent; the worker dies after it told the provider."""

    ends_as = Status.CANCELED
    is_really_drawn = True  # a copy would be finished before anybody can stop it

    def prepare(self) -> None:
        super().prepare()
        GenerationTask.objects.filter(submission=self.token).update(cancel_requested_at=timezone.now())


class Deleting(Story):
    """A take is deleted for good; its rows are gone when the process dies."""

    def prepare(self) -> None:
        task = ready_take(content=self.chance.randbytes(1000), user=self.user)
        self.clip = task.clip.path
        [self.task] = lifecycle.put_in_bin([task], self.user)

    def dies(self) -> None:
        deleting.delete_for_good(self.task)

    def press_again(self) -> None:
        if GenerationTask.objects.filter(pk=self.task.pk).exists():
            deleting.delete_for_good(self.task)

    def is_over(self) -> bool:
        return not loose_clips.noted()

    def wrong(self) -> list[str]:
        wrong = [f"{self.clip} is still there"] if store.media_path(self.clip).exists() else []
        is_left = GenerationTask.objects.filter(pk=self.task.pk).exists()
        return [*wrong, "the take is still there"] if is_left else wrong


class Uploading(Story):
    """A picture comes in; the web process dies under it, and the browser asks again."""

    def prepare(self) -> None:
        picture = Image.frombytes("RGB", (320, 320), self.chance.randbytes(320 * 320 * 3))
        buffer = io.BytesIO()
        picture.save(buffer, "PNG")
        self.content = buffer.getvalue()
        size = len(self.content)
        self.upload_id = incoming.begin(
            user=self.user, project=inbox(), filename="noise.png", size=size, use="any"
        ).pk

    def dies(self) -> None:
        self.goes_on()

    def goes_on(self) -> None:
        """As tus does: ask for the offset, send the rest, then have it looked at."""
        upload = Upload.objects.get(pk=self.upload_id)
        if upload.finished_at is None and upload.offset < upload.size_bytes:
            rest = io.BytesIO(self.content[upload.offset :])
            incoming.receive(upload, offset=upload.offset, read=rest.read)
        uploads.finish(upload)

    def is_over(self) -> bool:
        return Upload.objects.get(pk=self.upload_id).finished_at is not None

    def wrong(self) -> list[str]:
        incoming.sweep(timezone.now() + timedelta(hours=2))
        contents.sweep(older_than=0)
        upload = Upload.objects.select_related("file__media").get(pk=self.upload_id)
        wrong = [f"{path.name} was left behind" for path in Path(settings.UPLOADS_DIR).glob(f"{upload.pk}*")]
        if upload.file is None:
            return [*wrong, f"no file came of it: {upload.refusal}"]
        row = upload.file.media
        if contents.path_of(row).read_bytes() != self.content:
            wrong.append("the stored bytes are not those that were sent")
        thumb = store.media_path(store.previews_path(row.sha256)) / str(row.previews.get("thumb"))
        if not thumb.is_file():
            wrong.append("the file has no thumbnail")
        named = LibraryFile.objects.filter(media=row).count()
        return wrong if named == 1 else [*wrong, f"{named} files of one upload"]


class Fixing(Story):
    """A picture that is too narrow is repaired for a form; the worker dies between the copy and the form."""

    works_until_killed = True

    def prepare(self) -> None:
        tall = Image.frombytes("RGB", (30, 300), self.chance.randbytes(30 * 300 * 3)).resize((300, 3000))
        buffer = io.BytesIO()
        tall.save(buffer, "PNG")
        self.file = uploads.store_bytes(
            buffer.getvalue(), filename="tall.png", project=inbox(), user=self.user, use="picture"
        )
        place = {"key": "abc234", "file": str(self.file.pk), "voice": "", "name": "Tall", "kind": "image"}
        self.brief = Brief.objects.create(user=self.user, project=inbox(), tray=[place])
        self.job = fixing.start(
            self.file,
            use=media.Use.PICTURE,
            choices=media.FixChoices(),
            user=self.user,
            brief=self.brief,
            place="replace:abc234",
        )

    def dies(self) -> None:
        self.goes_on()

    def is_over(self) -> bool:
        return not FixJob.objects.under_way().filter(pk=self.job.pk).exists()

    def wrong(self) -> list[str]:
        self.job.refresh_from_db()
        self.brief.refresh_from_db()
        wrong = [] if self.job.state == FixState.DONE else [f"ended as {self.job.state}: {self.job.sentence}"]
        copies = list(self.file.fixed_copies.all())
        if len(copies) != 1:
            wrong.append(f"{len(copies)} copies of one repair")
        in_form = self.brief.tray[0]["file"]
        return wrong if in_form == str(self.job.result_id) else [*wrong, "the copy is not in the form"]


class Mailing(Story):
    """News leave by mail; the worker dies before or after. It always comes, twice at most with one number."""

    sentences = ("Theo approved it.", "Elin opened the link.")

    def prepare(self) -> None:
        self.mails = Path(settings.DATA_DIR) / f"mails-{uuid4()}"
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
                "OPTIONS": {"file_path": str(self.mails)},
            }
        }
        Notice.objects.all().delete()  # or those of the run before would make this one wait
        for sentence in self.sentences:
            notices.tell([self.user], Notice.Kind.DECISION, sentence, "/review/x/", inbox())
        self.news = Notice.objects.filter(user=self.user, mailed_at=None)
        self.news.update(at=timezone.now() - timedelta(hours=1))

    def dies(self) -> None:
        self.goes_on()

    def goes_on(self) -> None:
        mail.send_due(timezone.now())

    def is_over(self) -> bool:
        return not self.news.exists()

    def wrong(self) -> list[str]:
        told = "".join(path.read_text(encoding="utf-8") for path in self.mails.glob("*.log"))
        numbers = [line for line in told.splitlines() if line.startswith("Message-ID")]
        wrong = [] if len(set(numbers)) == 1 else [f"{len(set(numbers))} different mails"]
        for sentence in self.sentences:
            if told.count(sentence) != len(numbers):
                wrong.append(f"{sentence!r} stands {told.count(sentence)} times in {len(numbers)} mails")
        return wrong


POINTS: dict[str, type[Story]] = {
    **dict.fromkeys(["c01", "c02"], Pressing),
    **dict.fromkeys(["c03", "c04", "c07", "c08", "c09", "c10", "c11", "c12", "c13", "c14", "c15"], Making),
    **dict.fromkeys(["c16", "c17"], Mailing),
    "c18": Cancelling,
    "c19": Deleting,
    **dict.fromkeys(["u01", "u02", "u03", "u04", "u05"], Uploading),
    **dict.fromkeys(["f01", "f02"], Fixing),
}
