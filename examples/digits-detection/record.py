"""Logs to the experiment, and remembers what was logged, so that it can be compared with what the page shows."""

import json
from pathlib import Path
from typing import Any

from picsellia import Experiment
from picsellia.sdk.log import LogType


class Record:
    def __init__(self, experiment: Experiment, output: Path):
        self.experiment = experiment
        self.output = output
        self.logs: dict[str, dict] = {}
        self.artifacts: dict[str, dict] = {}

    def log(self, name: str, data: Any, kind: LogType) -> None:
        """Logs as `experiment.log` does: a line's points are appended, all else is replaced."""
        self.experiment.log(name, data, kind)
        if kind == LogType.LINE:
            self.logs.setdefault(name, {"type": kind.name, "data": []})["data"].append(data)
        elif kind == LogType.IMAGE:
            self.logs.setdefault(name, {"type": kind.name, "data": []})["data"].append(Path(data).name)
        else:
            self.logs[name] = {"type": kind.name, "data": data}

    def store(self, name: str, path: Path) -> None:
        """Stores a file as `experiment.store` does: under a name that is taken it becomes the next version."""
        self._count(name, path)
        self.experiment.store(name, path)

    def store_json(self, name: str, data: Any) -> None:
        """Writes data to a file of the artifact's name, and stores it."""
        path = self.output / f"{name}.json"
        path.write_text(json.dumps(data, indent=2) + "\n")
        self.store(name, path)

    def finish(self) -> None:
        """Stores all that was logged as `results.json`, which tells of itself too."""
        path = self.output / "results.json"
        self._count("results", path)
        results = {"experiment": str(self.experiment.id), "logs": self.logs, "artifacts": self.artifacts}
        path.write_text(json.dumps(results, indent=2, allow_nan=False) + "\n")
        self.experiment.store("results", path)

    def _count(self, name: str, path: Path) -> None:
        versions = self.artifacts.get(name, {"versions": 0})["versions"] + 1
        self.artifacts[name] = {"filename": path.name, "versions": versions}
