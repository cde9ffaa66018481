"""The real program, started on a data directory of its own."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from pathlib import Path

import requests

from .database import Database
from .store import Store
from .waiting import until

PATIENCE = 15.0
ROOT = Path(__file__).resolve().parents[3]


def binary() -> Path:
    """The program: the one that the environment names, else what `cargo xtask build` made."""
    path = Path(os.environ.get("GROUNDGLASS_BINARY", ROOT / "target/release/groundglass"))
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there: run `cargo xtask build`, or set GROUNDGLASS_BINARY")
    return path


class Server:
    """One running server. `log` holds what it wrote to its log, `files` is the folder where its files lie in the end."""

    def __init__(self, data_dir: Path, database: Database | None, store: Store | None = None) -> None:
        self._database = database
        self._store = store
        self.files = store.folder if store else data_dir / "blobs"
        self._env = {"PATH": os.environ["PATH"], "GROUNDGLASS_DATA_DIR": str(data_dir)}
        if database is not None:
            self._env["GROUNDGLASS_DATABASE_URL"] = database.url
        if store is not None:
            self._env["GROUNDGLASS_BLOB_URL"] = store.url
        self._process: subprocess.Popen[str] | None = None
        self._readers: list[threading.Thread] = []
        self._lines: list[str] = []
        self._announced = threading.Event()
        self.url = ""

    @property
    def log(self) -> str:
        return "".join(self._lines)

    def start(self) -> None:
        """Runs on a free port until it is ready."""
        command = [binary(), "serve", "--address", "127.0.0.1:0"]
        self._process = subprocess.Popen(
            command, env=self._env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for read in (self._read_output, self._read_log):
            self._readers.append(threading.Thread(target=read, daemon=True))
            self._readers[-1].start()
        assert self._announced.wait(PATIENCE) and self.url, f"the server told no address while it started\n{self.log}"
        until(self._ready, "the server is ready", PATIENCE)

    def stop(self) -> None:
        """Asks it to end; a server that hangs, or ends with an error, fails the tests. Removes its database and ends its store."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            code = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError(f"the server did not end within {PATIENCE} s\n{self.log}") from None
        for reader in self._readers:
            reader.join()
        if self._database is not None:
            self._database.drop()
        if self._store is not None:
            self._store.stop()
        assert code == 0, f"the server ended with {code}\n{self.log}"

    def command(self, *args: str, stdin: str = "") -> str:
        """Runs another command of the program on the same data; gives what it printed."""
        done = subprocess.run([binary(), *args], env=self._env, input=stdin, capture_output=True, text=True)
        assert done.returncode == 0, f"groundglass {' '.join(args)} ended with {done.returncode}: {done.stderr}"
        return done.stdout

    def _ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=PATIENCE).ok
        except requests.ConnectionError:
            return False

    def _read_output(self) -> None:
        assert self._process and self._process.stdout
        for line in self._process.stdout:
            if found := re.match(r"Groundglass is at (http:\S+)$", line):
                self.url = found[1].rstrip("/")
                self._announced.set()
        self._announced.set()

    def _read_log(self) -> None:
        assert self._process and self._process.stderr
        self._lines.extend(self._process.stderr)
