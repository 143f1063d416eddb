"""Runs a command on a terminal of its own and types what a script says.

usage: terminal.py '[["what is waited for", "what is typed then"], …]' command [argument…]

Prints everything that the terminal showed, and ends with the exit code of the command.
"""

import json
import os
import pty
import select
import sys
import time

script = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])

shown = ""
seen = 0
until = time.monotonic() + 100
while time.monotonic() < until:
    readable, _, _ = select.select([terminal], [], [], 0.2)
    if readable:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break  # The command has ended.
        if not chunk:
            break
        shown += chunk.decode("utf-8", "replace")
    if script and script[0][0] in shown[seen:]:
        seen += shown[seen:].index(script[0][0]) + len(script[0][0])
        os.write(terminal, script.pop(0)[1].encode())
else:
    os.kill(pid, 9)

sys.stdout.write(shown)
sys.stdout.flush()
_, status = os.waitpid(pid, 0)
if script:
    sys.stderr.write(f"never shown: {script[0][0]!r}\n")
    sys.exit(99)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
