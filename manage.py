#!/usr/bin/env python
"""Django's command line for R2V Studio."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "r2v_site.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError, connection

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(f"The settings do not fit. {problem}")
    except DatabaseError as problem:
        if connection.connection is not None:
            raise
        # Even the checks of the models ask it, so this may happen before any command of ours begins.
        sys.exit(
            f"The database cannot be opened: {problem}\nStart it, or mend STUDIO_DATA_DIR or DATABASE_URL."
        )


if __name__ == "__main__":
    main()
