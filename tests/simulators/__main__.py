"""One simulator as a process: `python -m tests.simulators OPTIONS.json`. Prints one line when it can be used.

It ends by itself when its standard input is closed, that is when whoever started it is gone.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

from tests.simulators.apiframe import Apiframe
from tests.simulators.control import ControlServer
from tests.simulators.dashscope import DashScope
from tests.simulators.modelstream import ModelStream
from tests.simulators.options import Options
from tests.simulators.server import Listener
from tests.simulators.simulator import Simulator

KINDS: dict[str, type[Simulator]] = {"modelstream": ModelStream, "apiframe": Apiframe, "dashscope": DashScope}


def main() -> None:
    options = Options.from_dict(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    simulator = KINDS[options.name](options)
    try:
        listener = Listener(simulator)
    except OSError as trouble:
        sys.exit(f"Port {options.port} cannot be used: {trouble.strerror}.")
    control = ControlServer(listener, port=options.control_port, token=options.control_token)
    threading.Thread(target=control.serve_forever, args=(0.05,), daemon=True).start()
    simulator.start()
    ready = {"base_url": simulator.base_url, "control_url": f"http://127.0.0.1:{control.server_port}"}
    print(json.dumps(ready), flush=True)
    sys.stdin.read()
    simulator.stop()
    simulator.ledger.close()
    os._exit(0)  # handlers may be in the middle of a long silence, and nothing is left to be kept


if __name__ == "__main__":
    main()
