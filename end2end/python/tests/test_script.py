"""A complete training script, run as its author runs it: in a separate process that only knows where to log."""

import os
import subprocess
import sys
from pathlib import Path

from picsellia import Client, Project
from picsellia.types.enums import ExperimentStatus

from harness.users import User

SCRIPT = Path(__file__).resolve().parents[1] / "scripts/train.py"


def test_runs_a_training_script(owner: User, client: Client, project: Project, tmp_path: Path):
    experiment = project.create_experiment("training")
    experiment.log_parameters({"epochs": 3, "batch_size": 8})
    env = {
        "PATH": os.environ["PATH"],
        "api_token": owner.create_token(),
        "host": owner.server.url,
        "organization_id": str(client.id),
        "experiment_id": str(experiment.id),
    }
    done = subprocess.run([sys.executable, SCRIPT], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"the script failed:\n{done.stdout}\n{done.stderr}"

    experiment.sync()
    assert experiment.status == ExperimentStatus.SUCCESS
    kinds = {log.name: log.type.name for log in experiment.list_logs()}
    assert kinds == {
        "parameters": "TABLE",
        "labelmap": "LABELMAP",
        "train/objects_distribution": "BAR",
        "train/loss": "LINE",
        "val/mAP50(B)": "LINE",
        "val/sample": "IMAGE",
        "confusion-matrix": "HEATMAP",
        "test/metrics": "TABLE",
        "best": "VALUE",
    }
    assert experiment.get_log("train/loss").data == [1.0, 0.5, 1 / 3]
    assert experiment.get_log("best").data == 0.75
