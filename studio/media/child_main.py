"""Where a child begins: started by path with `python -I -S`, with nothing in its environment.

Kept short, because Python compiles a script anew at every start; the work is in `child_side.py`.
"""

import json
import sys


def main() -> None:
    request = json.loads(sys.stdin.buffer.readline())
    sys.path += [*request["packages"], request["code"].rpartition("/")[0]]
    from studio.media import child_side

    child_side.serve(request)


main()
