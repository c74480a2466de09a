"""Fetching a model from a hub on this machine: whole, broken off, false, unwanted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from email.message import Message
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.request import Request

import pytest
from model_server import COMMIT, ModelHub, model_files, serving
from typer.testing import CliRunner, Result

from mock_interviewer.adapters.engines import models_in
from mock_interviewer.adapters.model_download import fetch_model
from mock_interviewer.adapters.model_folders import bytes_begun, is_whole, part_folder
from mock_interviewer.adapters.model_hub import Hub, Redirects, usual_hub
from mock_interviewer.adapters.whisper import check_model_folder
from mock_interviewer.cli import model as model_command
from mock_interviewer.core.models import OFFERED, USUAL, offered_model
from mock_interviewer.errors import BadModel, FetchFault, HomeFault, InterviewError, UnknownName

TESTS = Path(__file__).parent
HTML = b"<html><body>Welcome to the hotel! Please log in.</body></html>"


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("HF_ENDPOINT", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    mask = os.umask(0o022)
    yield
    os.umask(mask)


@pytest.fixture
def hub() -> Iterator[ModelHub]:
    large_first = dict(reversed(model_files().items()))
    with serving(ModelHub(large_first)) as running:
        yield running


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "home" / "models"


def fetch(hub: ModelHub, models: Path) -> Path:
    return fetch_model(USUAL, models, Hub(hub.address, silence_s=5), pause_s=0)


def refusal(hub: ModelHub, models: Path, kind: type[InterviewError] = FetchFault) -> str:
    """What a fetch that must fail says; nothing that it leaves is taken for a model."""
    with pytest.raises(kind) as caught:
        fetch(hub, models)
    said = str(caught.value)
    assert "\n" not in said
    assert list(models_in(models)) == []
    return said


# whole


def test_a_fetched_model_has_the_hub_s_bytes_and_nothing_else(hub: ModelHub, models: Path) -> None:
    hub.files |= {"README.md": b"# A model", "preprocessor_config.json": b"{}"}
    folder = fetch(hub, models)
    assert folder == models / "base.en"
    there = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert there.pop("origin.json")
    assert there == {name: content for name, content in hub.files.items() if name != "README.md"}
    check_model_folder(folder)
    assert [path.name for path in models.iterdir()] == ["base.en"]


def test_files_are_asked_for_by_commit_and_once_each(hub: ModelHub, models: Path) -> None:
    fetch(hub, models)
    resolved = [path for path, _ in hub.asked if "/resolve/" in path]
    assert resolved[-1].endswith("model.bin"), "small files show a fault before the large one"
    assert len(resolved) == len(hub.files)
    assert all(f"/resolve/{COMMIT}/" in path for path in resolved)
    assert hub.served == {name: len(content) for name, content in hub.files.items()}


def test_progress_rises_to_the_size_the_hub_states(hub: ModelHub, models: Path) -> None:
    told: list[tuple[int, int]] = []
    fetch_model(USUAL, models, Hub(hub.address), lambda *figures: told.append(figures))
    size = sum(map(len, hub.files.values()))
    assert {total for _, total in told} == {size}
    assert [here for here, _ in told] == sorted(here for here, _ in told)
    assert told[-1] == (size, size)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_what_is_fetched_is_for_its_owner_only(hub: ModelHub, models: Path) -> None:
    assert fetch(hub, models).stat().st_mode & 0o077 == 0


def test_a_damaged_folder_is_replaced_by_a_whole_one(hub: ModelHub, models: Path) -> None:
    old = models / "base.en"
    old.mkdir(parents=True)
    (old / "model.bin").write_bytes(b"half")
    (old / "strange.txt").write_text("left over")
    (models / ".base.en.old").mkdir()
    (models / ".base.en.old" / "older.txt").write_text("of a fetch that was cut off")
    check_model_folder(fetch(hub, models))
    assert not (old / "strange.txt").exists()
    assert [path.name for path in models.iterdir()] == ["base.en"]


# breaks


@pytest.mark.parametrize("resets", [False, True])
def test_a_break_in_the_middle_is_gone_on_from_at_once(
    hub: ModelHub, models: Path, resets: bool
) -> None:
    hub.breaks, hub.resets = {"model.bin": [2000, 1000]}, resets
    folder = fetch(hub, models)
    assert (folder / "model.bin").read_bytes() == hub.files["model.bin"]
    if not resets:  # a reset may swallow bytes that were on their way
        assert hub.asked_for("model.bin") == [None, "bytes=2000-", "bytes=3000-"]
        assert hub.served["model.bin"] == len(hub.files["model.bin"])


def test_a_break_is_told_while_it_is_waited_for(hub: ModelHub, models: Path) -> None:
    hub.breaks = {"model.bin": [2000, 1000]}
    told: list[str] = []
    fetch_model(USUAL, models, Hub(hub.address), notice=told.append, pause_s=0)
    assert [line.partition(";")[0] for line in told] == ["The line to 127.0.0.1 broke"] * 2
    assert "(3 of 5)" in told[1]


def test_a_later_call_goes_on_where_the_last_one_gave_up(hub: ModelHub, models: Path) -> None:
    hub.breaks = {"model.bin": [3000, 0, 0, 0, 0]}
    assert "it goes on from there" in refusal(hub, models)
    assert 3000 < bytes_begun(models, "base.en") < 4000
    served_before = dict(hub.served)
    check_model_folder(fetch(hub, models))
    assert hub.asked_for("model.bin")[-1] == "bytes=3000-"
    assert hub.served["model.bin"] == len(hub.files["model.bin"])
    assert hub.served["config.json"] == served_before["config.json"]


def test_no_commit_puts_two_files_under_one_name(hub: ModelHub, models: Path) -> None:
    hub.listing = {"sha": COMMIT, "siblings": [*hub.siblings(), *hub.siblings()]}
    assert "did not answer as a hub does" in refusal(hub, models)


def test_a_hub_that_knows_no_ranges_is_read_from_the_start(hub: ModelHub, models: Path) -> None:
    hub.breaks, hub.knows_ranges = {"model.bin": [2000]}, False
    assert (fetch(hub, models) / "model.bin").read_bytes() == hub.files["model.bin"]


def test_a_busy_hub_is_asked_again(hub: ModelHub, models: Path) -> None:
    busy: tuple[int, dict[str, str], bytes] = (503, {}, b"busy")
    hub.instead = {"/api/": [busy] * 2, "/storage/config.json": [busy, (429, {}, b"slowly")]}
    check_model_folder(fetch(hub, models))


def test_a_hub_that_stays_busy_is_given_up(hub: ModelHub, models: Path) -> None:
    hub.instead = {"/api/": [(503, {}, b"busy")] * 99}
    assert "is busy or out of order (status 503)" in refusal(hub, models)
    assert len(hub.asked) == 5


def test_kept_bytes_that_are_wrong_are_fetched_once_more(hub: ModelHub, models: Path) -> None:
    part = part_folder(models, "base.en")
    part.mkdir(parents=True)
    (part / "model.bin.part").write_bytes(b"\xff" * 2000)
    (part / "tokenizer.json").write_bytes(b"of another revision")
    (part / "vocabulary.json").write_bytes(b"[]")
    folder = fetch(hub, models)
    assert (folder / "model.bin").read_bytes() == hub.files["model.bin"]
    assert hub.asked_for("model.bin") == ["bytes=2000-", None]
    assert not (folder / "vocabulary.json").exists()


def test_kept_bytes_beyond_the_file_s_end_are_dropped(hub: ModelHub, models: Path) -> None:
    part = part_folder(models, "base.en")
    part.mkdir(parents=True)
    (part / "model.bin.part").write_bytes(bytes(9000))
    assert (fetch(hub, models) / "model.bin").read_bytes() == hub.files["model.bin"]


def test_what_came_before_the_person_stopped_it_is_kept(hub: ModelHub, models: Path) -> None:
    hub.files = dict(reversed(model_files(1_000_000).items()))

    def stop_half_way(here: int, total: int) -> None:
        if here > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_model(USUAL, models, Hub(hub.address), stop_half_way)
    begun = bytes_begun(models, "base.en")
    assert begun > 500_000
    assert list(models_in(models)) == []
    folder = fetch(hub, models)
    assert (folder / "model.bin").read_bytes() == hub.files["model.bin"]
    first, second = hub.asked_for("model.bin")
    assert first is None
    assert int((second or "").removeprefix("bytes=").rstrip("-")) > 500_000


@pytest.mark.skipif(sys.platform == "win32", reason="no locks of this kind there")
def test_two_fetches_of_one_model_do_not_mix(hub: ModelHub, models: Path) -> None:
    import fcntl

    part = part_folder(models, "base.en")
    part.mkdir(parents=True)
    with (part / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "in another window" in refusal(hub, models)
    check_model_folder(fetch(hub, models))


# false answers


@pytest.mark.parametrize("name", ["model.bin", "config.json"])
def test_a_wrong_hash_is_refused_and_not_kept(hub: ModelHub, models: Path, name: str) -> None:
    content = hub.files[name]
    hub.stated = {name: content[:-1] + bytes([content[-1] ^ 1])}
    assert f"{name} came from 127.0.0.1 other than it was sent" in refusal(hub, models)
    part = part_folder(models, "base.en")
    assert not (part / name).exists()
    assert not (part / f"{name}.part").exists()


@pytest.mark.parametrize("change", [-1, 1])
def test_a_size_other_than_stated_is_refused(hub: ModelHub, models: Path, change: int) -> None:
    hub.stated = {"model.bin": model_files(5000 + change)["model.bin"]}
    assert "something else than the 5 kB that it states" in refusal(hub, models)


def test_more_bytes_than_stated_are_not_written(hub: ModelHub, models: Path) -> None:
    endless = (200, {"Content-Length": ""}, bytes(1_000_000))
    hub.instead = {"/storage/model.bin": [endless]}
    assert "something else" in refusal(hub, models)
    assert bytes_begun(models, "base.en") < 6000


@pytest.mark.parametrize(
    "body",
    [HTML, b"[]", b"{}", b"\xff\xfe", b'{"sha": "main", "siblings": []}', b"[" * 100_000],
)
def test_an_answer_that_is_no_hub_s_is_named(hub: ModelHub, models: Path, body: bytes) -> None:
    hub.instead = {"/api/": [(200, {"Content-Type": "text/html"}, body)]}
    assert "did not answer as a hub does" in refusal(hub, models)


@pytest.mark.parametrize(
    "change",
    [
        {"size": -5},
        {"size": "12"},
        {"size": True},
        {"blobId": "../../etc"},
        {"blobId": None},
        {"rfilename": ["config.json"]},
        {"lfs": {"sha256": "beef", "size": 5}},
    ],
)
def test_a_file_stated_wrongly_is_refused(
    hub: ModelHub, models: Path, change: dict[str, Any]
) -> None:
    siblings = sorted(hub.siblings(), key=lambda told: str(told["rfilename"]))
    assert siblings[0]["rfilename"] == "config.json"
    siblings[0] |= change
    hub.listing = {"sha": COMMIT, "siblings": siblings}
    assert "did not answer as a hub does" in refusal(hub, models)


@pytest.mark.parametrize(
    "name", ["../../outside.json", "/etc/passwd", "sub/config.json", "CON", ".lock", "origin.json"]
)
def test_names_from_the_hub_never_become_paths(hub: ModelHub, models: Path, name: str) -> None:
    hub.files[name] = b"{}"
    folder = fetch(hub, models)
    assert {path.name for path in folder.iterdir()} == {*model_files(), "origin.json"}
    assert (folder / "origin.json").read_bytes() != b"{}"
    assert [path.name for path in models.parent.rglob("*") if path.is_dir()] == [
        "models",
        "base.en",
    ]
    assert not any(path.endswith(name) for path, _ in hub.asked)


def test_a_login_page_in_place_of_the_weights_is_named(hub: ModelHub, models: Path) -> None:
    hub.instead = {"/storage/model.bin": [(200, {"Content-Type": "text/html"}, HTML)]}
    assert "log in" in refusal(hub, models)


def test_a_repository_without_weights_is_no_model(hub: ModelHub, models: Path) -> None:
    del hub.files["model.bin"]
    assert "its model.bin is missing" in refusal(hub, models)
    assert not any("/storage/" in path for path, _ in hub.asked)


def test_a_repository_with_another_kind_of_network_is_refused(hub: ModelHub, models: Path) -> None:
    hub.files["model.bin"] = bytes(5000)
    assert "no Whisper model" in refusal(hub, models)


def test_far_more_than_was_agreed_to_is_not_fetched(hub: ModelHub, models: Path) -> None:
    siblings = sorted(hub.siblings(), key=lambda told: str(told["rfilename"]))
    siblings[0]["size"] = 9_000_000_000
    hub.listing = {"sha": COMMIT, "siblings": siblings}
    assert "9.0 GB for base.en" in refusal(hub, models)


@pytest.mark.parametrize("status", [401, 404])
def test_a_model_the_hub_does_not_have_is_named(hub: ModelHub, models: Path, status: int) -> None:
    hub.instead = {"/api/": [(status, {}, HTML)]}
    assert f"has no model {USUAL.repository}" in refusal(hub, models)


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("file:///etc/passwd", "status 302"),
        ("ftp://127.0.0.1/x", "not encrypted"),
    ],
)
def test_a_redirect_to_what_is_no_web_address_is_not_followed(
    hub: ModelHub, models: Path, location: str, says: str
) -> None:
    hub.instead = {"/storage/model.bin": [(302, {"Location": location}, b"")]}
    assert says in refusal(hub, models)


def test_an_encrypted_line_is_not_given_up_for_an_open_one() -> None:
    asked = Request("https://hub.invalid/model.bin")
    with pytest.raises(FetchFault, match="not encrypted"):
        Redirects().redirect_request(asked, BytesIO(), 302, "", Message(), "http://hub.invalid/")
    onward = Redirects().redirect_request(
        asked, BytesIO(), 302, "", Message(), "https://store.invalid/"
    )
    assert onward is not None
    assert onward.full_url == "https://store.invalid/"


# the disk


def test_too_little_room_is_said_before_anything_is_fetched(
    hub: ModelHub, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(models.parent.parent)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert "1 MB are free" in refusal(hub, models, HomeFault)
    assert hub.served == {}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_disk_that_fills_up_on_the_way_is_one_plain_line(hub: ModelHub, models: Path) -> None:
    part = part_folder(models, "base.en")
    part.mkdir(parents=True)
    (part / "model.bin.part").symlink_to("/dev/full")
    assert "is full" in refusal(hub, models, HomeFault)
    (part / "model.bin.part").unlink()
    check_model_folder(fetch(hub, models))


def test_a_folder_that_cannot_be_written_is_named(hub: ModelHub, models: Path) -> None:
    models.parent.mkdir()
    models.write_text("a file where the folder should be")
    assert f"Cannot write to {models}" in refusal(hub, models, HomeFault)


# the way there


def test_no_network_is_one_plain_line(models: Path) -> None:
    with serving(ModelHub()) as hub:
        pass
    assert "does not answer" in refusal(hub, models)
    hub.address = "http://no-such-host.invalid"
    assert "there seems to be no network" in refusal(hub, models)


def test_a_silent_hub_is_given_up(models: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        hub = Hub(f"http://127.0.0.1:{silent.getsockname()[1]}", silence_s=0.05)
        with pytest.raises(FetchFault, match="fell silent"):
            fetch_model(USUAL, models, hub, pause_s=0)


def test_hf_endpoint_names_the_hub(hub: ModelHub, models: Path) -> None:
    assert usual_hub({}).endpoint == "https://huggingface.co"
    named = usual_hub({"HF_ENDPOINT": hub.address + "/"})
    check_model_folder(fetch_model(USUAL, models, named))


@pytest.mark.parametrize(
    "address",
    ["huggingface.co", "file:///etc", "ftp://x.y", "http://", "http://a b", "http://[", "é"],
)
def test_an_endpoint_that_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(FetchFault, match="HF_ENDPOINT is no web address"):
        Hub(address)


def test_an_http_proxy_is_honoured(
    hub: ModelHub, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", hub.address)
    check_model_folder(fetch_model(USUAL, models, Hub("http://hub.invalid")))
    assert set(hub.hosts) == {"hub.invalid"}


@pytest.mark.parametrize("variable", ["https_proxy", "ALL_PROXY"])
def test_an_encrypted_line_goes_through_the_proxy_too(
    hub: ModelHub, models: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, hub.address)
    with pytest.raises(FetchFault, match="proxy does not let us through"):
        fetch_model(USUAL, models, Hub("https://hub.invalid"), pause_s=0)
    assert hub.asked == [("CONNECT hub.invalid:443", None)]


def test_no_proxy_is_honoured(hub: ModelHub, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    check_model_folder(fetch(hub, models))


def test_a_socks_proxy_is_said_to_be_of_no_use(
    hub: ModelHub, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    assert "SOCKS" in refusal(hub, models)


# the commands


def run(hub: ModelHub, models: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        model_command.app,
        [*arguments, "--home", str(models.parent)],
        env={"HF_ENDPOINT": hub.address, "COLUMNS": "200"},
    )


def test_without_a_terminal_nobody_can_be_asked(hub: ModelHub, models: Path) -> None:
    ran = run(hub, models, "fetch")
    assert isinstance(ran.exception, InterviewError)
    assert "add --yes" in str(ran.exception)
    assert hub.asked == []
    assert not models.exists()


def test_yes_fetches_and_a_second_call_finds_it_there(hub: ModelHub, models: Path) -> None:
    ran = run(hub, models, "fetch", "--yes")
    assert ran.exit_code == 0, ran.output
    assert str(models / "base.en") in ran.stdout
    asked = len(hub.asked)
    ran = run(hub, models, "fetch")
    assert "is there already" in ran.stdout
    assert len(hub.asked) == asked


def test_a_fetched_model_that_was_harmed_is_noticed_and_mended(hub: ModelHub, models: Path) -> None:
    folder = fetch(hub, models)
    assert is_whole(folder)
    weights = bytearray(hub.files["model.bin"])
    weights[4000] ^= 1
    (folder / "model.bin").write_bytes(weights)
    assert not is_whole(folder)
    ran = run(hub, models, "check", "base.en")
    assert ran.exit_code == 1
    assert "model.bin is not what was fetched" in ran.stderr
    assert run(hub, models, "fetch", "--yes").exit_code == 0
    assert is_whole(folder)


def test_a_redirect_to_what_is_no_address_at_all_is_one_plain_line(
    hub: ModelHub, models: Path
) -> None:
    hub.instead = {"/storage/model.bin": [(302, {"Location": "http://[bad"}, b"")]}
    assert "no address" in refusal(hub, models)


@pytest.mark.parametrize(
    "origin", [b"\xff", b'{"files": [{"name": []}]}', b'{"files": 3}', b"[" * 100_000]
)
def test_a_damaged_word_of_where_a_model_is_from_hinders_nothing(
    hub: ModelHub, models: Path, origin: bytes
) -> None:
    folder = fetch(hub, models)
    (folder / "origin.json").write_bytes(origin)
    for command in ("check", "list"):
        ran = run(hub, models, command, *(["base.en"] if command == "check" else []))
        assert ran.exception is None or isinstance(ran.exception, (SystemExit, BadModel))


def test_a_folder_under_another_name_that_would_hide_the_new_one_is_named(
    hub: ModelHub, models: Path
) -> None:
    (models / "faster-whisper-base.en").mkdir(parents=True)
    ran = run(hub, models, "fetch", "--yes")
    assert isinstance(ran.exception, BadModel)
    assert "faster-whisper-base.en is damaged" in str(ran.exception)


def test_an_unknown_model_is_answered_with_those_there_are(hub: ModelHub, models: Path) -> None:
    ran = run(hub, models, "fetch", "gigantic")
    assert isinstance(ran.exception, UnknownName)
    assert all(model.name in str(ran.exception) for model in OFFERED)
    assert offered_model(USUAL.repository) is USUAL


def test_the_list_says_what_is_there_begun_and_damaged(hub: ModelHub, models: Path) -> None:
    fetch(hub, models)
    (models / "tiny.en").mkdir()
    (models / ".small.en.part").mkdir()
    (models / ".small.en.part" / "model.bin.part").write_bytes(bytes(120_000))
    shutil.copytree(models / "base.en", models / "my own")
    asked = len(hub.asked)
    lines = {line.split("  ")[0]: line for line in run(hub, models, "list").stdout.splitlines()}
    assert "there" in lines["base.en"]
    assert "damaged" in lines["tiny.en"]
    assert "120 kB here" in lines["small.en"]
    assert "your own" in lines["my own"]
    assert len(hub.asked) == asked


def test_a_model_that_is_whole_and_cannot_be_loaded_fails_the_check(
    hub: ModelHub, models: Path
) -> None:
    fetch(hub, models)
    ran = run(hub, models, "check")
    assert ran.exit_code == 1
    assert "cannot be loaded" in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_a_half_fetched_model_is_called_half_there(hub: ModelHub, models: Path) -> None:
    hub.breaks = {"model.bin": [3000, 0, 0, 0, 0]}
    refusal(hub, models)
    ran = run(hub, models, "check", "base.en")
    assert isinstance(ran.exception, BadModel)
    assert "only half there (3 kB of about 148 MB)" in str(ran.exception)


def test_checking_where_there_is_none_says_how_to_get_one(hub: ModelHub, models: Path) -> None:
    ran = run(hub, models, "check")
    assert isinstance(ran.exception, UnknownName)
    assert "model fetch" in str(ran.exception)


@pytest.mark.skipif(
    not (TESTS / "tiny_whisper" / "model.bin").is_file(), reason="the small test model is not here"
)
def test_a_true_model_passes_the_check_and_can_be_fetched(hub: ModelHub, models: Path) -> None:
    hub.files = {path.name: path.read_bytes() for path in (TESTS / "tiny_whisper").iterdir()}
    fetch(hub, models)
    ran = run(hub, models, "check", "base.en")
    assert ran.exit_code == 0, ran.output
    assert "every hash right) and loads" in ran.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("answer", ["y", "n"])
def test_in_a_terminal_it_asks_first(hub: ModelHub, models: Path, answer: str) -> None:
    master, slave = os.openpty()
    program = "from mock_interviewer.cli.model import app; app()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "fetch", "--home", str(models.parent)],
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
        env=os.environ | {"HF_ENDPOINT": hub.address},
        text=True,
    ) as asking:
        os.close(slave)
        shown = b""
        while b"?" not in shown or b"[Y/n]" not in shown:
            shown += os.read(master, 1000)
        assert hub.asked == []
        os.write(master, f"{answer}\n".encode())
        said, _ = asking.communicate(timeout=30)
    os.close(master)
    assert b"about 148 MB" in shown
    assert b"from 127.0.0.1" in shown
    assert bool(hub.asked) is (answer == "y")
    assert ("base.en is there" if answer == "y" else "Nothing was downloaded") in said
