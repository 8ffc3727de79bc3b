"""Full-text search over titles, prompts, names and files, newest first, on SQLite (FTS5) and PostgreSQL (GIN).

Both keep the same normalised words, so both find the same. `facets` are words nobody types: the take's project,
shot, maker and provider. They let the index itself leave out what someone may not see or does not ask for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from django.db import connection

from studio import mentions
from studio.models import GenerationTask, Shot

WORD = re.compile(r"[^\W_]+")
WORDS_ASKED_AT_MOST = 8
LONGEST_WORD = 40
WORDS_KEPT_AT_MOST = 2000


def remember(task: GenerationTask) -> None:
    """Put a task's words into the index. Call it in the transaction that makes, renames or moves the task."""
    forget(task.pk)
    kept, facets = words_in(_text(task)), facets_of(task)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "INSERT INTO studio_taskwords (task_id, words) VALUES (%s, array_to_tsvector(%s))"
            cursor.execute(sql, [task.pk, [*kept, *(f"={facet}" for facet in facets)]])
        else:
            sql = "INSERT INTO studio_taskwords (rowid, words, facets) VALUES (%s, %s, %s)"
            cursor.execute(sql, [task.pk, " ".join(kept), " ".join(facets)])


def remember_shot(shot: Shot) -> None:
    """The same for every take of a shot, after its title or its project changed."""
    for task in GenerationTask.objects.filter(version__shot=shot).select_related("version__shot"):
        remember(task)


def forget(task_id: int) -> None:
    key = "task_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM studio_taskwords WHERE {key} = %s", [task_id])  # noqa: S608


def find(
    asked: str, *, facets: Sequence[Sequence[str]] = (), before: int | None = None, limit: int = 50
) -> list[int]:
    """Keys of tasks that have every asked word (the last one may be only begun), newest first.

    Each group in `facets` must be met by one of its words. Nothing a person types has a meaning beyond its
    letters and digits (W-09); a text without any finds nothing.
    """
    wanted = words_in(asked)[:WORDS_ASKED_AT_MOST]
    if not wanted or any(not group for group in facets):
        return []
    if connection.vendor == "postgresql":
        sql, match = POSTGRES, _tsquery(wanted, facets)
    else:
        sql, match = SQLITE, _fts5_query(wanted, facets)
    with connection.cursor() as cursor:
        cursor.execute(sql, [match, before or 2**62, limit])
        return [int(row[0]) for row in cursor.fetchall()]


SQLITE = (
    "SELECT rowid FROM studio_taskwords WHERE studio_taskwords MATCH %s AND rowid < %s"
    " ORDER BY rowid DESC LIMIT %s"
)
POSTGRES = (
    "SELECT task_id FROM studio_taskwords WHERE words @@ %s::tsquery AND task_id < %s"
    " ORDER BY task_id DESC LIMIT %s"
)


def words_in(text: str) -> list[str]:
    """The words of a text as the index knows them: without case, accents or marks, each once, in order."""
    plain = unicodedata.normalize("NFKD", text[:20_000])
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    found = dict.fromkeys(word[:LONGEST_WORD] for word in WORD.findall(bare))
    return list(found)[:WORDS_KEPT_AT_MOST]


def facets_of(task: GenerationTask) -> list[str]:
    return [
        project_facet(task.project_id),
        shot_facet(task.version.shot_id),
        person_facet(task.created_by_id),
        provider_facet(task.provider),
    ]


def project_facet(project_id: object) -> str:
    return f"project{str(project_id).replace('-', '')}"


def shot_facet(shot_id: object) -> str:
    return f"shot{str(shot_id).replace('-', '')}"


def person_facet(person_id: object) -> str:
    return f"person{person_id}"


def provider_facet(name: str) -> str:
    return f"provider{name}"


def _text(task: GenerationTask) -> str:
    """What can be found: the title, the sentence with names instead of tokens, and the names of its files."""
    version = task.version
    references = list(version.references.select_related("file", "voice"))
    names = {reference.key: reference.name for reference in references}
    prompt = mentions.TOKEN.sub(lambda match: names.get(match.group(1), ""), version.prompt)
    files = [reference.file for reference in references]
    files += [reference.voice for reference in references if reference.voice]
    files += [version.first_frame] if version.first_frame else []
    parts = [version.shot.title, prompt, *names.values()]
    return "\n".join(parts + [f"{file.name}\n{file.original_name}" for file in files])


def _fts5_query(wanted: list[str], facets: Sequence[Sequence[str]]) -> str:
    """Every word is quoted, so none is an operator; words hold only letters and digits."""
    quoted = [f'"{word}"' for word in wanted]
    query = f"words : ({' AND '.join(quoted)} *)"
    return query + "".join(f" AND facets : ({' OR '.join(group)})" for group in facets)


def _tsquery(wanted: list[str], facets: Sequence[Sequence[str]]) -> str:
    query = " & ".join(f"'{word}'" for word in wanted) + ":*"
    return query + "".join(f" & ({' | '.join(f"'={word}'" for word in group)})" for group in facets)
