"""What an account may choose, and the table that remembers attempts to sign in across processes."""

from django.core.management import call_command
from django.db import migrations, models


def make_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("studio", "0004_fix_jobs")]

    operations = [
        migrations.AddField("user", "single_keys", models.BooleanField(default=True)),
        migrations.AddField("user", "sign_in_epoch", models.PositiveIntegerField(default=0)),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
