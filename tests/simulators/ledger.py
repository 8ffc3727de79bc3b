"""The truth about what a provider accepted, charged and fetched: one SQLite file, which survives any kill.

A process that dies loses nothing that was committed; only a power cut could, and no test cuts the power.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.simulators.faults import Fault, Planned
from tests.simulators.rows import Asked, Create, Fetch, Job, Money, Told, Upload, typed
from tests.simulators.tables import SCHEMA


class Ledger:
    """Reads and writes the file at `path`. Tests open it too, even while the simulator is dead."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        with self.lock:
            self._connection.close()

    # What tests ask

    def jobs(self) -> list[Job]:
        return self._rows(Job, "SELECT * FROM jobs ORDER BY number")

    def job(self, job_id: str) -> Job | None:
        return next(iter(self._rows(Job, "SELECT * FROM jobs WHERE id = ?", job_id)), None)

    def creates(self) -> list[Create]:
        return self._rows(Create, "SELECT * FROM creates ORDER BY number")

    def money(self, job_id: str = "") -> list[Money]:
        where = "WHERE job_id = ?" if job_id else "WHERE ? = ''"
        return self._rows(Money, f"SELECT * FROM money {where} ORDER BY number", job_id)

    def balance(self, job_id: str = "") -> Decimal:
        """Charges less refunds, in the provider's unit; of one job or of all."""
        signs = {"charge": 1, "refund": -1}
        return sum((signs[row.kind] * row.amount for row in self.money(job_id)), Decimal(0))

    def fetches(self, job_id: str = "") -> list[Fetch]:
        where = "WHERE job_id = ?" if job_id else "WHERE ? = ''"
        return self._rows(Fetch, f"SELECT * FROM fetches {where} ORDER BY number", job_id)

    def requests(self, endpoint: str = "") -> list[Asked]:
        where = "WHERE endpoint = ?" if endpoint else "WHERE ? = ''"
        return self._rows(Asked, f"SELECT * FROM requests {where} ORDER BY number", endpoint)

    def webhooks(self) -> list[Told]:
        return self._rows(Told, "SELECT * FROM webhooks ORDER BY number")

    def uploads(self) -> list[Upload]:
        return self._rows(Upload, "SELECT * FROM uploads ORDER BY at")

    def credits(self, account: str) -> int:
        row = self._one("SELECT credits FROM accounts WHERE account = ?", account)
        return int(row["credits"]) if row else 0

    # What the simulator keeps

    def add_job(self, **values: Any) -> None:
        self._insert("jobs", {**values, "body": json.dumps(values["body"], ensure_ascii=False)})

    def change_job(self, job_id: str, **values: Any) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        self.run(f"UPDATE jobs SET {names} WHERE id = ?", *values.values(), job_id)

    def job_by_key(self, account: str, idempotency: str) -> Job | None:
        found = "SELECT * FROM jobs WHERE account = ? AND idempotency = ? ORDER BY number DESC LIMIT 1"
        return next(iter(self._rows(Job, found, account, idempotency)), None)

    def due_jobs(self, now: float) -> list[Job]:
        due = "(state = 'queued' AND runs <= ?) OR (state = 'running' AND ends <= ? AND is_checked)"
        return self._rows(Job, f"SELECT * FROM jobs WHERE {due} ORDER BY ends", now, now)

    def select_jobs(self, where: str, *values: Any) -> list[Job]:
        return self._rows(Job, f"SELECT * FROM jobs WHERE {where}", *values)

    def count_jobs(self, where: str, *values: Any) -> int:
        row = self._one(f"SELECT count(*) AS n FROM jobs WHERE {where}", *values)
        return int(row["n"]) if row else 0

    def record(self, table: str, **values: Any) -> None:
        """A line in `creates`, `money`, `fetches`, `requests`, `webhooks` or `uploads`."""
        self._insert(table, values if "at" in values else {"at": time.time(), **values})

    def upload(self, upload_id: str) -> Upload | None:
        return next(iter(self._rows(Upload, "SELECT * FROM uploads WHERE id = ?", upload_id)), None)

    def account_state(self, account: str) -> str:
        """ "active", "inactive", or "" for a key nobody knows."""
        row = self._one("SELECT state FROM accounts WHERE account = ?", account)
        return str(row["state"]) if row else ""

    def open_account(self, account: str, credits: int) -> None:
        self.run("INSERT OR IGNORE INTO accounts VALUES (?, 'active', ?)", account, credits)

    def clock_origin(self) -> tuple[float, float] | None:
        row = self._one("SELECT real, simulated FROM clock")
        return (row["real"], row["simulated"]) if row else None

    def keep_clock(self, origin: tuple[float, float]) -> None:
        self.run("INSERT OR REPLACE INTO clock VALUES (1, ?, ?)", *origin)

    def keep_fault(self, fault: Fault, made_at: float) -> Planned:
        with self.lock:
            spec = json.dumps(fault.to_dict())
            cursor = self.run(
                "INSERT INTO faults (spec, made_at, seen, used) VALUES (?, ?, 0, 0)", spec, made_at
            )
            return Planned(number=cursor.lastrowid or 0, fault=fault, made_at=made_at)

    def keep_count(self, planned: Planned) -> None:
        self.run(
            "UPDATE faults SET seen = ?, used = ? WHERE number = ?",
            planned.seen,
            planned.used,
            planned.number,
        )

    def faults(self) -> list[Planned]:
        with self.lock:
            rows = self._connection.execute("SELECT * FROM faults ORDER BY number").fetchall()
        return [
            Planned(
                number=row["number"],
                fault=Fault.from_dict(json.loads(row["spec"])),
                made_at=row["made_at"],
                seen=row["seen"],
                used=row["used"],
            )
            for row in rows
        ]

    def clear_faults(self) -> None:
        self.run("DELETE FROM faults")

    @contextmanager
    def together(self) -> Iterator[None]:
        """All of it or, if the process dies or something is raised meanwhile, nothing. May be nested."""
        with self.lock:
            is_inner = self._connection.in_transaction
            self._connection.execute("SAVEPOINT inner" if is_inner else "BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK TO inner" if is_inner else "ROLLBACK")
                raise
            finally:
                if is_inner:
                    self._connection.execute("RELEASE inner")
            if not is_inner:
                self._connection.execute("COMMIT")

    def run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        with self.lock:
            return self._connection.execute(statement, values)

    def _insert(self, table: str, values: dict[str, Any]) -> None:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        self.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *values.values())

    def _one(self, statement: str, *values: Any) -> sqlite3.Row | None:
        with self.lock:
            row: sqlite3.Row | None = self._connection.execute(statement, values).fetchone()
            return row

    def _rows[Row](self, kind: type[Row], statement: str, *values: Any) -> list[Row]:
        with self.lock:
            rows: Sequence[sqlite3.Row] = self._connection.execute(statement, values).fetchall()
        return [typed(kind, dict(row)) for row in rows]
