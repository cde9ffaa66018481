"""Logs to the experiment, and records what was logged, for comparison with the page."""

import json
from pathlib import Path
from typing import Any

from picsellia import Experiment
from picsellia.sdk.log import LogType


class ExperimentRecorder:
    def __init__(self, experiment: Experiment, output: Path):
        self.experiment = experiment
        self.output = output
        self.logs: dict[str, dict] = {}
        self.artifacts: dict[str, dict] = {}

    def log(self, name: str, data: Any, kind: LogType) -> None:
        """Logs like `experiment.log`: points are appended to lines, images become new versions, other data is replaced."""
        self.experiment.log(name, data, kind)
        if kind == LogType.LINE:
            self.logs.setdefault(name, {"type": kind.name, "data": []})["data"].append(data)
        elif kind == LogType.IMAGE:
            self.logs.setdefault(name, {"type": kind.name, "data": []})["data"].append(Path(data).name)
        else:
            self.logs[name] = {"type": kind.name, "data": data}

    def store(self, name: str, path: Path) -> None:
        """Stores a file like `experiment.store`: under an existing name it becomes the next version."""
        self._count_version(name, path)
        self.experiment.store(name, path)

    def store_json(self, name: str, data: Any) -> None:
        """Stores data as a JSON file with the name of the artifact."""
        path = self.output / f"{name}.json"
        path.write_text(json.dumps(data, indent=2) + "\n")
        self.store(name, path)

    def finish(self) -> None:
        """Stores a record of everything that was logged, including this file, as `results.json`."""
        path = self.output / "results.json"
        self._count_version("results", path)
        results = {"experiment": str(self.experiment.id), "logs": self.logs, "artifacts": self.artifacts}
        path.write_text(json.dumps(results, indent=2, allow_nan=False) + "\n")
        self.experiment.store("results", path)

    def _count_version(self, name: str, path: Path) -> None:
        versions = self.artifacts.get(name, {"versions": 0})["versions"] + 1
        self.artifacts[name] = {"filename": path.name, "versions": versions}
