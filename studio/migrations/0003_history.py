"""What the history needs to stay fast: indexes for its filters, and the full-text index."""

from django.db import migrations, models
from django.db.models import Q

SQLITE = """
CREATE VIRTUAL TABLE studio_taskwords
USING fts5(words, facets, detail = 'column', prefix = '1 2 3 4', tokenize = 'unicode61')
"""
# Without a foreign key, which SQLite's index cannot have either: it would also forbid emptying the tables at once.
POSTGRES = [
    """
    CREATE TABLE studio_taskwords (task_id bigint PRIMARY KEY, words tsvector NOT NULL)
    """,
    "CREATE INDEX studio_taskwords_words ON studio_taskwords USING gin (words)",
]


def make_index(apps, schema_editor):
    statements = POSTGRES if schema_editor.connection.vendor == "postgresql" else [SQLITE]
    for statement in statements:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    schema_editor.execute("DROP TABLE studio_taskwords")


class Migration(migrations.Migration):
    dependencies = [("studio", "0002_first_rows")]

    operations = [
        migrations.AddIndex(
            "GenerationTask", models.Index(fields=["created_at"], name="task_by_time")
        ),
        migrations.AddIndex(
            "GenerationTask",
            models.Index(
                fields=["project", "status", "-id"], condition=Q(binned_at=None), name="task_history_in_project"
            ),
        ),
        migrations.AddIndex(
            "GenerationTask",
            models.Index(
                fields=["created_by", "status", "-id"], condition=Q(binned_at=None), name="task_history_by_person"
            ),
        ),
        migrations.AddIndex(
            "GenerationTask",
            models.Index(fields=["project", "-id"], condition=Q(is_pick=True), name="task_history_project_picks"),
        ),
        migrations.RunPython(make_index, drop_index),
    ]
