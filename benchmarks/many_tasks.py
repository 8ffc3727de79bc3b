"""A scratch studio with as many takes as asked for, written by plain SQL in a minute or two."""

from __future__ import annotations

from django.db import connection

PER_VERSION = 4
VERSIONS_PER_SHOT = 10
PROJECTS = 40
PEOPLE = 20
UNDER_WAY = 30

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT %s UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
PROJECT = """
INSERT INTO studio_project (id, name, is_inbox, is_open, created_at, clip_count, clip_bytes)
SELECT printf('%%032x', i), 'Project ' || i, 0, 1, '2026-01-01', 0, 0 FROM n
"""
PERSON = """
INSERT INTO studio_user ({columns}) SELECT {values} FROM n, studio_user WHERE studio_user.id = 1
"""
SHOT = """
INSERT INTO studio_shot (id, project_id, title, review_status, created_by_id, created_at)
SELECT printf('%%032x', i), printf('%%032x', 1 + i %% {projects}), 'Shot ' || i, 'making', 1, '2026-01-01' FROM n
"""
VERSION = """
INSERT INTO studio_version (id, shot_id, number, prompt, negative_prompt, resolution, ratio, duration, prompt_extend,
    watermark, shot_type, fingerprint, created_by_id, created_at)
SELECT printf('%%032x', i), printf('%%032x', (i - 1) / {per} + 1), (i - 1) %% {per} + 1, 'A walk in the rain', '',
    '720p', '16:9', 5, 1, 0, 'single', '', 1, '2026-01-01' FROM n
"""
CLIP = """
INSERT INTO studio_clip (id, path, sha256, size_bytes, width, height, duration, fps, video_codec, audio_codec,
    previews, stored_at)
SELECT printf('%%032x', i), 'clips/' || i || '.mp4', '', 1000000, 1280, 720, 5.0, 30.0, 'h264', 'aac',
    '{{"poster": "poster.jpg", "sprite": "sprite.jpg"}}', '2026-01-01' FROM n WHERE i %% 10 < 8
"""
TASK = """
INSERT INTO studio_generationtask (task_id, project_id, version_id, connection_id, submission_id, provider, number,
    seed, created_by_id, created_at, status, job_id, result_url, stage, error_category, error_message,
    error_detail, fault, trouble, tries, finished_at, expected_seconds, making_seconds, clip_id, is_pick, step_failures,
    revision, next_at)
SELECT printf('%%032x', i), printf('%%032x', 1 + ((i - 1) / {per} / {versions} + 1) %% {projects}),
    printf('%%032x', (i - 1) / {per} + 1), 1, '{submission}', 'local', (i - 1) %% {per} + 1, i, 1 + i %% {people},
    datetime('now', '-' || (({last} - i) * 30) || ' seconds'),
    CASE WHEN i > {last} - {waiting} THEN 'queued' WHEN i %% 10 < 8 THEN 'succeeded' WHEN i %% 10 = 8 THEN 'failed'
         ELSE 'canceled' END,
    'job' || i, '', '', CASE WHEN i %% 10 = 8 THEN 'provider_error' ELSE '' END, '', '', '', '', 0,
    CASE WHEN i > {last} - {waiting} THEN NULL ELSE datetime('now', '-' || (({last} - i) * 30) || ' seconds') END,
    5, 4.0, CASE WHEN i %% 10 < 8 AND i <= {last} - {waiting} THEN printf('%%032x', i) END,
    i %% 40 = 0 AND i <= {last} - {waiting}, 0, 0, CASE WHEN i > {last} - {waiting} THEN '2099-01-01' END
FROM n
"""
WORDS = """
INSERT INTO studio_taskwords (rowid, words, facets)
SELECT i, 'shot ' || ((i - 1) / {per} / {versions} + 1) || ' a walk in the rain image hazel png' ||
    CASE WHEN i %% 1000 = 0 THEN ' unicycle' ELSE '' END,
    'project' || printf('%%032x', 1 + ((i - 1) / {per} / {versions} + 1) %% {projects})
    || ' person' || (1 + i %% {people}) || ' providerlocal' FROM n
"""


def fill(count: int, submission: str) -> None:
    """Make it `count` takes in all. Call it on a new database that has its owner (key 1) and a submission."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM studio_generationtask")
        done = cursor.fetchone()[0]
        if not done:
            _insert(cursor, PROJECT, 1, PROJECTS)
            _insert(cursor, _people(cursor), 2, PEOPLE)
        versions = (done // PER_VERSION, count // PER_VERSION)
        first_shot, last_shot = (
            versions[0] // VERSIONS_PER_SHOT + bool(done),
            versions[1] // VERSIONS_PER_SHOT + 1,
        )
        shot = SHOT.format(projects=PROJECTS).replace("INSERT", "INSERT OR IGNORE")
        _insert(cursor, shot, max(1, first_shot), last_shot)
        _insert(cursor, VERSION.format(per=VERSIONS_PER_SHOT), versions[0] + 1, versions[1])
        names = {
            "per": PER_VERSION,
            "versions": VERSIONS_PER_SHOT,
            "projects": PROJECTS,
            "people": PEOPLE,
            "submission": submission,
            "last": count,
            "waiting": UNDER_WAY,
        }
        _insert(cursor, CLIP.format(), done + 1, count)
        _insert(cursor, TASK.format(**names), done + 1, count)
        _insert(cursor, WORDS.format(**names), done + 1, count)


def _insert(cursor: object, sql: str, first: int, last: int) -> None:
    cursor.execute(f"{NUMBERS} {sql}", [first, last])  # type: ignore[attr-defined]


def _people(cursor: object) -> str:
    """The owner again and again, with other keys and addresses."""
    cursor.execute("PRAGMA table_info(studio_user)")  # type: ignore[attr-defined]
    columns = [row[1] for row in cursor.fetchall()]  # type: ignore[attr-defined]
    own = {"id": "i", "email": "'person' || i || '@studio.example'", "name": "'Person ' || i"}
    values = [own.get(column, f"studio_user.{column}") for column in columns]
    return PERSON.format(columns=", ".join(columns), values=", ".join(values))
