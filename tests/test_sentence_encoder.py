"""The encoder itself: the network that ships, and what happens where it cannot be used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from test_agency import OWN_ACTIONS, OWN_TASK, RESULT, SITUATION, told

from mock_interviewer import wiring
from mock_interviewer.adapters import sentence_encoder
from mock_interviewer.adapters.language_files import (
    ENCODER,
    ENCODER_TABLE,
    LANGUAGES_DIR,
    load_language,
)
from mock_interviewer.adapters.sentence_encoder import NETWORK, TOKENIZER, SentenceEncoder
from mock_interviewer.core import second_opinion
from mock_interviewer.core.agency import find_disqualifiers
from mock_interviewer.core.language import Language
from mock_interviewer.core.rubric import Disqualifier, Stage
from mock_interviewer.core.second_opinion import SIGNALS_TABLE, Asked
from mock_interviewer.errors import BadInput
from mock_interviewer.settings import Home, home_at
from mock_interviewer.wiring.judgement import judged_by

FOLDER = LANGUAGES_DIR / "en" / ENCODER
SHIPS = all((FOLDER / name).is_file() for name in (NETWORK, TOKENIZER))
with_files = pytest.mark.skipif(not SHIPS, reason="the encoder's files are not in the tree")
TABLES = load_language("en").weights
AT_HOME = Home(Path("/nowhere"))
SENTENCE = Asked("the glue had gone white.", "I cut nine more of them open.")
HANDED = ("action", "I passed it to the boatman and he took care of the rest of it.")


@pytest.fixture(scope="module")
def english() -> Language:
    return load_language("en", with_encoder=True)


@pytest.fixture
def turned_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOCK_INTERVIEWER_ENCODER")


def test_the_table_is_called_the_same_on_both_sides() -> None:
    assert ENCODER_TABLE == second_opinion.TABLE


def test_its_columns_are_labels_and_stages_each_once() -> None:
    columns = list(sentence_encoder.COLUMNS)
    assert len(columns) == len(set(columns))
    assert {*Disqualifier, *Stage} <= set(columns)
    assert set(columns) == {*TABLES[second_opinion.TABLE], *TABLES[SIGNALS_TABLE], *Stage}


# ---- what ships


TOLD = [
    (Disqualifier.ASSIGNED, "This one got put on my plate by the woman who runs the shop."),
    (Disqualifier.ASSIGNED, "It was only mine because the rota said so that month."),
    (Disqualifier.HANDED_OFF, "I put in a ticket and the network people did the rest."),
    (Disqualifier.HANDED_OFF, "From then on it was the vendor's baby, and they cured it."),
    (Disqualifier.COLLECTIVE_DECISION, "We all sort of agreed round the table to stop."),
    (Disqualifier.COLLECTIVE_DECISION, "Among the six of us we came to the new layout."),
]
OWN = [
    "Nobody had put it on my plate, I took it because it bothered me.",
    "The vendor gave up on it, so I took the pump apart on my own bench.",
    "I asked all six of them what they thought, and then I chose the new layout.",
]
LESSONS = [
    (
        "Nothing in how the two shifts hand over says who looks at the gauge.",
        "I learned that communication really is the key to everything.",
    ),
    (
        "Between the stores and the bench nobody's form has a line for a part that came back.",
        "It taught me to believe in myself and to keep going whatever happens.",
    ),
]


@with_files
def test_new_sentences_of_each_kind_are_told_from_honest_ones(english: Language) -> None:
    assert english.encoder is not None
    own = english.encoder.opinions([Asked("", text) for text in OWN])
    assert own is not None
    for disqualifier, text in TOLD:
        (opinion,) = english.encoder.opinions([Asked("", text)]) or ()
        honest = max(told[disqualifier] for told in own)
        assert opinion[disqualifier] > honest, text


@with_files
def test_what_follows_a_unit_is_heard_with_it(english: Language) -> None:
    assert english.encoder is not None
    rang = "So I rang the joiner and told him about it."
    gone, went_on = english.encoder.opinions(
        [
            Asked("The door had warped.", rang, "He did all the rest and I never saw it again."),
            Asked("The door had warped.", rang, "I went back with him and did the rest myself."),
        ]
    ) or ({}, {})
    assert gone["handed_off"] > went_on["handed_off"]


@with_files
def test_a_gap_in_a_system_is_told_from_a_lesson_that_fits_any_story(english: Language) -> None:
    assert english.encoder is not None
    for gap, slogan in LESSONS:
        of_gap, of_slogan = english.encoder.opinions([Asked("", gap), Asked("", slogan)]) or ()
        assert of_gap["systemic_insight"] > of_slogan["systemic_insight"], gap
        assert of_gap["generic_reflection"] < of_slogan["generic_reflection"], slogan


@with_files
def test_the_stage_of_a_unit_is_heard_without_the_textbooks_words(english: Language) -> None:
    assert english.encoder is not None
    for stage, text in [
        (Stage.ACTION, "So I rang the foundry and then I drew the whole thing again by hand."),
        (Stage.RESULT, "By spring the scrap bin was down from eleven kilos to two."),
    ]:
        (told,) = english.encoder.opinions([Asked("", text)]) or ()
        assert max(Stage, key=lambda s: told[s]) is stage, text


@with_files
def test_a_story_of_ones_own_stays_ones_own(english: Language) -> None:
    transcript, units = told(SITUATION, OWN_TASK, *OWN_ACTIONS, RESULT)
    assert not any(find_disqualifiers(transcript, units, english).values())


@with_files
def test_a_sentence_is_told_the_same_whatever_is_asked_with_it() -> None:
    alone = SentenceEncoder(FOLDER).opinions([SENTENCE])
    others = [Asked(SENTENCE.text * 3, text) for text in OWN]
    among = SentenceEncoder(FOLDER).opinions([*others, SENTENCE])
    assert alone
    assert among
    assert alone[0] == among[-1]


@with_files
def test_what_was_asked_before_is_not_computed_again() -> None:
    encoder = SentenceEncoder(FOLDER)
    first = encoder.opinions([SENTENCE])
    encoder._put = lambda unit: pytest.fail("computed again")
    assert encoder.opinions([SENTENCE, SENTENCE]) == [*(first or ()), *(first or ())]


@with_files
def test_doctor_says_that_it_judges_along(turned_on: None) -> None:
    assert judged_by(AT_HOME) == (
        "word lists that you can read, and a small sentence encoder beside them",
        True,
    )


@with_files
def test_a_replay_says_who_judged_and_writes_nothing_beside_its_data(tmp_path: Path) -> None:
    answer = tmp_path / "answer.txt"
    answer.write_text(" ".join(text for _, text in (SITUATION, OWN_TASK, *OWN_ACTIONS, RESULT)))
    for told_to_be, by in (("", ["tables", "encoder"]), ("off", ["tables"])):
        ran = subprocess.run(
            [sys.executable, "-m", "mock_interviewer.cli.main", "replay", "--json", answer],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ
            | {"MOCK_INTERVIEWER_HOME": str(tmp_path), "MOCK_INTERVIEWER_ENCODER": told_to_be},
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        assert json.loads(ran.stdout)["disqualifiers_by"] == by


@with_files
def test_the_wheel_holds_it_and_it_is_small() -> None:
    from hatchling.builders.wheel import WheelBuilder

    root = LANGUAGES_DIR.parent.parent
    files = {file.distribution_path for file in WheelBuilder(str(root)).recurse_included_files()}
    for name in (NETWORK, TOKENIZER, "LICENSE-APACHE-2.0.txt", "NOTICE.txt"):
        assert f"mock_interviewer/languages/en/{ENCODER}/{name}" in files
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 25_000_000


# ---- where it cannot be used


def judged_like_the_tables(encoder: SentenceEncoder) -> bool:
    """True if an answer is judged as without an encoder, and the encoder has said why."""
    plain = load_language("en")
    table = {d.value: {"threshold": 0.0, "words": 1.0, "encoder": 1.0} for d in Disqualifier}
    weights = {**plain.weights, ENCODER_TABLE: table}
    language = replace(plain, weights=weights, encoder=encoder)
    transcript, units = told(SITUATION, OWN_TASK, OWN_ACTIONS[0], HANDED, RESULT)
    alone = find_disqualifiers(transcript, units, plain)
    assert alone[Disqualifier.HANDED_OFF]
    is_like = find_disqualifiers(transcript, units, language) == alone
    return is_like and encoder.fault is not None and encoder.opinions([SENTENCE]) is None


def test_a_missing_file_is_named_and_the_tables_judge(tmp_path: Path) -> None:
    encoder = SentenceEncoder(tmp_path)
    assert judged_like_the_tables(encoder)
    assert encoder.fault == f"{tmp_path / NETWORK} is missing"


def test_broken_files_are_told_and_the_tables_judge(tmp_path: Path) -> None:
    (tmp_path / NETWORK).write_bytes(b"no network")
    (tmp_path / TOKENIZER).write_text("{}")
    encoder = SentenceEncoder(tmp_path)
    assert judged_like_the_tables(encoder)
    assert encoder.fault == f"the files in {tmp_path} are broken"


@pytest.mark.parametrize("library", ["onnxruntime", "tokenizers"])
def test_a_missing_library_is_named_and_the_tables_judge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    (tmp_path / NETWORK).touch()
    (tmp_path / TOKENIZER).touch()
    monkeypatch.setitem(sys.modules, library, None)
    encoder = SentenceEncoder(tmp_path)
    assert judged_like_the_tables(encoder)
    assert encoder.fault is not None
    assert library in encoder.fault


def test_a_crash_in_the_middle_leaves_the_tables_to_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Asked] = []

    def crash(unit: Asked) -> dict[Disqualifier, float]:
        asked.append(unit)
        if len(asked) < 3:
            return dict.fromkeys(Disqualifier, 9.0)
        raise RuntimeError("a node of the network failed")

    monkeypatch.setattr(sentence_encoder, "_loaded", lambda folder, threads: crash)
    encoder = SentenceEncoder(Path("/nowhere"))
    assert judged_like_the_tables(encoder)
    assert len(asked) == 3
    assert encoder.fault == "it fails (RuntimeError)"


def test_doctor_names_what_is_wrong_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turned_on: None
) -> None:
    broken = replace(load_language("en"), encoder=SentenceEncoder(tmp_path))
    monkeypatch.setattr(wiring, "language_of", lambda home: broken)
    told, is_fine = judged_by(AT_HOME)
    assert not is_fine
    assert "word lists alone" in told
    assert f"{tmp_path / NETWORK} is missing" in told


# ---- turned off


def test_a_language_without_its_table_has_no_encoder() -> None:
    assert load_language("es", with_encoder=True) is load_language("es")


def test_the_tools_that_learn_never_have_it() -> None:
    import labelled

    assert labelled.language().encoder is None


@pytest.mark.parametrize("value", ["off", "OFF", "0", "false"])
def test_the_environment_turns_it_off(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("MOCK_INTERVIEWER_ENCODER", value)
    assert wiring.language_of(AT_HOME).encoder is None
    told, is_fine = judged_by(AT_HOME)
    assert is_fine
    assert "turned off by MOCK_INTERVIEWER_ENCODER" in told


def test_the_settings_turn_it_off(tmp_path: Path, turned_on: None) -> None:
    assert home_at(tmp_path).wants_encoder
    (tmp_path / "settings.toml").write_text("encoder = false\n")
    home = home_at(tmp_path)
    assert wiring.language_of(home).encoder is None
    assert judged_by(home) == (
        "word lists alone; the sentence encoder is turned off in settings.toml",
        True,
    )


def test_a_setting_that_is_no_choice_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('encoder = "off"\n')
    with pytest.raises(BadInput, match="encoder is true or false, without quotes"):
        home_at(tmp_path)
