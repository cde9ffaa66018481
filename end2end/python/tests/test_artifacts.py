"""Artifacts: stored whole and in parts, replaced under their names, listed, downloaded, deleted until nothing is left."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from picsellia import Client, Experiment
from picsellia.exceptions import PicselliaError, ResourceConflictError, ResourceNotFoundError
from picsellia.sdk.artifact import Artifact

from house.people import Person
from house.sdk import ask, connection, refused
from house.server import Server
from house.waiting import until

#: These run with the files on disk and in S3.
IN_S3_TOO = True

MIB = 1 << 20
#: What the SDK sends at once; larger files are sent in parts of this size.
PART = 25 * MIB


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Makes files of random bytes."""

    def make(name: str, size: int = 1000) -> Path:
        path = tmp_path / name
        path.write_bytes(os.urandom(size))
        return path

    return make


def sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def kept(server: Server) -> set[Path]:
    """The files that lie in the server's store; what that knows of them is hidden."""
    return {path for path in server.files.rglob("*") if path.is_file() and not path.name.startswith(".")}


def facts(client: Client, artifact: Artifact) -> dict:
    """What the server tells of an artifact, more than the SDK reads."""
    return ask(client, "GET", f"/api/artifact/{artifact.id}").json()


def downloaded(artifact: Artifact, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    artifact.download(str(folder), force_replace=True)
    return folder / artifact.filename


def test_is_stored_found_listed_and_downloaded(
    client: Client, experiment: Experiment, file: Callable[..., Path], tmp_path: Path
):
    path = file("best.pt")
    stored = experiment.store("model-latest", str(path))
    assert (stored.name, stored.filename, stored.large) == ("model-latest", "best.pt", False)
    for artifact in [experiment.get_artifact("model-latest"), experiment.list_artifacts()[0]]:
        assert (artifact.id, artifact.object_name) == (stored.id, stored.object_name)
        assert sha256(downloaded(artifact, tmp_path / "back")) == sha256(path)
    told = facts(client, stored)
    assert (told["size"], told["sha256"], told["version"]) == (1000, sha256(path), 1)


def test_storing_again_replaces_under_the_same_name(
    client: Client, experiment: Experiment, file: Callable[..., Path], tmp_path: Path
):
    first = experiment.store("model-latest", str(file("epoch1.pt")))
    later = file("epoch2.pt")
    second = experiment.store("model-latest", str(later))
    assert (second.id, second.filename) == (first.id, "epoch2.pt")
    assert second.object_name != first.object_name
    assert len(experiment.list_artifacts()) == 1
    assert facts(client, second)["version"] == 2
    assert sha256(downloaded(experiment.get_artifact("model-latest"), tmp_path / "back")) == sha256(later)
    first.sync()
    assert first.filename == "epoch2.pt"


@pytest.mark.parametrize(
    ("size", "segments"),
    [(PART, 1), (PART + 1, 2), (2 * PART, 2), (60 * MIB, 3)],
    ids=["25 MiB", "25 MiB and 1", "50 MiB, with an empty part", "60 MiB"],
)
def test_large_files_come_in_parts(
    server: Server, client: Client, experiment: Experiment, file: Callable[..., Path], tmp_path: Path, size: int, segments: int
):
    path = file("large.bin", size)
    before = kept(server)
    stored = experiment.store("large", str(path))
    assert stored.large is (size > PART)
    assert len(kept(server) - before) == segments, "it lies on the disk as it came"
    told = facts(client, stored)
    assert (told["size"], told["sha256"]) == (size, sha256(path))
    assert sha256(downloaded(stored, tmp_path / "back")) == sha256(path)
    some = requests.get(told["presigned_url"], headers={"Range": f"bytes={PART - 2}-{PART + 1}"}, timeout=30)
    with path.open("rb") as opened:
        opened.seek(PART - 2)
        assert (some.status_code, some.content) == (206, opened.read(4)), "also across two parts"


def test_a_folder_is_stored_as_an_archive(experiment: Experiment, tmp_path: Path):
    folder = tmp_path / "saved_model"
    (folder / "variables").mkdir(parents=True)
    (folder / "model.pb").write_bytes(b"model")
    (folder / "variables" / "data").write_bytes(b"variables")
    stored = experiment.store("model-latest", str(folder), do_zip=True)
    with zipfile.ZipFile(downloaded(stored, tmp_path / "back")) as archive:
        assert archive.testzip() is None
        assert sorted(Path(name).name for name in archive.namelist() if not name.endswith("/")) == ["data", "model.pb"]


def test_all_are_downloaded_into_a_tree(
    experiment: Experiment, file: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, filename in [
        ("config", "pipeline.config"),
        ("checkpoint-index-latest", "ckpt.index"),
        ("checkpoint-data-latest", "ckpt.data"),
        ("model-latest", "saved_model.zip"),
        ("notes", "notes.txt"),
    ]:
        experiment.store(name, str(file(filename)))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    experiment.download_artifacts(with_tree=True)
    found = {path.name: path for path in work.rglob("*") if path.is_file()}
    for filename, folder in [
        ("pipeline.config", "config"),
        ("ckpt.index", "checkpoint"),
        ("ckpt.data", "checkpoint"),
        ("saved_model.zip", "exported_model"),
        ("notes.txt", ""),
    ]:
        assert sha256(found[filename]) == sha256(tmp_path / filename)
        assert folder in str(found[filename].parent)


def test_is_updated_and_deleted(experiment: Experiment, file: Callable[..., Path]):
    artifact = experiment.store("a", str(file("a.bin")))
    other = experiment.store("b", str(file("b.bin")))
    artifact.update(name="c", filename="c.bin")
    assert experiment.get_artifact("c").filename == "c.bin"
    with refused(ResourceConflictError, "'b'"):
        artifact.update(name="b")
    with refused(PicselliaError, "name of the file"):
        artifact.update(filename="../../etc/passwd")
    artifact.sync()
    assert (artifact.name, artifact.filename) == ("c", "c.bin")
    artifact.delete()
    with pytest.raises(ResourceNotFoundError):
        experiment.get_artifact("c")
    assert [artifact.id for artifact in experiment.list_artifacts()] == [other.id]


def test_deleting_all_frees_the_disk(server: Server, experiment: Experiment, file: Callable[..., Path]):
    before = kept(server)
    for number in range(3):
        experiment.store("same", str(file(f"{number}.bin", 10_000 + number)))
        experiment.store(f"name {number}", str(file(f"{number}.bin", 20_000)))
    assert len(kept(server) - before) == 6
    experiment.delete_all_artifacts()
    assert experiment.list_artifacts() == []
    until(lambda: kept(server) <= before, "the disk is as it was")


def test_lists_are_paged_and_ordered(experiment: Experiment, file: Callable[..., Path]):
    for name in ["b", "c", "a"]:
        experiment.store(name, str(file(f"{name}.bin")))

    def names(**how) -> list[str]:
        return [artifact.name for artifact in experiment.list_artifacts(**how)]

    assert names() == ["b", "c", "a"]
    assert names(order_by=["name"]) == ["a", "b", "c"]
    assert names(order_by=["-name"], limit=2) == ["c", "b"]
    assert names(limit=1, offset=1) == ["c"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", r"C:\x", "a/b", ".", "写真", "a b%20c?d#e", "x" * 255], ids=["up", "drive", "path", "dot", "cjk", "url", "255"]
)
def test_any_name_on_one_line_is_a_name(experiment: Experiment, file: Callable[..., Path], tmp_path: Path, name: str):
    path = file("f.bin")
    stored = experiment.store(name, str(path))
    assert stored.name == name
    assert experiment.get_artifact(name).id == stored.id
    assert sha256(downloaded(stored, tmp_path / "back")) == sha256(path)


@pytest.mark.parametrize("name", ["a\nb", "x" * 300, " ", "gpj\u202eexe"], ids=["newline", "300", "blank", "right to left"])
def test_other_names_are_refused(experiment: Experiment, file: Callable[..., Path], name: str):
    with refused(PicselliaError, "name of an artifact"):
        experiment.store(name, str(file("f.bin")))
    assert experiment.list_artifacts() == []


def test_only_what_was_uploaded_becomes_an_artifact(
    client: Client, experiment: Experiment, another: Callable[[], Experiment], file: Callable[..., Path]
):
    stored = another().store("a", str(file("a.bin")))
    for object_name in ["made-up", "00000000-0000-0000-0000-000000000000", stored.object_name]:
        with refused(PicselliaError, "object"):
            experiment.create_artifact("b", "b.bin", object_name)
    organization = ask(client, "GET", f"/api/organization/{connection(client).organization_id}").json()
    path = f"/api/organization/{organization['id']}/connector/{organization['default_connector_id']}/generate_object_name"
    new = {"filename": "b.bin", "type": "ARTIFACT", "context": {"experiment_id": str(experiment.id)}}
    named = ask(client, "POST", path, json=new).json()["object_name"]
    with refused(PicselliaError, "have not arrived"):
        experiment.create_artifact("b", "b.bin", named)
    assert experiment.list_artifacts() == []


def test_strangers_see_no_artifact(stranger: Person, experiment: Experiment, file: Callable[..., Path]):
    stored = experiment.store("a", str(file("a.bin")))
    eve = stranger.client()
    for method, path in [
        ("GET", f"/api/artifact/{stored.id}"),
        ("PATCH", f"/api/artifact/{stored.id}"),
        ("DELETE", f"/api/artifact/{stored.id}"),
        ("GET", f"/api/experiment/{experiment.id}/artifacts"),
        ("GET", f"/api/experiment/{experiment.id}/artifacts/ids"),
        ("GET", f"/api/experiment/{experiment.id}/artifacts/find?name=a"),
    ]:
        answer = ask(eve, method, path, json={} if method == "PATCH" else None)
        assert answer.status_code == 404, f"{method} {path}"
    assert experiment.get_artifact("a").id == stored.id
