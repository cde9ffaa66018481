"""Images: uploaded with a signed form, logged by their object name, downloaded from a signed URL."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from picsellia import Client, Experiment
from picsellia.exceptions import BadRequestError, FileNotFoundException, ForbiddenError, ResourceConflictError
from picsellia.sdk.log import Log
from PIL import Image

from harness.sdk import raises_with_words, sdk_connection, send_request
from harness.users import User


@pytest.fixture
def image_file(tmp_path: Path) -> Callable[..., Path]:
    """Creates images of one color."""

    def create(name: str = "image.png", color: str = "teal", size: tuple[int, int] = (16, 12)) -> Path:
        Image.new("RGB", size, color).save(tmp_path / name)
        return tmp_path / name

    return create


def download_image(log: Log, target: Path) -> bytes:
    """Downloads as scripts do: requests a signed URL, then fetches it."""
    connection = sdk_connection(log)
    url = connection.init_download(log.data["object_name"])
    assert connection.do_download_file(target, url, log.data["large"], True)
    return target.read_bytes()


def test_uploads_and_downloads(experiment: Experiment, image_file: Callable[..., Path], tmp_path: Path):
    path = image_file()
    log = experiment.log("prediction", str(path), "IMAGE")
    assert log.type.name == "IMAGE"
    assert (log.data["filename"], log.data["name"], log.data["large"]) == ("image.png", "image.png", False)
    read = experiment.get_log("prediction")
    assert read.data["object_name"] == log.data["object_name"]
    assert download_image(read, tmp_path / "back.png") == path.read_bytes()


@pytest.mark.parametrize("name", ["a b.png", "Größe.jpg", "写真.png", "a+b&c%20.png", "no-extension", ".hidden.png"])
def test_accepts_any_file_name(experiment: Experiment, image_file: Callable[..., Path], tmp_path: Path, name: str):
    path = image_file().rename(tmp_path / name)
    log = experiment.log("prediction", str(path), "IMAGE")
    assert log.data["filename"] == name
    assert download_image(log, tmp_path / "back") == path.read_bytes()


def test_logging_again_replaces_the_image(experiment: Experiment, image_file: Callable[..., Path], tmp_path: Path):
    first = experiment.log("prediction", str(image_file("a.png", "red")), "IMAGE")
    later = image_file("b.png", "blue")
    second = experiment.log("prediction", str(later), "IMAGE")
    assert second.id == first.id
    read = experiment.get_log("prediction")
    assert read.data["filename"] == "b.png"
    assert download_image(read, tmp_path / "back.png") == later.read_bytes()
    assert len(experiment.list_logs()) == 1


def test_earlier_versions_stay_downloadable(experiment: Experiment, image_file: Callable[..., Path], tmp_path: Path):
    """The page has a slider for them."""
    earlier = image_file("a.png", "red")
    first = experiment.log("prediction", str(earlier), "IMAGE")
    experiment.log("prediction", str(image_file("b.png", "blue")), "IMAGE")
    assert download_image(first, tmp_path / "back.png") == earlier.read_bytes()


def test_two_logs_can_have_the_same_file_name(experiment: Experiment, image_file: Callable[..., Path], tmp_path: Path):
    red = image_file("same.png", "red").read_bytes()
    first = experiment.log("a", str(tmp_path / "same.png"), "IMAGE")
    blue = image_file("same.png", "blue").read_bytes()
    second = experiment.log("b", str(tmp_path / "same.png"), "IMAGE")
    assert first.data["object_name"] != second.data["object_name"]
    assert download_image(first, tmp_path / "back.png") == red
    assert download_image(second, tmp_path / "back.png") == blue


def test_is_not_replaced_with_replace_false(experiment: Experiment, image_file: Callable[..., Path]):
    path = str(image_file())
    log = experiment.log("prediction", path, "IMAGE", replace=False)
    with raises_with_words(ResourceConflictError):
        experiment.log("prediction", path, "IMAGE", replace=False)
    assert experiment.get_log("prediction").data == log.data


def test_an_image_replaces_another_document(experiment: Experiment, image_file: Callable[..., Path]):
    experiment.log("prediction", 1, "VALUE")
    log = experiment.log("prediction", str(image_file()), "IMAGE")
    read = experiment.get_log("prediction")
    assert (read.type.name, read.data) == ("IMAGE", log.data)


def test_rejects_a_missing_file(experiment: Experiment, tmp_path: Path):
    with raises_with_words(FileNotFoundException):
        experiment.log("prediction", str(tmp_path / "none.png"), "IMAGE")
    with raises_with_words(BadRequestError):  # by the SDK itself
        experiment.log("prediction", 3, "IMAGE")
    assert experiment.list_logs() == []


def test_renames_and_deletes(experiment: Experiment, image_file: Callable[..., Path], tmp_path: Path):
    path = image_file()
    log = experiment.log("prediction", str(path), "IMAGE")
    log.update(name="test/prediction")
    assert download_image(experiment.get_log("test/prediction"), tmp_path / "back.png") == path.read_bytes()
    log.delete()
    assert experiment.list_logs() == []


def test_uploads_a_large_file_completely(experiment: Experiment, tmp_path: Path):
    """The SDK starts an upload in parts for files of more than 25 MiB."""
    path = tmp_path / "large.tiff"
    path.write_bytes(bytes(range(256)) * (4 * 27 * 1024))
    log = experiment.log("prediction", str(path), "IMAGE")
    assert log.data["large"] is True
    assert download_image(log, tmp_path / "back.tiff") == path.read_bytes()


def test_uploads_an_empty_file(experiment: Experiment, tmp_path: Path):
    path = tmp_path / "empty.png"
    path.touch()
    log = experiment.log("prediction", str(path), "IMAGE")
    assert download_image(log, tmp_path / "back.png") == b""


def test_the_signed_url_needs_no_token_and_cannot_be_modified(experiment: Experiment, image_file: Callable[..., Path]):
    log = experiment.log("prediction", str(image_file()), "IMAGE")
    url = sdk_connection(log).init_download(log.data["object_name"])
    response = requests.get(url, timeout=30)
    assert response.status_code == 200
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "image/png"
    head, query = url.split("?", 1)
    for forged in (head, url[:-3], f"{head}?{query.replace('1', '2').replace('a', 'b')}"):
        if forged != url:
            assert requests.get(forged, timeout=30).status_code in (400, 401, 403, 404), forged


def test_objects_that_were_not_uploaded_are_kept_as_data(client: Client, experiment: Experiment):
    data = {"object_name": f"{uuid4()}/none.png", "filename": "none.png", "name": "none.png", "large": False}
    body = {"name": "prediction", "data": data, "type": "IMAGE"}
    response = send_request(client, "POST", f"/api/experiment/{experiment.id}/logs", json=body)
    assert response.status_code == 200, response.text
    assert experiment.get_log("prediction").data == data


def test_objects_of_other_organizations_cannot_be_downloaded_or_logged(
    outsider: User, experiment: Experiment, image_file: Callable[..., Path]
):
    log = experiment.log("prediction", str(image_file()), "IMAGE")
    theirs = outsider.client()
    mine = theirs.create_project(f"theirs {log.id}").create_experiment("experiment")
    for client in (theirs, experiment):
        path = f"/api/object-storage/{sdk_connection(client).connector_id}/retrieve_presigned_url"
        response = send_request(theirs, "POST", path, json={"object_name": log.data["object_name"]})
        assert response.status_code == 404, f"{path}: {response.text}"
    body = {"name": "stolen", "data": log.data, "type": "IMAGE"}
    response = send_request(theirs, "POST", f"/api/experiment/{mine.id}/logs", json=body)
    assert response.status_code == 200, response.text
    assert mine.get_log("stolen").data == log.data, "kept as data"
    path = f"/api/object-storage/{sdk_connection(theirs).connector_id}/retrieve_presigned_url"
    response = send_request(theirs, "POST", path, json={"object_name": log.data["object_name"]})
    assert response.status_code == 404, f"the image is still out of reach: {response.text}"


@pytest.mark.parametrize("file", ["", "../../etc/passwd", "a/b.png", "x" * 2000, "nul\0.png"], ids=repr)
def test_file_names_do_not_become_paths(client: Client, experiment: Experiment, file: str):
    path = f"/api/organization/{client.id}/connector/{sdk_connection(client).connector_id}/generate_object_name"
    body = {"filename": file, "type": "LOG_IMAGE", "context": {"experiment_id": str(experiment.id)}}
    response = send_request(client, "POST", path, json=body)
    assert response.status_code in (200, 400, 422), response.text
    if response.status_code == 200:
        assert ".." not in response.json()["object_name"].split("/")


def test_rejects_an_upload_to_an_unknown_experiment(client: Client):
    path = f"/api/organization/{client.id}/connector/{sdk_connection(client).connector_id}/generate_object_name"
    body = {"filename": "a.png", "type": "LOG_IMAGE", "context": {"experiment_id": str(uuid4())}}
    response = send_request(client, "POST", path, json=body)
    assert response.status_code == 404, response.text


def test_a_read_token_cannot_upload(owner: User, experiment: Experiment, image_file: Callable[..., Path]):
    reader = owner.client("read").get_experiment_by_id(experiment.id)
    with raises_with_words(ForbiddenError, "read"):
        reader.log("prediction", str(image_file()), "IMAGE")
    assert experiment.list_logs() == []
