"""Artifacts: upload in one request and in parts, replacement under the same name, lists, download, and deletion of all bytes."""

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

from harness.instance import TestInstance
from harness.sdk import raises_with_words, sdk_connection, send_request
from harness.users import User
from harness.waiting import wait_until

#: These tests run with the files on disk and in S3.
IN_S3_TOO = True

MIB = 1 << 20
#: The largest file that the SDK sends in one request; larger files are sent in parts of this size.
PART = 25 * MIB


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Creates files of random bytes."""

    def create(name: str, size: int = 1000) -> Path:
        path = tmp_path / name
        path.write_bytes(os.urandom(size))
        return path

    return create


def sha256_of(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def stored_files(server: TestInstance) -> set[Path]:
    """Returns the files in the server's store, without the store's own hidden files."""
    return {path for path in server.files.rglob("*") if path.is_file() and not path.name.startswith(".")}


def artifact_json(client: Client, artifact: Artifact) -> dict:
    """Returns the server's JSON of an artifact, which has more fields than the SDK reads."""
    return send_request(client, "GET", f"/api/artifact/{artifact.id}").json()


def download_artifact(artifact: Artifact, directory: Path) -> Path:
    directory.mkdir(exist_ok=True)
    artifact.download(str(directory), force_replace=True)
    return directory / artifact.filename


def test_stores_finds_lists_and_downloads(
    client: Client, experiment: Experiment, file: Callable[..., Path], tmp_path: Path
):
    path = file("best.pt")
    stored = experiment.store("model-latest", str(path))
    assert (stored.name, stored.filename, stored.large) == ("model-latest", "best.pt", False)
    for artifact in [experiment.get_artifact("model-latest"), experiment.list_artifacts()[0]]:
        assert (artifact.id, artifact.object_name) == (stored.id, stored.object_name)
        assert sha256_of(download_artifact(artifact, tmp_path / "back")) == sha256_of(path)
    artifact = artifact_json(client, stored)
    assert (artifact["size"], artifact["sha256"], artifact["version"]) == (1000, sha256_of(path), 1)


def test_storing_again_creates_a_new_version(
    client: Client, experiment: Experiment, file: Callable[..., Path], tmp_path: Path
):
    first = experiment.store("model-latest", str(file("epoch1.pt")))
    later = file("epoch2.pt")
    second = experiment.store("model-latest", str(later))
    assert (second.id, second.filename) == (first.id, "epoch2.pt")
    assert second.object_name != first.object_name
    assert len(experiment.list_artifacts()) == 1
    assert artifact_json(client, second)["version"] == 2
    assert sha256_of(download_artifact(experiment.get_artifact("model-latest"), tmp_path / "back")) == sha256_of(later)
    first.sync()
    assert first.filename == "epoch2.pt"


@pytest.mark.parametrize(
    ("size", "segments"),
    [(PART, 1), (PART + 1, 2), (2 * PART, 2), (60 * MIB, 3)],
    ids=["25 MiB", "25 MiB and 1 byte", "50 MiB, with an empty part", "60 MiB"],
)
def test_uploads_large_files_in_parts(
    server: TestInstance, client: Client, experiment: Experiment, file: Callable[..., Path], tmp_path: Path, size: int, segments: int
):
    path = file("large.bin", size)
    before = stored_files(server)
    stored = experiment.store("large", str(path))
    assert stored.large is (size > PART)
    assert len(stored_files(server) - before) == segments, "each part is stored as a file"
    artifact = artifact_json(client, stored)
    assert (artifact["size"], artifact["sha256"]) == (size, sha256_of(path))
    assert sha256_of(download_artifact(stored, tmp_path / "back")) == sha256_of(path)
    some = requests.get(artifact["presigned_url"], headers={"Range": f"bytes={PART - 2}-{PART + 1}"}, timeout=30)
    with path.open("rb") as opened:
        opened.seek(PART - 2)
        assert (some.status_code, some.content) == (206, opened.read(4)), "a range may span two parts"


def test_stores_a_directory_as_an_archive(experiment: Experiment, tmp_path: Path):
    directory = tmp_path / "saved_model"
    (directory / "variables").mkdir(parents=True)
    (directory / "model.pb").write_bytes(b"model")
    (directory / "variables" / "data").write_bytes(b"variables")
    stored = experiment.store("model-latest", str(directory), do_zip=True)
    with zipfile.ZipFile(download_artifact(stored, tmp_path / "back")) as archive:
        assert archive.testzip() is None
        assert sorted(Path(name).name for name in archive.namelist() if not name.endswith("/")) == ["data", "model.pb"]


