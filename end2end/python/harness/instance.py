"""The real server, started on its own data directory."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from pathlib import Path

import requests

from .database import Database
from .s3_store import S3Store
from .waiting import wait_until

#: How long the server may take to start, to respond and to stop, in seconds.
TIMEOUT = 15.0
ROOT = Path(__file__).resolve().parents[3]


def server_binary() -> Path:
    """Returns the binary named by GROUNDGLASS_BINARY, or the one built by `cargo xtask build`."""
    path = Path(os.environ.get("GROUNDGLASS_BINARY", ROOT / "target/release/groundglass"))
    if not path.is_file():
        raise FileNotFoundError(f"{path} does not exist: run `cargo xtask build`, or set GROUNDGLASS_BINARY")
    return path


class TestInstance:
    """A server. `log` is the text of its log, `files` is the directory of its stored files."""

    #: Not a test class, in spite of its name.
    __test__ = False

    def __init__(self, data_dir: Path, database: Database | None, store: S3Store | None = None) -> None:
        self._database = database
        self._store = store
        self.files = store.directory if store else data_dir / "blobs"
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
        """Starts the server on a free port and waits until it is ready."""
        command = [server_binary(), "serve", "--address", "127.0.0.1:0"]
        self._process = subprocess.Popen(
            command, env=self._env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for read in (self._read_output, self._read_log):
            self._readers.append(threading.Thread(target=read, daemon=True))
            self._readers[-1].start()
        announced = self._announced.wait(TIMEOUT) and self.url
        assert announced, f"the server did not announce its address\n{self.log}"
        wait_until(self._is_ready, "the server is ready", TIMEOUT)

    def stop(self) -> None:
        """Stops the server, drops its database and stops its store. Fails if the server hangs or exits with an error."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            code = process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError(f"the server did not exit within {TIMEOUT} s\n{self.log}") from None
        for reader in self._readers:
            reader.join()
        if self._database is not None:
            self._database.drop()
        if self._store is not None:
            self._store.stop()
        assert code == 0, f"the server exited with {code}\n{self.log}"

    def command(self, *args: str, stdin: str = "") -> str:
        """Runs a command of the binary on the same data and returns its output."""
        done = subprocess.run([server_binary(), *args], env=self._env, input=stdin, capture_output=True, text=True)
        assert done.returncode == 0, f"groundglass {' '.join(args)} exited with {done.returncode}: {done.stderr}"
        return done.stdout

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=TIMEOUT).ok
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
