"""Images: uploaded by a signed form, logged by what they are called, downloaded by a signed address."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from picsellia import Client, Experiment
from picsellia.exceptions import BadRequestError, FileNotFoundException, ForbiddenError, ResourceConflictError
from picsellia.sdk.log import Log
from PIL import Image

from house.people import Person
from house.sdk import ask, connection, refused


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Path]:
    """Makes pictures of one colour."""

    def make(name: str = "picture.png", colour: str = "teal", size: tuple[int, int] = (16, 12)) -> Path:
        Image.new("RGB", size, colour).save(tmp_path / name)
        return tmp_path / name

    return make


def download(log: Log, target: Path) -> bytes:
    """As scripts do: ask for an address, then fetch what is there."""
    link = connection(log)
    url = link.init_download(log.data["object_name"])
    assert link.do_download_file(target, url, log.data["large"], True)
    return target.read_bytes()


def test_is_uploaded_and_downloaded(experiment: Experiment, picture: Callable[..., Path], tmp_path: Path):
    path = picture()
    log = experiment.log("prediction", str(path), "IMAGE")
    assert log.type.name == "IMAGE"
    assert (log.data["filename"], log.data["name"], log.data["large"]) == ("picture.png", "picture.png", False)
    read = experiment.get_log("prediction")
    assert read.data["object_name"] == log.data["object_name"]
    assert download(read, tmp_path / "back.png") == path.read_bytes()


@pytest.mark.parametrize("name", ["a b.png", "Größe.jpg", "写真.png", "a+b&c%20.png", "no-extension", ".hidden.png"])
def test_has_any_file_name(experiment: Experiment, picture: Callable[..., Path], tmp_path: Path, name: str):
    path = picture().rename(tmp_path / name)
    log = experiment.log("prediction", str(path), "IMAGE")
    assert log.data["filename"] == name
    assert download(log, tmp_path / "back") == path.read_bytes()


def test_logging_again_replaces(experiment: Experiment, picture: Callable[..., Path], tmp_path: Path):
    first = experiment.log("prediction", str(picture("a.png", "red")), "IMAGE")
    later = picture("b.png", "blue")
    second = experiment.log("prediction", str(later), "IMAGE")
    assert second.id == first.id
    read = experiment.get_log("prediction")
    assert read.data["filename"] == "b.png"
    assert download(read, tmp_path / "back.png") == later.read_bytes()
    assert len(experiment.list_logs()) == 1


def test_earlier_versions_stay(experiment: Experiment, picture: Callable[..., Path], tmp_path: Path):
    """The page has a slider over them."""
    earlier = picture("a.png", "red")
    first = experiment.log("prediction", str(earlier), "IMAGE")
    experiment.log("prediction", str(picture("b.png", "blue")), "IMAGE")
    assert download(first, tmp_path / "back.png") == earlier.read_bytes()


def test_one_file_name_under_two_logs(experiment: Experiment, picture: Callable[..., Path], tmp_path: Path):
    red = picture("same.png", "red").read_bytes()
    first = experiment.log("a", str(tmp_path / "same.png"), "IMAGE")
    blue = picture("same.png", "blue").read_bytes()
    second = experiment.log("b", str(tmp_path / "same.png"), "IMAGE")
    assert first.data["object_name"] != second.data["object_name"]
    assert download(first, tmp_path / "back.png") == red
    assert download(second, tmp_path / "back.png") == blue


def test_is_not_replaced_when_told_not_to(experiment: Experiment, picture: Callable[..., Path]):
    path = str(picture())
    log = experiment.log("prediction", path, "IMAGE", replace=False)
    with refused(ResourceConflictError):
        experiment.log("prediction", path, "IMAGE", replace=False)
    assert experiment.get_log("prediction").data == log.data


def test_keeps_its_kind(experiment: Experiment, picture: Callable[..., Path]):
    experiment.log("prediction", 1, "VALUE")
    with refused(ResourceConflictError, "prediction", "VALUE"):
        experiment.log("prediction", str(picture()), "IMAGE")
    assert experiment.get_log("prediction").data == 1


def test_a_file_that_is_not_there(experiment: Experiment, tmp_path: Path):
    with refused(FileNotFoundException):
        experiment.log("prediction", str(tmp_path / "none.png"), "IMAGE")
    with refused(BadRequestError):
        experiment.log("prediction", 3, "IMAGE")
    assert experiment.list_logs() == []


def test_is_renamed_and_deleted(experiment: Experiment, picture: Callable[..., Path], tmp_path: Path):
    path = picture()
    log = experiment.log("prediction", str(path), "IMAGE")
    with refused(BadRequestError):
        log.update(data={"object_name": "x"})
    log.update(name="test/prediction")
    assert download(experiment.get_log("test/prediction"), tmp_path / "back.png") == path.read_bytes()
    log.delete()
    assert experiment.list_logs() == []


def test_a_large_file_goes_up_whole(experiment: Experiment, tmp_path: Path):
    """Above 25 MiB the SDK asks for an upload in parts first."""
    path = tmp_path / "large.tiff"
    path.write_bytes(bytes(range(256)) * (4 * 27 * 1024))
    log = experiment.log("prediction", str(path), "IMAGE")
    assert log.data["large"] is True
    assert download(log, tmp_path / "back.tiff") == path.read_bytes()


def test_an_empty_file(experiment: Experiment, tmp_path: Path):
    path = tmp_path / "empty.png"
    path.touch()
    log = experiment.log("prediction", str(path), "IMAGE")
    assert download(log, tmp_path / "back.png") == b""


def test_the_address_works_by_itself_and_only_as_signed(experiment: Experiment, picture: Callable[..., Path]):
    log = experiment.log("prediction", str(picture()), "IMAGE")
    url = connection(log).init_download(log.data["object_name"])
    answer = requests.get(url, timeout=30)
    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "image/png"
    head, query = url.split("?", 1)
    for forged in (head, url[:-3], f"{head}?{query.replace('1', '2').replace('a', 'b')}"):
        if forged != url:
            assert requests.get(forged, timeout=30).status_code in (400, 401, 403, 404), forged


def test_what_was_never_uploaded_is_not_logged(client: Client, experiment: Experiment):
    data = {"object_name": f"{uuid4()}/none.png", "filename": "none.png", "name": "none.png", "large": False}
    body = {"name": "prediction", "data": data, "type": "IMAGE"}
    answer = ask(client, "POST", f"/api/experiment/{experiment.id}/logs", json=body)
    assert answer.status_code in (400, 404, 422), answer.text
    assert answer.json()["message"]
    assert experiment.list_logs() == []


def test_what_others_uploaded_is_neither_read_nor_logged(
    stranger: Person, experiment: Experiment, picture: Callable[..., Path]
):
    log = experiment.log("prediction", str(picture()), "IMAGE")
    theirs = stranger.client()
    mine = theirs.create_project(f"theirs {log.id}").create_experiment("experiment")
    for client in (theirs, experiment):
        path = f"/api/object-storage/{connection(client).connector_id}/retrieve_presigned_url"
        answer = ask(theirs, "POST", path, json={"object_name": log.data["object_name"]})
        assert answer.status_code == 404, f"{path}: {answer.text}"
    body = {"name": "stolen", "data": log.data, "type": "IMAGE"}
    answer = ask(theirs, "POST", f"/api/experiment/{mine.id}/logs", json=body)
    assert answer.status_code in (400, 403, 404, 422), answer.text
    assert mine.list_logs() == []


@pytest.mark.parametrize("file", ["", "../../etc/passwd", "a/b.png", "x" * 2000, "nul\0.png"], ids=repr)
def test_a_file_name_never_becomes_a_path(client: Client, experiment: Experiment, file: str):
    path = f"/api/organization/{client.id}/connector/{connection(client).connector_id}/generate_object_name"
    body = {"filename": file, "type": "LOG_IMAGE", "context": {"experiment_id": str(experiment.id)}}
    answer = ask(client, "POST", path, json=body)
    assert answer.status_code in (200, 400, 422), answer.text
    if answer.status_code == 200:
        assert ".." not in answer.json()["object_name"].split("/")


def test_an_image_for_nobody(client: Client):
    path = f"/api/organization/{client.id}/connector/{connection(client).connector_id}/generate_object_name"
    body = {"filename": "a.png", "type": "LOG_IMAGE", "context": {"experiment_id": str(uuid4())}}
    answer = ask(client, "POST", path, json=body)
    assert answer.status_code == 404, answer.text


def test_a_reading_token_uploads_nothing(owner: Person, experiment: Experiment, picture: Callable[..., Path]):
    reader = owner.client("read").get_experiment_by_id(experiment.id)
    with refused(ForbiddenError, "read"):
        reader.log("prediction", str(picture()), "IMAGE")
    assert experiment.list_logs() == []
