"""Run every check with its output live, then one table of what ran.

With arguments, only pytest runs, with those arguments. A tool that cannot be had here (a browser, Firefox, Java,
PostgreSQL) costs its own tests only; the table names them and the exit code says that not everything ran.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from scripts.checks import report, steps, tools

ROOT = Path(__file__).resolve().parent.parent.parent
INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    browser, java = tools.find_browser(), tools.find_java()
    firefox = tools.find_firefox()
    environment = steps.environment(browser, java, firefox)
    try:
        if arguments:
            return steps.run_pytest_alone(arguments, environment)
        postgres = tools.find_postgres()
        plan = steps.plan(browser=browser, firefox=firefox, java=java, postgres=postgres)
        outcomes = [steps.run(step, environment) for step in plan]
    except KeyboardInterrupt:
        print("\nStopped before everything ran.")
        return INTERRUPTED
    report.show(outcomes)
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
