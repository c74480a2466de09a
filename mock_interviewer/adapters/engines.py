"""Which recogniser writes the answer down, and why, in one line that can be shown.

A model is a faster-whisper folder, either named by its path or lying in the models folder under its
name: `base.en`, `faster-whisper-base.en` and the hub's `models--Systran--faster-whisper-base.en`
all mean base.en. Without a usable model pocketsphinx does what it can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.adapters.sphinx import SphinxTranscriber
from mock_interviewer.adapters.whisper import (
    WhisperTranscriber,
    check_knows,
    check_model_folder,
)
from mock_interviewer.core.language import Language
from mock_interviewer.errors import BadModel, UnknownName
from mock_interviewer.ports import Transcriber

ENGINES = ("auto", "whisper", "sphinx")


def choose_engine(
    name: str, model: str | None, models_dir: Path, language_code: str = "en"
) -> tuple[Transcriber, str]:
    """The recogniser for the engine's name, and one plain line that says which and why.

    model is a name in models_dir or a folder. Raises UnknownName for an engine or model that does
    not exist, BadModel for a model that is asked for and cannot be used, and where nothing here
    knows the language.
    """
    language = load_language(language_code)
    if name not in ENGINES:
        raise UnknownName(f"There is no engine '{name}'; choose one of {', '.join(ENGINES)}.")
    if name == "sphinx":
        if model:
            raise UnknownName(
                f"--model {model} goes with the engine whisper; pocketsphinx has its own, "
                "so leave --model out"
            )
        return _sphinx(language), "pocketsphinx writes a rough draft, as asked."
    if model:
        folder = find_model(model, models_dir)
        return _whisper(folder, language), f"Whisper {model_name(folder)} from {folder}."
    return _first_usable(name, models_dir, language)


def find_model(model: str, models_dir: Path) -> Path:
    """The folder of a model given by name or path. Raises UnknownName with the models there are."""
    there = dict(models_in(models_dir))
    if model in there:
        return there[model]
    with suppress(RuntimeError):  # a user who is not there has no folder
        given = Path(model).expanduser()
        if given.is_dir():
            return _snapshot(given)
    if len(Path(model).parts) > 1:
        raise UnknownName(f"{model}: there is no such model folder; check the name.")
    if not there:
        raise UnknownName(
            f"There is no model '{model}' in {models_dir}, and no other; `mock-interviewer model "
            "fetch` brings one, or give a model's folder."
        )
    raise UnknownName(
        f"There is no model '{model}' in {models_dir}; choose one of {', '.join(there)}, or give "
        "a model's folder."
    )


def models_in(models_dir: Path, language: Language | None = None) -> Iterator[tuple[str, Path]]:
    """Every model in the folder, usable or not: name and folder, the preferred ones first.

    What is preferred is the language's; English where none is given.
    """
    preferred = (language or load_language()).phrases["about"]["models"]
    try:
        folders = [path for path in models_dir.iterdir() if path.is_dir() and path.name[0] != "."]
    except OSError:
        return
    named = {model_name(folder): _snapshot(folder) for folder in sorted(folders)}
    for name in sorted(named, key=lambda name: _preference(name, preferred)):
        yield name, named[name]


def model_name(folder: Path) -> str:
    """What people call the model in a folder.

    >>> model_name(Path("models/faster-whisper-base.en"))
    'base.en'
    """
    if folder.parent.name == "snapshots":
        folder = folder.parent.parent
    return folder.resolve().name.rsplit("--", 1)[-1].removeprefix("faster-whisper-")


def _preference(name: str, preferred: Sequence[str]) -> tuple[int, str]:
    return (preferred.index(name) if name in preferred else len(preferred), name)


def _snapshot(folder: Path) -> Path:
    """The folder with the files, where a hub's cache keeps them under snapshots/."""
    inside = sorted(path for path in folder.glob("snapshots/*") if path.is_dir())
    return inside[-1] if inside else folder


def _whisper(folder: Path, language: Language) -> WhisperTranscriber:
    return WhisperTranscriber(folder, language, model_name(folder))


def _sphinx(language: Language) -> SphinxTranscriber:
    """pocketsphinx, where it has a model for the language. Raises BadModel."""
    if not language.phrases["about"]["sphinx"]:
        called = language.sentence("about", "called")
        raise BadModel(
            f"pocketsphinx has no {called}; `{_fetching(language)}` brings a Whisper model that "
            "has, once, or answer with --typed."
        )
    return SphinxTranscriber()


def _fetching(language: Language) -> str:
    """The command that brings the language's model."""
    return f"mock-interviewer model fetch {language.sentence('about', 'models')}"


def _first_usable(name: str, models_dir: Path, language: Language) -> tuple[Transcriber, str]:
    faults: list[str] = []
    for label, folder in models_in(models_dir, language):
        try:
            check_model_folder(folder)
            check_knows(folder, language)
        except BadModel as fault:
            faults.append(str(fault))
            continue
        return _whisper(folder, language), f"Whisper {label} from {folder}."
    why = f"{faults[0]}." if faults else f"There is no Whisper model in {models_dir}."
    if name == "whisper":
        raise BadModel(
            f"{why} Fetch one with `{_fetching(language)}`, name a faster-whisper model's folder "
            "with --model, or use --engine sphinx."
        )
    if faults and not language.phrases["about"]["sphinx"]:
        raise BadModel(faults[0])  # it says what to do
    return _sphinx(language), (
        f"{why} pocketsphinx writes a rough draft; for better text: `{_fetching(language)}`, or "
        "name a faster-whisper model's folder with --model."
    )
