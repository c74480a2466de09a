"""Another language is data: all tables are there, and Spanish is heard, judged and answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import labelled
import pytest
from program import Ran, called
from test_cli import is_one_plain_line
from test_whisper import make_folder

from mock_interviewer import wiring
from mock_interviewer.adapters.engines import choose_engine
from mock_interviewer.adapters.language_files import (
    find_language,
    language_called,
    languages_called,
    load_language,
)
from mock_interviewer.adapters.probe_phrases import load_probe_phrases
from mock_interviewer.adapters.voice import Pyttsx3Voice
from mock_interviewer.adapters.voice_child import first_like
from mock_interviewer.adapters.whisper import WhisperTranscriber
from mock_interviewer.core.actors import Act, Actor, clauses_of
from mock_interviewer.core.delivery import measure_delivery
from mock_interviewer.core.judging import TABLE_TOLD
from mock_interviewer.core.language import Language
from mock_interviewer.core.pattern import Pattern
from mock_interviewer.core.plain_speech import plain_speech
from mock_interviewer.core.quantities import quantities_in
from mock_interviewer.core.rubric import Disqualifier, Gate, Verdict
from mock_interviewer.core.second_opinion import SIGNALS_TABLE
from mock_interviewer.core.second_opinion import TABLE as ENCODER_TABLE
from mock_interviewer.core.second_reading import TABLE as SECOND_TABLE
from mock_interviewer.core.second_reading import TOLD_TABLE
from mock_interviewer.core.stage_features import tokens_of
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.core.units import units_of
from mock_interviewer.core.within_answer import TABLE as WITHIN_TABLE
from mock_interviewer.core.wording import Wording
from mock_interviewer.errors import BadInput, BadModel, NoVoice, UnknownName
from mock_interviewer.settings import Home, home_at

ENGLISH, SPANISH = load_language("en"), load_language("es")
AT_HOME = Home(Path("/nowhere"), asked_language="es")
OTHERS = [code for code in languages_called() if code != "en"]


def said(text: str, language: str | None = "es") -> Transcript:
    return Transcript(tuple(Word(word) for word in text.split()), language=language)


def the_pattern() -> Pattern:
    return wiring.pattern(AT_HOME, "fuera-de-tu-puesto")


# ---- every language has everything


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_every_table_and_group_that_english_has(code: str) -> None:
    other = load_language(code)
    for name, groups in ENGLISH.phrases.items():
        assert not groups.keys() - other.phrases.get(name, {}).keys(), name
    for name, labels in ENGLISH.weights.items():
        optional = (
            SECOND_TABLE,
            TOLD_TABLE,
            ENCODER_TABLE,
            SIGNALS_TABLE,
            TABLE_TOLD,
            WITHIN_TABLE,
        )
        if name in optional and name not in other.weights:
            continue  # its stages are read once then, and its tables judge alone
        assert not labels.keys() - other.weights.get(name, {}).keys(), name


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", ["comments", "words"])
def test_its_sentences_have_places_for_the_same_things(code: str, name: str) -> None:
    places = re.compile(r"\{(\w*)")
    for key, (sentence,) in ENGLISH.phrases[name].items():
        theirs = load_language(code).sentence(name, key)
        assert sorted(places.findall(theirs)) == sorted(places.findall(sentence)), key


@pytest.mark.parametrize("code", OTHERS)
def test_its_probes_ask_about_every_lack(code: str) -> None:
    ours, theirs = load_probe_phrases(), load_probe_phrases(code)
    assert ours.groups.keys() == theirs.groups.keys()
    assert {k: g.tests for k, g in ours.groups.items()} == {
        k: g.tests for k, g in theirs.groups.items()
    }


@pytest.mark.parametrize("code", OTHERS)
def test_it_has_questions_of_every_principle_and_a_warm_up(code: str) -> None:
    packs = wiring.packs(replace(AT_HOME, asked_language=code))
    assert not packs.faults
    assert {q.principle for q in packs.questions} == {
        q.principle for q in wiring.packs(Home(Path("/nowhere"))).questions
    }
    assert {q.kind for q in packs.questions} == {"story", "self_introduction", "motivation"}
    assert sum(q.kind == "story" for q in packs.questions) >= 20
    assert packs.patterns


def test_english_lists_no_question_of_another_language() -> None:
    english = {q.id for q in wiring.packs(Home(Path("/nowhere"))).questions}
    assert not english & {q.id for q in wiring.packs(AT_HOME).questions}


# ---- what it is called


@pytest.mark.parametrize("name", ["es", "Spanish", "spanish", "Español", "es-MX", "es_AR", " es "])
def test_a_language_is_known_by_many_names(name: str) -> None:
    assert find_language(name) == "es"


def test_one_that_is_not_here_is_answered_with_those_that_are() -> None:
    assert language_called("de") is None
    with pytest.raises(UnknownName, match=r"'Klingon'.*English \(en\), Spanish \(es\)"):
        find_language("Klingon")


# ---- Spanish words


def test_accents_are_letters() -> None:
    tokens = ["llamé", "a", "la", "señora", "en", "#"]
    assert tokens_of("¿Llamé a la señora en 2019?", SPANISH) == tokens
    assert plain_speech(["Lla-llamé,", "eh,", "¡pingüino!"], SPANISH).words == (
        "llamé",
        "pingüino",
    )


def doers(text: str, language: Language = SPANISH) -> list[tuple[Actor, Act]]:
    clauses = clauses_of(plain_speech(text.split(), language))
    return [(clause.actor, clause.act) for clause in clauses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("medí la nevera y cambié el enchufe", [(Actor.SELF, Act.DEED)] * 2),
        ("avisé al proveedor", [(Actor.SELF, Act.ROUTING)]),
        ("yo lo medí", [(Actor.SELF, Act.DEED)]),
        ("he pintado la raya", [(Actor.SELF, Act.DEED)]),
        ("estuve midiendo", [(Actor.SELF, Act.DEED)]),
        ("estuve allí", [(Actor.SELF, Act.OTHER)]),
        ("pensé en mi hija", [(Actor.SELF, Act.OTHER)]),
        ("no llamé a nadie", [(Actor.SELF, Act.OTHER)]),
        ("nunca se lo escribí", [(Actor.SELF, Act.OTHER)]),
        ("lo arreglaron", [(Actor.OTHERS, Act.DEED)]),
        ("el técnico me cambió la pieza", [(Actor.OTHERS, Act.DEED)]),
        ("movimos las jaulas", [(Actor.GROUP, Act.DEED)]),
        ("se cambió la impresora", [(Actor.NOBODY, Act.DEED)]),
        ("se encargaron ellos", [(Actor.OTHERS, Act.DEED), (Actor.OTHERS, Act.OTHER)]),
        ("aquí en el café ahí qué sé yo", [(Actor.SELF, Act.OTHER)]),
        ("los últimos kilogramos y los próximos tramos", []),
        ("lo prepararé y lo escribiré", []),
    ],
)
def test_a_spanish_verb_says_who_acts(text: str, expected: list[tuple[Actor, Act]]) -> None:
    assert doers(text) == expected


def test_english_verbs_do_not() -> None:
    assert doers("fixed it", ENGLISH) == []
    assert doers("I rang and fixed it", ENGLISH) == [
        (Actor.SELF, Act.ROUTING),
        (Actor.SELF, Act.DEED),
    ]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("bajó del nueve por ciento al uno", True),
        ("pasamos de catorce a ninguna", True),
        ("costaba 4.500 € al mes", True),
        ("no hubo ni una queja", True),
        ("fue en 2019", False),
        ("a las nueve y media de la mañana", False),
        ("la sala cuatro", False),
        ("todo mejoró mucho", False),
    ],
)
def test_spanish_quantities(text: str, counts: bool) -> None:
    assert bool(quantities_in(text, SPANISH)) == counts


def test_spanish_fillers_are_sounds_and_asides() -> None:
    heard = said("Eh, bueno, este problema, o sea, mmm, era mío.")
    assert measure_delivery(heard, SPANISH).fillers.at_least == 4  # eh, bueno, o sea, mmm


def test_a_run_on_without_punctuation_is_cut_at_spanish_openings() -> None:
    text = (
        "yo llevaba el autobús y los miércoles llegaba tarde entonces apunté la hora en cada "
        "parada y vi que eran once minutos y después hablé con la oficina y me dijeron que no"
    )
    units = [unit.text for unit in units_of(said(text), SPANISH)]
    openings = [" ".join(unit.split()[:2]) for unit in units]
    assert openings == ["yo llevaba", "entonces apunté", "y vi"]
    assert " ".join(units) == text


# ---- judged in Spanish


def test_the_patterns_strong_answer_is_strong_and_the_weak_one_is_handed_off() -> None:
    pattern = the_pattern()
    strong = wiring.analyse(said(pattern.strong_answer), pattern.question, None)
    assert strong.verdict is Verdict.STRONG_HIRE
    weak = wiring.analyse(said(pattern.weak_answer.text), pattern.question, None)
    assert weak.verdict is Verdict.NO_HIRE
    found = weak.findings.disqualifiers[Disqualifier.HANDED_OFF]
    assert found is not None
    assert "ellos se pusieron con ello y lo solucionaron" in found.quote
    assert found.reason == SPANISH.sentence("reasons", "handed_off")
    assert weak.next_change is not None
    assert weak.next_change.text.startswith("Has dicho «")
    assert all(probe.text.endswith("?") and "¿" in probe.text for probe in weak.probes)


def test_what_is_no_story_is_refused_in_spanish() -> None:
    opinion = (
        "En mi opinión hay que escuchar siempre al cliente. Yo normalmente intento ayudar, y creo "
        "que la comunicación es fundamental. Si hubiera un problema, hablaría con mi jefe."
    )
    found = wiring.analyse(said(opinion), the_pattern().question, None)
    assert found.gate is Gate.NO_STORY
    assert "todavía no es una historia" in Wording(found.language).gate(Gate.NO_STORY)


@pytest.mark.parametrize("reply", the_pattern().probes, ids=lambda reply: reply.tests)
def test_the_patterns_replies_are_judged_as_its_author_would(reply: Any) -> None:
    asked = SimpleNamespace(text=reply.text, tests=reply.tests)
    question = the_pattern().question
    strong = wiring.judge_reply(question, None, asked, said(reply.strong))
    weak = wiring.judge_reply(question, None, asked, said(reply.weak))
    assert (strong.quality, weak.quality) == ("strong", "weak")
    assert weak.evidence is not None
    assert weak.evidence in reply.weak


def test_a_transcript_is_read_in_its_own_language_unless_another_is_asked_for() -> None:
    spoken = said("Lo arreglaron ellos.", language="spanish")
    assert wiring.language_of(None, spoken) is SPANISH
    assert wiring.language_of(replace(AT_HOME, asked_language="en"), spoken) is ENGLISH
    unknown = said("Sie haben es repariert.", language="de")
    assert wiring.language_of(None, unknown) is ENGLISH
    usual = Home(Path("/nowhere"), usual_language="es")
    assert wiring.language_of(usual, unknown) is SPANISH
    assert wiring.language_of(usual, said("They fixed it.", language="en")) is ENGLISH


# ---- settings


def test_settings_name_the_usual_language(tmp_path: Path) -> None:
    assert home_at(tmp_path).language == "en"
    (tmp_path / "settings.toml").write_text('language = "español"\n', encoding="utf-8")
    assert home_at(tmp_path).language == "es"
    assert home_at(tmp_path, "en").language == "en"
    assert home_at(tmp_path).questions == tmp_path / "questions" / "es"
    assert home_at(tmp_path, "en").questions == tmp_path / "questions"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (b'language = "tlh"', "'tlh' is no language"),
        (b"language = 3", "a name in quotes"),
        (b"language = ", "not TOML"),
        (b"\xff\xfe\xff", "not UTF-8"),
    ],
)
def test_settings_that_cannot_be_used_are_told_plainly(
    tmp_path: Path, written: bytes, says: str
) -> None:
    (tmp_path / "settings.toml").write_bytes(written)
    with pytest.raises(BadInput, match=says):
        home_at(tmp_path)


def test_own_packs_lie_in_a_folder_for_their_language(tmp_path: Path) -> None:
    mine = (
        '[[question]]\nid = "propia"\ntext = "¿Qué vendes?"\nprinciple = "conflict"\n'
        'probes = [{ text = "¿A quién?", tests = "depth" }]\n'
    )
    (tmp_path / "questions" / "es").mkdir(parents=True)
    (tmp_path / "questions" / "es" / "mias.toml").write_text(mine, encoding="utf-8")
    english, spanish = Home(tmp_path), Home(tmp_path, asked_language="es")
    assert "propia" in {q.id for q in wiring.packs(spanish).questions}
    assert "propia" not in {q.id for q in wiring.packs(english).questions}
    assert wiring.known_question(english, "¿Qué vendes?") is not None  # a transcript may name it


# ---- hearing


def many_tongued(folder: Path) -> Path:
    make_folder(folder)
    (folder / "vocabulary.json").write_text(json.dumps([""] * 51_865))
    return folder


def test_pocketsphinx_says_that_it_has_no_spanish(tmp_path: Path) -> None:
    for engine in ("sphinx", "auto"):
        with pytest.raises(BadModel, match=r"no Spanish; `mock-interviewer model fetch base`"):
            choose_engine(engine, None, tmp_path, "es")


def test_a_model_for_english_is_refused_for_spanish(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "base.en")
    for engine, model in (("whisper", "base.en"), ("auto", None), ("whisper", str(folder))):
        with pytest.raises(BadModel, match=r"knows English only .* fetch base`"):
            choose_engine(engine, model, tmp_path, "es")
    renamed = make_folder(tmp_path / "mine")  # by its vocabulary
    with pytest.raises(BadModel, match="knows English only"):
        WhisperTranscriber(renamed, SPANISH)
    assert choose_engine("auto", None, tmp_path, "en")[0].name == "whisper base.en"


def test_among_models_the_one_that_knows_spanish_is_taken(tmp_path: Path) -> None:
    make_folder(tmp_path / "base.en")
    many_tongued(tmp_path / "tiny")
    many_tongued(tmp_path / "small")
    assert choose_engine("auto", None, tmp_path, "es")[0].name == "whisper small"
    assert choose_engine("auto", None, tmp_path, "en")[0].name == "whisper base.en"
    home = Home(tmp_path.parent, asked_language="es")
    assert wiring.usual_model(home).name == "base"


def test_spanish_is_offered_a_model_where_only_an_english_one_is(tmp_path: Path) -> None:
    make_folder(tmp_path / "models" / "base.en")
    assert wiring.has_model(Home(tmp_path))
    assert not wiring.has_model(Home(tmp_path, asked_language="es"))
    many_tongued(tmp_path / "models" / "base")
    assert wiring.has_model(Home(tmp_path, asked_language="es"))


def test_whisper_is_told_to_listen_for_spanish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mock_interviewer.adapters.audio_files import read_audio
    from mock_interviewer.adapters.prompt_dir import fixtures_dir

    told: list[str] = []

    def transcribe(samples: object, *, language: str, **_: object) -> tuple[Iterator[Any], None]:
        told.append(language)
        words = [
            SimpleNamespace(word=text, start=at, end=at + 0.4, probability=0.9)
            for at, text in ((1.0, " Llamé"), (1.5, " yo."))
        ]
        segment = SimpleNamespace(text=" Llamé yo.", words=words, compression_ratio=1.0)
        return iter([segment]), None

    engine = WhisperTranscriber(many_tongued(tmp_path / "base"), SPANISH)
    object.__setattr__(engine, "_model", SimpleNamespace(transcribe=transcribe))
    heard = engine.transcribe(read_audio(fixtures_dir() / "weak-reply1.flac"))
    assert set(told) == {"es"}
    assert heard.language == "es"
    assert "Llamé yo." in heard.text


@pytest.mark.parametrize(
    ("text", "is_stock"),
    [
        ("¡Gracias por ver el video!", True),
        ("Subtítulos realizados por la comunidad de Amara.org", True),
        ("Gracias por dejarme entrar en la cocina", False),
    ],
)
def test_stock_phrases_of_silence_are_spanish(tmp_path: Path, text: str, is_stock: bool) -> None:
    engine = WhisperTranscriber(many_tongued(tmp_path / "base"), SPANISH)
    assert engine._is_stock_phrase(text) == is_stock


# ---- speaking


def test_the_best_voice_that_is_there_speaks() -> None:
    there = (("gmw/en-us", "gmw/en-us English"), ("roa/es-419", "roa/es-419 Spanish"))
    wanted = SPANISH.phrases["about"]["voices"]
    assert first_like(wanted, there) == "roa/es-419"
    assert first_like(wanted, (*there, ("roa/es", "roa/es Spanish (Spain)"))) == "roa/es"
    assert first_like(wanted, there[:1]) is None
    assert first_like(ENGLISH.phrases["about"]["voices"], there) == "gmw/en-us"


@pytest.mark.skipif(
    not __import__("sys").platform.startswith("linux"), reason="tried with espeak-ng on Linux only"
)
def test_spanish_questions_are_spoken_by_a_spanish_voice(tmp_path: Path) -> None:
    spoken = {}
    for code in ("en", "es"):
        speaker = wiring.speaker(Home(tmp_path / "home", asked_language=code))
        speaker.speak_to_file("¿Qué hiciste tú?", tmp_path / f"{code}.wav")
        spoken[code] = (tmp_path / f"{code}.wav").read_bytes()
    assert spoken["en"] != spoken["es"]
    nobody = Pyttsx3Voice(tmp_path / "v", wanted=("^no such voice$",), any_voice=False)
    with pytest.raises(NoVoice, match="no voice of this machine speaks the language"):
        nobody.speak_to_file("¿Qué hiciste tú?", tmp_path / "none.wav")


# ---- the program


def ask(home: Path, *arguments: object, stdin: str = "") -> Ran:
    return called(home, arguments, stdin, COLUMNS="120")


def test_an_interview_in_spanish_from_the_question_to_the_replay(tmp_path: Path) -> None:
    weak = the_pattern().weak_answer.text
    reply = "Ellos se encargaron de todo, yo les mandé el correo y ya está."
    held = ask(
        tmp_path,
        *("interview", "fuera-de-tu-puesto", "--typed", "--silent", "--probes", 1),
        *("--language", "es"),
        stdin=f"{weak}\n\n{reply}\n\n",
    )
    assert held.returncode == 0, held.stderr
    for words in (
        "Entrevistador: Cuéntame una vez",
        "Veredicto de práctica: no contratar",
        "Se lo pasaste a otros",
        "hay que cambiar: Has dicho «",
        "floja: se pasó a otros",
        "Esta respuesta confirma",
    ):
        assert words in held.stdout, words
    (session,) = (tmp_path / "sessions").iterdir()
    assert json.loads((session / "session.json").read_text())["language"] == "es"
    again = ask(tmp_path, "replay")
    assert "Veredicto de práctica: no contratar" in again.stdout
    assert again.returncode == 0, again.stderr
    (told,) = map(json.loads, ask(tmp_path, "replay", "--json").stdout.splitlines())
    assert told["verdict"] == "no_hire"
    assert told["next_change"]["text"].startswith("Has dicho «")
    assert told["disqualifiers"]["handed_off"]["reason"].startswith("Lo que lo resolvió")


def test_one_that_broke_off_goes_on_in_its_language(tmp_path: Path) -> None:
    begun = ask(
        tmp_path,
        *("interview", "--typed", "--silent", "--language", "es", "--questions", "2"),
        *("--probes", "0"),
        stdin="Lo hice yo.\n\nstop\n",
    )
    assert begun.returncode == 0, begun.stderr
    resumed = ask(tmp_path, "interview", "--resume", "--typed", "--silent", stdin="stop\n")
    assert "Entrevistador: " in resumed.stdout


def test_replies_are_judged_in_spanish(tmp_path: Path) -> None:
    probe = the_pattern().probes[0]
    lines = [
        {"id": k, "story": "", "probe": probe.text, "tests": probe.tests, "reply": reply}
        | {"counts": ["handed_off"]}
        for k, reply in enumerate((probe.weak, probe.strong))
    ]
    path = tmp_path / "replies.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    ran = ask(tmp_path, "judge", path, "--language", "es")
    weak, strong = map(json.loads, ran.stdout.splitlines())
    assert (weak["why"], weak["rescores"]) == ("handed_off", "no_hire")
    assert strong["quality"] == "strong"


def test_questions_and_patterns_are_shown_in_spanish(tmp_path: Path) -> None:
    listed = ask(tmp_path, "questions", "list", "--language", "es", "--principle", "conflict")
    assert "Cuéntame un desacuerdo fuerte con alguien del trabajo." in listed.stdout
    assert "Tell me" not in listed.stdout
    concepts = ask(
        tmp_path, "concepts", "fuera-de-tu-puesto", "--language", "es", stdin="b\nb\nc\n"
    )
    assert "3 of 3 right." in concepts.stdout
    assert "¿Qué frase muestra que alguien se hizo cargo?" in concepts.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("replay", "--language", "klingon", "x.txt"), "'klingon' is no language spoken here"),
        (("questions", "list", "--language", ""), "'' is no language"),
        (("learn", "missed-deadline", "--language", "es"), "There is no pattern"),
        (("replay", "answer.wav", "--language", "es"), "pocketsphinx has no Spanish"),
    ],
)
def test_what_cannot_be_done_is_one_plain_line(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    import numpy as np
    import soundfile

    wav = tmp_path / "answer.wav"
    soundfile.write(wav, np.zeros(16000, dtype="float32"), 16000)
    ran = ask(tmp_path, *(str(wav) if each == "answer.wav" else each for each in arguments))
    assert ran.returncode == 1
    assert is_one_plain_line(ran.stderr), ran.stderr
    assert says in ran.stderr


# ---- how well it does


@pytest.fixture
def spanish_labels() -> Iterator[None]:
    labelled.speak("es")
    yield
    labelled.speak("en")


@pytest.mark.usefixtures("spanish_labels")
def test_every_spanish_label_quotes_what_was_said_and_follows_the_rule() -> None:
    from mock_interviewer.core.question import Question
    from mock_interviewer.core.rubric import Level, Principle, Signal, Stage, Weakness
    from mock_interviewer.core.verdict import Facts, decide

    answers = labelled.labelled_answers([*labelled.folders_learned_from(), "own/es/kept"])
    assert len(answers) >= 40
    for answer in answers:
        texts = [unit["text"] for unit in answer["units"]]
        for kind in ("signals", "disqualifiers", "weaknesses"):
            for quote in answer[kind].values():
                assert not isinstance(quote, str) or any(quote in text for text in texts), quote
        missing = {Stage(stage) for stage in answer["weaknesses"]["missing_stages"]}
        assert missing == set(Stage) - {Stage.NONE} - {u["stage"] for u in answer["units"]}
        facts = Facts(
            frozenset(Signal(name) for name, quote in answer["signals"].items() if quote),
            frozenset(Disqualifier(n) for n, quote in answer["disqualifiers"].items() if quote),
            frozenset(Weakness(name) for name, found in answer["weaknesses"].items() if found),
            frozenset(missing),
        )
        question = Question(
            answer["question"],
            principle=Principle(answer["principle"]),
            level=Level(answer["level"]),
            counts=frozenset(map(Disqualifier, answer["counts"])),
        )
        assert decide(facts, question).verdict == answer["verdict"], answer["id"]
