"""Watches every Python process that a test starts, children of children included, for names it looks up."""

import os
from pathlib import Path

_HOOK = """
import os, sys

def _watch(event, args):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = args[0]
    elif event == "socket.connect":
        host = args[1][0] if isinstance(args[1], tuple) else None
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host not in (None, "", "127.0.0.1", "localhost", "::1"):
        log = os.open(os.environ["WATCH_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(log, f"{event} {host}\\n".encode())
        os.close(log)

sys.addaudithook(_watch)
with open(os.environ["WATCH_LOG"] + ".seen", "a") as seen:
    seen.write("watched\\n")
"""


class Watch:
    """`environment` starts watched processes; `lookups` is what they asked for; loopback is not counted."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(_HOOK, encoding="utf-8")
        self._log = folder / "log"
        paths = [str(folder), str(Path(__file__).parents[1])]
        self.environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "WATCH_LOG": str(self._log)}

    @property
    def processes(self) -> int:
        """How many processes were watched."""
        return len(Path(f"{self._log}.seen").read_text(encoding="utf-8").splitlines())

    @property
    def lookups(self) -> list[str]:
        return self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
