"""A store that speaks S3, on a folder, in a process of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def program() -> Path:
    """The store's program: the one that the environment names, else what `cargo build -p tracker --example s3-store` made."""
    path = Path(os.environ.get("GROUNDGLASS_S3_STORE", Path(__file__).resolve().parents[3] / "target/debug/examples/s3-store"))
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there: run `cargo build -p tracker --example s3-store`")
    return path


class Store:
    """A running store. `url` is what the server keeps its files in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [program(), str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()

    def stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)
