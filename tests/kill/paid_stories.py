"""The same stories with a provider that costs money: what dies, and what its ledger must agree with in the end.

c16 and c17, before and after a mail leaves, lie on no way of a take: tests.kill.stories kills there.
"""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from studio import deleting, lifecycle, loose_clips
from studio.models import Brief, Charge, ChargeState, GenerationTask, Status
from studio.storage import store
from tests.create.making import make_brief
from tests.kill import countdown, web, wires
from tests.kill.ledgers import differences
from tests.kill.processes import fork, kill, wait
from tests.kill.stories import Making, Story

OVER = {Status.SUCCEEDED, Status.FAILED, Status.EXPIRED}
FINDS_EVERY_JOB = {"apiframe", "dashscope"}
SENT_FOR_SURE = {"c05", "c06", "c07"}


class Buying(Making):
    """A take at a paid provider; the worker dies on the way, and now and then the web process with it."""

    def dies(self) -> None:
        wires.arm()
        super().dies()

    def dies_alone(self) -> None:
        wires.arm()
        super().dies_alone()

    def first_death(self) -> int:
        died = super().first_death()
        if self.chance.random() < 0.33:
            self.scene.kill_web()
            self.scene.start_web()
        return died

    @property
    def tasks(self) -> list[GenerationTask]:
        return list(GenerationTask.objects.filter(submission=self.token))

    def is_over(self) -> bool:
        return all(self._is_over(task) for task in self.tasks)

    def _is_over(self, task: GenerationTask) -> bool:
        if task.status == Status.UNCERTAIN:
            return task.next_at is None or bool(task.attempts.latest("number").finding)
        return task.status in OVER or (task.status == Status.CANCELED and task.next_at is None)

    def wrong(self) -> list[str]:
        tasks, seller = self.tasks, self.scene.seller
        assert seller is not None
        wrong = [] if len(tasks) == 1 else [f"{len(tasks)} tasks from one press"]
        for task in tasks:
            wrong += differences(task, seller.ledger, self.scene.key)
            if task.status == Status.UNCERTAIN and self._can_be_found():
                wrong.append("a job that can be found was not")
        return wrong

    def _can_be_found(self) -> bool:
        if self.scene.provider == "apiframe":
            return True
        return self.scene.provider in FINDS_EVERY_JOB and self.point in SENT_FOR_SURE


class BuyingByForm(Buying):
    """The web process dies under the press; in some runs a worker dies with it. Then the person presses again."""

    def prepare(self) -> None:
        chosen = {"provider": self.scene.provider, "duration": "2"}
        brief = make_brief(self.user, [self.scene.file], title="Morning stretch", settings=chosen)
        self.brief_id, self.token = brief.pk, brief.send_token

    def first_death(self) -> int:
        self.scene.kill_web()
        worker = fork(self.goes_on) if self.chance.random() < 0.33 else 0
        armed = self.scene.start_web(crash_at=f"{self.point}:1")
        answer = web.press(self.scene.base_url, self.scene.cookies, self.brief_id)
        died = wait(armed)
        if worker:
            kill(worker)
        self.scene.start_web()
        return died if answer == 0 else answer

    def dies_before(self, number: int, told: Path) -> int:
        """The web process, with the press, what its page asks and the provider's callbacks; the worker lives on."""
        self.scene.kill_web()
        worker = fork(self.goes_on)
        armed = self.scene.start_web(first=lambda: countdown.arm(number, told))
        web.press(self.scene.base_url, self.scene.cookies, self.brief_id)
        ended = wait(armed, until=self.is_over)
        kill(worker)
        self.scene.start_web()
        return ended

    def press_again(self) -> None:
        """As people do who got no answer: the same form once more, if it is still theirs to send."""
        brief = Brief.objects.get(pk=self.brief_id)
        if brief.send_token == self.token:
            web.press(self.scene.base_url, self.scene.cookies, self.brief_id)


class BuyingAndCancelling(Buying):
    """Somebody cancels while the take is sent; the worker dies after it told the provider."""

    def prepare(self) -> None:
        super().prepare()
        GenerationTask.objects.filter(submission=self.token).update(cancel_requested_at=timezone.now())


class BuyingAndDeleting(Buying):
    """A bought take is deleted for good; its rows are gone when the process dies. What it cost stays counted."""

    works_until_killed = False

    def prepare(self) -> None:
        super().prepare()
        wait(fork(self.goes_on), until=super().is_over)
        [task] = self.tasks
        self.clip, self.cost = task.clip.path if task.clip else "", task.charges.get()
        [self.task] = lifecycle.put_in_bin([task], self.user)

    def dies(self) -> None:
        deleting.delete_for_good(self.task)

    def press_again(self) -> None:
        if self.tasks:
            deleting.delete_for_good(self.task)

    def is_over(self) -> bool:
        return not loose_clips.noted()

    def wrong(self) -> list[str]:
        wrong = [] if self.clip else ["there was no clip to delete"]
        if self.tasks:
            wrong.append("the take is still there")
        if self.clip and store.media_path(self.clip).exists():
            wrong.append(f"{self.clip} is still there")
        kept = Charge.objects.filter(pk=self.cost.pk, state=ChargeState.SETTLED, amount=self.cost.amount)
        return wrong if kept.exists() else [*wrong, "what it cost is forgotten"]


WHILE_WORKING = [f"c{number:02}" for number in range(3, 16)]
PAID_POINTS: dict[str, type[Story]] = {
    **dict.fromkeys(["c01", "c02"], BuyingByForm),
    **dict.fromkeys(WHILE_WORKING, Buying),
    "c18": BuyingAndCancelling,
    "c19": BuyingAndDeleting,
}