def test_downloads_all_artifacts_into_a_tree(
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
    for filename, directory in [
        ("pipeline.config", "config"),
        ("ckpt.index", "checkpoint"),
        ("ckpt.data", "checkpoint"),
        ("saved_model.zip", "exported_model"),
        ("notes.txt", ""),
    ]:
        assert sha256_of(found[filename]) == sha256_of(tmp_path / filename)
        assert directory in str(found[filename].parent)


def test_updates_and_deletes_an_artifact(experiment: Experiment, file: Callable[..., Path]):
    artifact = experiment.store("a", str(file("a.bin")))
    other = experiment.store("b", str(file("b.bin")))
    artifact.update(name="c", filename="c.bin")
    assert experiment.get_artifact("c").filename == "c.bin"
    with raises_with_words(ResourceConflictError, "'b'"):
        artifact.update(name="b")
    with raises_with_words(PicselliaError, "name of the file"):
        artifact.update(filename="../../etc/passwd")
    artifact.sync()
    assert (artifact.name, artifact.filename) == ("c", "c.bin")
    artifact.delete()
    with pytest.raises(ResourceNotFoundError):
        experiment.get_artifact("c")
    assert [artifact.id for artifact in experiment.list_artifacts()] == [other.id]


def test_deleting_all_artifacts_frees_the_disk(server: TestInstance, experiment: Experiment, file: Callable[..., Path]):
    before = stored_files(server)
    for number in range(3):
        experiment.store("same", str(file(f"{number}.bin", 10_000 + number)))
        experiment.store(f"name {number}", str(file(f"{number}.bin", 20_000)))
    assert len(stored_files(server) - before) == 6
    experiment.delete_all_artifacts()
    assert experiment.list_artifacts() == []
    wait_until(lambda: stored_files(server) <= before, "the files are deleted")


def test_lists_in_pages_and_in_order(experiment: Experiment, file: Callable[..., Path]):
    for name in ["b", "c", "a"]:
        experiment.store(name, str(file(f"{name}.bin")))

    def names(**options) -> list[str]:
        return [artifact.name for artifact in experiment.list_artifacts(**options)]

    assert names() == ["b", "c", "a"]
    assert names(order_by=["name"]) == ["a", "b", "c"]
    assert names(order_by=["-name"], limit=2) == ["c", "b"]
    assert names(limit=1, offset=1) == ["c"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", r"C:\x", "a/b", ".", "写真", "a b%20c?d#e", "x" * 255], ids=["up", "drive", "path", "dot", "cjk", "url", "255"]
)
def test_accepts_any_name_without_line_breaks(experiment: Experiment, file: Callable[..., Path], tmp_path: Path, name: str):
    path = file("f.bin")
    stored = experiment.store(name, str(path))
    assert stored.name == name
    assert experiment.get_artifact(name).id == stored.id
    assert sha256_of(download_artifact(stored, tmp_path / "back")) == sha256_of(path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a\nb", "ab"), ("gpj\u202eexe", "gpjexe"), ("\ufeffbest\u00a0model\u200b", "best model")],
    ids=["newline", "right to left", "invisible"],
)
def test_removes_invisible_characters_from_names(experiment: Experiment, file: Callable[..., Path], name: str, expected: str):
    stored = experiment.store(name, str(file("f.bin")))
    assert stored.name == expected
    assert experiment.get_artifact(name).id == stored.id
    assert experiment.get_artifact(expected).id == stored.id


@pytest.mark.parametrize("name", ["x" * 300, " ", "\u200b"], ids=["300", "blank", "invisible"])
def test_rejects_invalid_names(experiment: Experiment, file: Callable[..., Path], name: str):
    with raises_with_words(PicselliaError, "name of an artifact"):
        experiment.store(name, str(file("f.bin")))
    assert experiment.list_artifacts() == []


def test_rejects_objects_that_were_not_uploaded(
    client: Client, experiment: Experiment, create_experiment: Callable[[], Experiment], file: Callable[..., Path]
):
    stored = create_experiment().store("a", str(file("a.bin")))
    for object_name in ["made-up", "00000000-0000-0000-0000-000000000000", stored.object_name]:
        with raises_with_words(PicselliaError, "object"):
            experiment.create_artifact("b", "b.bin", object_name)
    organization = send_request(client, "GET", f"/api/organization/{sdk_connection(client).organization_id}").json()
    path = f"/api/organization/{organization['id']}/connector/{organization['default_connector_id']}/generate_object_name"
    new = {"filename": "b.bin", "type": "ARTIFACT", "context": {"experiment_id": str(experiment.id)}}
    named = send_request(client, "POST", path, json=new).json()["object_name"]
    with raises_with_words(PicselliaError, "have not arrived"):
        experiment.create_artifact("b", "b.bin", named)
    assert experiment.list_artifacts() == []


def test_artifacts_of_other_organizations_are_not_found(outsider: User, experiment: Experiment, file: Callable[..., Path]):
    stored = experiment.store("a", str(file("a.bin")))
    eve = outsider.client()
    for method, path in [
        ("GET", f"/api/artifact/{stored.id}"),
        ("PATCH", f"/api/artifact/{stored.id}"),
        ("DELETE", f"/api/artifact/{stored.id}"),
        ("GET", f"/api/experiment/{experiment.id}/artifacts"),
        ("GET", f"/api/experiment/{experiment.id}/artifacts/ids"),
        ("GET", f"/api/experiment/{experiment.id}/artifacts/find?name=a"),
    ]:
        response = send_request(eve, method, path, json={} if method == "PATCH" else None)
        assert response.status_code == 404, f"{method} {path}"
    assert experiment.get_artifact("a").id == stored.id
