"""An S3-compatible object store on a directory, in a process of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def s3_store_binary() -> Path:
    """Returns the binary named by GROUNDGLASS_S3_STORE, or the one built by `cargo build -p tracker --example s3-store`."""
    default = Path(__file__).resolve().parents[3] / "target/debug/examples/s3-store"
    path = Path(os.environ.get("GROUNDGLASS_S3_STORE", default))
    if not path.is_file():
        raise FileNotFoundError(f"{path} does not exist: run `cargo build -p tracker --example s3-store`")
    return path


class S3Store:
    """A running store. `url` is the blob URL for the server."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._process = subprocess.Popen(
            [s3_store_binary(), str(directory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()

    def stop(self) -> None:
        """Stops the store, which exits when its standard input is closed."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)
