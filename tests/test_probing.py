"""What is asked next."""

from test_agency import OWN_ACTIONS, OWN_TASK, RESULT, SITUATION, told

from mock_interviewer.adapters.probe_phrases import load_probe_phrases
from mock_interviewer.core import rubric
from mock_interviewer.core.probing import ChosenProbe, choose_probes, trimmed
from mock_interviewer.core.question import Probe, Question
from mock_interviewer.core.rubric import Disqualifier, Signal, Stage, Weakness
from mock_interviewer.core.transcript import Transcript, Word, finding

PHRASES = load_probe_phrases()
PARTS = (SITUATION, OWN_TASK, *OWN_ACTIONS, RESULT)
TRANSCRIPT, UNITS = told(*PARTS)
FOUND = finding(TRANSCRIPT, 0, 8)


def chosen(
    question: Question | None = None,
    signals: frozenset[Signal] = frozenset(Signal),
    disqualifiers: frozenset[Disqualifier] = frozenset(),
    weaknesses: frozenset[Weakness] = frozenset(),
    missing: tuple[Stage, ...] = (),
    n: int = 3,
) -> tuple[ChosenProbe, ...]:
    return choose_probes(
        question=question or Question("Tell me about a time you took ownership."),
        transcript=TRANSCRIPT,
        units=UNITS,
        signals={s: FOUND if s in signals else None for s in Signal},
        disqualifiers={d: FOUND if d in disqualifiers else None for d in Disqualifier},
        weaknesses=weaknesses,
        missing_stages=missing,
        phrases=PHRASES,
        n=n,
    )


def test_there_is_a_wording_for_everything_an_answer_can_lack():
    lacks = {d.value for d in Disqualifier} | {s.value for s in Signal}
    lacks |= {f"missing_{stage}" for stage in Stage if stage is not Stage.NONE}
    lacks |= {"we_dilution", "vague_result", "unquantified", "generic_reflection"}
    assert lacks <= set(PHRASES.groups)


def test_the_worst_lack_is_asked_first():
    probes = chosen(
        signals=frozenset(Signal) - {Signal.STAKES},
        disqualifiers=frozenset({Disqualifier.HANDED_OFF}),
        weaknesses=frozenset({Weakness.UNQUANTIFIED}),
    )
    assert [p.because for p in probes] == ["handed_off", "unquantified", "stakes"]
    assert probes[0].quote is not None
    assert probes[0].quote.quote.rstrip(",.") in probes[0].text


def test_a_disqualifier_that_the_question_does_not_count_is_not_asked():
    question = Question("Tell me about a large project.", counts=frozenset())
    probes = chosen(question, disqualifiers=frozenset({Disqualifier.ASSIGNED}))
    assert "assigned" not in {p.because for p in probes}


def test_an_answer_that_lacks_nothing_is_asked_for_its_hardest_moment_and_its_inside():
    assert [p.tests for p in chosen(n=2)] == [rubric.Tests.DIFFICULTY, rubric.Tests.DEPTH]


def test_no_two_probes_ask_for_the_same_thing_and_none_is_said_twice():
    everything = frozenset(Weakness)
    probes = chosen(signals=frozenset(), weaknesses=everything, missing=tuple(Stage)[:5], n=9)
    assert len({p.text for p in probes}) == len(probes)
    numbers = {"missing_result", "unquantified", "vague_result", "metric_delta"}
    assert len(numbers & {p.because for p in probes}) == 1


def test_the_questions_own_probe_is_preferred_where_it_tests_the_same_thing():
    own = Probe("How did you count them?", rubric.Tests.QUANTIFICATION)
    question = Question("Tell me about a time you took ownership.", probes=(own,))
    probes = chosen(question, weaknesses=frozenset({Weakness.UNQUANTIFIED}))
    assert probes[0] == ChosenProbe(own.text, own.tests, "unquantified")


def test_a_signal_beside_one_that_was_told_is_asked_for_in_its_own_words():
    own = Probe("What would you do differently?", rubric.Tests.LEARNING)
    question = Question("Tell me about a time you took ownership.", probes=(own,))
    lessons = frozenset({Signal.SPECIFIC_INSIGHT, Signal.SYSTEMIC_INSIGHT})
    without_any = chosen(question, signals=frozenset(Signal) - lessons)
    assert own.text in {p.text for p in without_any}
    half = chosen(question, signals=frozenset(Signal) - {Signal.SYSTEMIC_INSIGHT})
    assert half[0].because == "systemic_insight"
    assert half[0].text in PHRASES.groups["systemic_insight"].wordings


def test_a_probe_asks_and_leaves_no_gap_unfilled():
    for n_missing in range(6):
        for probe in chosen(signals=frozenset(), missing=tuple(Stage)[:n_missing], n=9):
            assert "{" not in probe.text
            assert probe.text.rstrip().endswith(("?", "myself."))


def test_a_quote_is_short_whole_and_was_heard():
    text = "So in the end, I rang the depot on Monday morning, and nobody there knew at all."
    words = tuple(Word(w) for w in text.split())
    quote = trimmed(Transcript(words), 0, len(words), PHRASES)
    assert quote is not None
    assert 3 <= len(quote.quote.split()) <= 12
    assert quote.quote in text
    murmured = tuple(Word(w, probability=0.1) for w in text.split())
    assert trimmed(Transcript(murmured), 0, len(murmured), PHRASES) is None
