"""The rows every studio starts with: itself, the Inbox, and the free draft's connection."""

from django.db import migrations


def make_first_rows(apps, schema_editor):
    apps.get_model("studio", "Studio").objects.get_or_create(pk=1)
    apps.get_model("studio", "Project").objects.get_or_create(is_inbox=True, defaults={"name": "Inbox"})
    apps.get_model("studio", "Connection").objects.get_or_create(
        provider="local", defaults={"label": "Free draft", "parallel_limit": 1}
    )


class Migration(migrations.Migration):
    dependencies = [("studio", "0001_first_tables")]

    operations = [migrations.RunPython(make_first_rows, migrations.RunPython.noop)]
