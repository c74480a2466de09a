"""The recogniser's models: which hub they come from, where they lie, whether they are whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mock_interviewer.core.models import OfferedModel, offered_model
from mock_interviewer.settings import Home
from mock_interviewer.wiring.home import keep_private
from mock_interviewer.wiring.languages import language_of


def hub_host() -> str:
    """The host that a fetch would ask. Raises FetchFault for an address that is none."""
    from mock_interviewer.adapters.model_hub import usual_hub

    return usual_hub().host


def fetch(
    model: OfferedModel,
    home: Home,
    show: Callable[[int, int], None],
    say: Callable[[str], None],
) -> Path:
    """Download a model; its folder. Raises FetchFault, HomeFault."""
    from mock_interviewer.adapters.model_download import fetch_model
    from mock_interviewer.adapters.model_hub import usual_hub

    keep_private()
    return fetch_model(model, home.models, usual_hub(), show, say)


def there(home: Home) -> dict[str, Path]:
    """The models in the home folder, whole or not, by name."""
    from mock_interviewer.adapters.engines import models_in

    return dict(models_in(home.models))


def find(name: str, home: Home) -> Path:
    """The folder of a model by name or path. Raises UnknownName, BadModel."""
    from mock_interviewer.adapters.engines import find_model

    return find_model(name, home.models)


def name_of(folder: Path) -> str:
    """What a model in this folder is called."""
    from mock_interviewer.adapters.engines import model_name

    return model_name(folder)


def bytes_begun(name: str, home: Home) -> int:
    """How much of a broken-off fetch is here."""
    from mock_interviewer.adapters import model_folders

    return model_folders.bytes_begun(home.models, name)


def is_whole(folder: Path) -> bool:
    """True if nothing that can be seen without loading it is amiss."""
    from mock_interviewer.adapters import model_folders

    return model_folders.is_whole(folder)


def check(folder: Path) -> str:
    """Load a model and say that it is sound. Raises BadModel."""
    from mock_interviewer.adapters import model_folders

    return model_folders.check_model(folder)


def check_files(folder: Path) -> None:
    """See what can be seen without loading the model. Raises BadModel."""
    from mock_interviewer.adapters import whisper

    whisper.check_model_folder(folder)


def has_model(home: Home) -> bool:
    """True if a Whisper model that knows the language lies in the models folder, whole or not."""
    from mock_interviewer.adapters.engines import models_in
    from mock_interviewer.adapters.whisper import knows_english_only

    needs_more = home.language != "en"
    return any(
        not (needs_more and knows_english_only(folder)) for _, folder in models_in(home.models)
    )


def usual_model(home: Home) -> OfferedModel:
    """The model to fetch for the language."""
    return offered_model(language_of(home).sentence("about", "models"))
