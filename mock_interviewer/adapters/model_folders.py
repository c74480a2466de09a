"""Whether a model folder on this machine is what it should be: whole, unharmed, loadable.

Three questions, from cheap to dear. Are all files there and of the right kind? Where the folder
says where it came from (`origin.json`, written when it was fetched), has each file still the size
and hash that the hub stated? Does the recogniser load it? The network is not asked.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.adapters.model_hub import HubFile
from mock_interviewer.adapters.whisper import WhisperTranscriber, check_model_folder
from mock_interviewer.core.models import MODEL_FILES, as_size
from mock_interviewer.errors import BadModel

ORIGIN = "origin.json"
"""Where a fetched model's files came from, with size and hash of each; lies in its folder."""


def check_model(folder: Path) -> str:
    """What was found good, in a few words. Raises BadModel, one plain line with what to do."""
    check_model_folder(folder)
    stated = _stated_files(folder)
    for file in stated:
        if not _is_unharmed(folder / file.name, file):
            raise BadModel(
                f"{folder}: the model's {file.name} is not what was fetched; run "
                f"`mock-interviewer model fetch {folder.name}` to have it mended."
            )
    _ = WhisperTranscriber(folder, load_language())._model  # loads it, or raises BadModel
    size = sum(path.stat().st_size for path in folder.iterdir() if path.name in MODEL_FILES)
    proof = ", every hash right" if stated else ""
    return f"whole ({as_size(size)}{proof}) and loads"


def is_whole(folder: Path) -> bool:
    """True if the files are there and unharmed, as far as can be told without loading them."""
    try:
        check_model_folder(folder)
        return all(_is_unharmed(folder / file.name, file) for file in _stated_files(folder))
    except BadModel:
        return False


def part_folder(models_dir: Path, name: str) -> Path:
    """Where the bytes of a model lie until it is whole."""
    return models_dir / f".{name}.part"


def bytes_begun(models_dir: Path, name: str) -> int:
    """How much of a model an unfinished fetch has left here; 0 if there was none."""
    try:
        return sum(path.stat().st_size for path in part_folder(models_dir, name).iterdir())
    except OSError:
        return 0


def is_as_stated(path: Path, file: HubFile) -> bool:
    """True if the file on disk has the size and the hash that the hub stated."""
    if size_of(path) != file.size:
        return False
    if file.algorithm == "sha256":
        digest = hashlib.sha256()
    else:
        digest = hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)
    with path.open("rb") as content:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest() == file.digest


def size_of(path: Path) -> int:
    """In bytes; 0 where there is no such file."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _is_unharmed(path: Path, file: HubFile) -> bool:
    try:
        return is_as_stated(path, file)
    except OSError:
        return False


def _stated_files(folder: Path) -> tuple[HubFile, ...]:
    """What the hub stated when the folder was fetched; nothing if it was brought otherwise."""
    try:
        written = (folder / ORIGIN).read_text(encoding="utf-8")
        files = tuple(HubFile(**file) for file in json.loads(written)["files"])
        return tuple(file for file in files if file.name in MODEL_FILES)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ()  # not there, or damaged
