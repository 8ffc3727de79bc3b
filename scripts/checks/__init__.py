"""Everything that has to hold before a change lands: `python3 start.py test`."""
