"""The page in a real browser: reports, corrections, uploads, history, lessons, access for all."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
from browser import Browser, Served, browser, served
from many_sessions import STRONG, WEAK, make_many, make_session, make_spoken_session
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from mock_interviewer import wiring
from mock_interviewer.adapters import practice_log
from mock_interviewer.adapters.prompt_dir import fixtures_dir
from mock_interviewer.app.replay import Wanted
from mock_interviewer.core.correction import StageMark
from mock_interviewer.core.rubric import Stage
from mock_interviewer.settings import Home
from mock_interviewer.wiring import answers
from mock_interviewer.wiring.practising import today_here

AXE = Path(__file__).parent / "vendor" / "axe.min.js"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    place = Home(tmp_path_factory.mktemp("page") / "home")
    make_many(place, 1000)
    return place


@pytest.fixture(scope="module")
def site(home: Home) -> Iterator[Served]:
    with served(home.path) as running:
        yield running


@pytest.fixture(scope="module")
def opened(site: Served) -> Iterator[Browser]:
    with browser(site.root) as page:
        page.driver.get(site.address)
        yield page


@pytest.fixture
def page(opened: Browser) -> Browser:
    opened.look(1440)
    opened.faults()  # what an earlier test left
    return opened


def address(folder: Path) -> str:
    return f"/answers/{folder.parent.name}/{folder.name}"


@pytest.fixture
def spoken(home: Home, request: pytest.FixtureRequest) -> Path:
    return make_spoken_session(home, getattr(request, "param", "weak"))


def test_the_key_does_not_stay_in_the_address_bar(page: Browser, site: Served) -> None:
    page.driver.get(site.address)
    page.wait(lambda: "token" not in page.driver.current_url, "the token stays to be seen")
    page.driver.refresh()
    page.sees("Begin an interview")


def test_playing_a_stage_plays_exactly_its_seconds(page: Browser, spoken: Path) -> None:
    told = json.loads((spoken / "take1.analysis.json").read_text())
    ((start_s, end_s),) = told["stages"]["result"]["spans"]
    page.go(address(spoken))
    page.click(".stage.result .play")
    page.wait(lambda: page.all(".is-playing"), "nothing is played")
    asked = (
        "const all = performance.getEntriesByType('resource').map((each) => each.name);"
        "return all.filter((name) => name.includes('spans=')).at(-1)"
    )
    page.wait(lambda: page.run(asked), "no sound was asked for")
    heard = page.run(asked)
    samples = page.run(
        "return fetch(arguments[0]).then((r) => r.arrayBuffer())"
        ".then((b) => Array.from(new Uint8Array(b)))",
        heard,
    )
    assert bytes(samples[:4]) == b"RIFF", bytes(samples[:300])
    played, rate_hz = soundfile.read(io.BytesIO(bytes(samples)), dtype="int16")
    kept, _ = soundfile.read(spoken / "take1.wav", dtype="int16")
    first, end = (round(at_s * rate_hz) for at_s in (start_s, end_s))
    assert abs(len(played) - (end - first)) <= 0.02 * rate_hz  # the report rounds to hundredths
    at = next(
        n
        for n in range(first - 160, first + 161)
        if np.array_equal(kept[n : n + 400], played[:400])
    )
    assert np.array_equal(kept[at : at + len(played)], played)
    page.wait(lambda: not page.all(".is-playing"), "it does not end", (end_s - start_s) + 10)


def test_the_ruler_is_as_wide_as_the_seconds(page: Browser, spoken: Path) -> None:
    page.go(address(spoken))
    told = json.loads((spoken / "take1.analysis.json").read_text())
    wide = page.run(
        "const ruler = document.querySelector('.ruler'); const px = ruler.getBoundingClientRect();"
        "return [...ruler.querySelectorAll('rect.action.unit')].map((each) =>"
        " each.getBoundingClientRect().width / px.width * Number(ruler.dataset.axis))"
    )
    assert abs(sum(wide) - told["stages"]["action"]["duration_s"]) < 0.15


def test_a_border_dragged_changes_seconds_verdict_and_file_at_once(
    page: Browser, spoken: Path
) -> None:
    page.go(address(spoken))
    before = page.find("[data-seconds=situation]").text
    border = page.find(".border[aria-label='Border between situation and action'] .catch")
    page.run("arguments[0].scrollIntoView({block: 'center'})", border)
    ActionChains(page.driver).click_and_hold(border).move_by_offset(60, 0).release().perform()
    page.wait(
        lambda: page.find("[data-seconds=situation]").text != before, "the seconds stay the same"
    )
    kept = json.loads((spoken / "take1.corrections.json").read_text())
    ((first, end, stage),) = kept["stages"]
    assert stage == "situation"
    words = json.loads((spoken / "take1.json").read_text())["segments"]
    flat = [word for segment in words for word in segment["words"]]
    told = json.loads((spoken / "take1.analysis.json").read_text())
    assert first < end < len(flat)
    longer_s = flat[end]["start"] - told["stages"]["situation"]["spans"][0][1]
    now_s = float(page.find("[data-seconds=situation]").text.split()[0])
    assert abs(now_s - (told["stages"]["situation"]["duration_s"] + longer_s)) <= 0.6


def test_a_unit_is_named_anew_with_keys_alone(page: Browser, spoken: Path) -> None:
    page.go(address(spoken))
    page.wait(lambda: page.run("return document.documentElement.dataset.ready"), "not ready")
    assert page.all(".stretch.task") == []
    page.run("document.querySelector('.ruler .unit').focus()")
    keys = ActionChains(page.driver)
    keys.send_keys(Keys.ARROW_RIGHT, Keys.ENTER).perform()
    page.sees("% sure")  # nobody has said so yet
    assert page.run("return document.activeElement.id") == "unit-heading"
    page.run("document.querySelector('#unit-panel [data-stage=task]').focus()")
    ActionChains(page.driver).send_keys(Keys.ENTER).perform()
    page.find(".stretch.task")
    page.sees("you said so")
    assert "The practice verdict is now" in page.find("#said").get_attribute("textContent")
    page.driver.refresh()
    page.find(".stretch.task")


def test_what_a_person_named_can_be_taken_back(page: Browser, home: Home) -> None:
    folder = make_session(home, WEAK)
    wiring.write_marks(folder / "take1.json", [StageMark(0, 5, Stage.TASK)])
    page.go(address(folder))
    page.find(".stretch.task")
    page.click("form[action*=forget] button")
    page.wait(lambda: not page.all(".stretch.task"), "the mark stays")
    assert not (folder / "take1.corrections.json").exists()


def test_a_word_not_heard_well_leads_to_its_correction(page: Browser, home: Home) -> None:
    folder = make_session(home, WEAK)
    told = json.loads((folder / "take1.json").read_text())
    told["segments"][0]["words"][3]["probability"] = 0.1
    wiring.write_json(folder / "take1.json", told)
    page.go(address(folder))
    assert page.find(".unclear").text == "the"
    page.click(".unclear")
    marked = "const t = document.activeElement; return [t.selectionStart, t.selectionEnd, t.value]"
    start, end, text = page.run(marked)
    assert (text[start:end], start) == ("the", len("Last summer at "))


def test_words_are_corrected_and_a_coach_is_kept_apart(page: Browser, home: Home) -> None:
    folder = make_session(home, WEAK)
    page.go(address(folder))
    page.run("document.querySelector('#text').closest('details').open = true")
    page.run("document.querySelector('#text').value += ' And <b>that</b> was it.'")
    page.click("#text ~ button")
    page.sees("And <b>that</b> was it.")
    assert json.loads((folder / "take1.corrections.json").read_text())["text"].endswith("was it.")
    page.run("document.querySelector('#coach-note').closest('details').open = true")
    page.find("#coach-note").send_keys("Look up when you say it.")
    page.run("document.querySelector('#coach-verdict').value = 'lean_hire'")
    page.click("#coach-note ~ button, .part form:has(#coach-note) button")
    page.sees("The coach's own verdict: leaning hire")
    assert page.find("[data-part=verdict]").text.lower() == "no hire"


def test_a_transcript_and_a_recording_are_uploaded_and_read(
    page: Browser, home: Home, tmp_path: Path
) -> None:
    transcript = tmp_path / "notes <1>.txt"
    transcript.write_text(WEAK)
    page.go("/upload")
    page.find("#file").send_keys(str(transcript))
    page.click("form .primary")
    page.sees("You passed it on")
    page.go("/upload")
    page.find("#file").send_keys(str(fixtures_dir() / "weak-reply1.flac"))
    page.click("form .primary")
    page.sees("written down by pocketsphinx")
    newest = max(home.sessions.iterdir(), key=lambda path: path.stat().st_mtime)
    (kept,) = newest.glob("q1-*/take1.wav")
    assert (
        abs(
            soundfile.info(kept).duration
            - soundfile.info(fixtures_dir() / "weak-reply1.flac").duration
        )
        < 0.01
    )


def test_what_cannot_be_read_is_one_plain_line(page: Browser, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"segments": [')
    page.go("/upload")
    page.find("#file").send_keys(str(broken))
    page.click("form .primary")
    page.sees("broken.json is not whole JSON")
    assert "/tmp" not in page.find("main").text


def test_a_history_of_a_thousand_sessions_is_searched_and_leafed_through(page: Browser) -> None:
    page.go("/history")
    page.sees("past the 9 that helped others most")
    assert len(page.all(".list > li")) == 50
    page.click("nav[aria-label='More answers'] a")
    page.sees("page 2 of")
    page.find("#search").send_keys("handed off")
    page.click("[role=search] button")
    page.sees("answers, page 1 of")
    assert {each.text for each in page.all(".list .verdict-word")} == {"no hire"}


def test_ten_questions_are_answered_explained_scored_and_kept(page: Browser, home: Home) -> None:
    before = len(list(practice_log.entries(home.path, "quiz")))
    page.go("/test/missed-deadline")
    for _ in range(10):
        page.click("input[name=answer]")
        page.click("form .primary")
        page.find(".is-right")
        page.click("form .primary")
        page.wait(lambda: not page.all(".is-right"), "the explanation stays")
    page.sees("strong")
    scored = [each.text.split()[0] for each in page.all(".figures dd")]
    kept = list(practice_log.entries(home.path, "quiz"))[before:]
    assert len(kept) == 10
    assert sum(map(int, scored)) == sum(entry["right"] for entry in kept)


def test_a_lesson_is_walked_and_its_checks_are_explained(page: Browser, home: Home) -> None:
    before = len(list(practice_log.entries(home.path, "concept")))
    page.go("/learn/missed-deadline")
    page.click("[rel=next]")
    page.sees("Situation, 30 s")
    page.go("/concepts/missed-deadline")
    page.click(".options label")
    page.click("form .primary")
    page.find(".is-right")
    assert len(list(practice_log.entries(home.path, "concept"))) == before + 1


def test_two_tellings_of_different_days_are_compared(page: Browser, home: Home) -> None:
    first = make_session(home, STRONG, at=datetime(2026, 11, 7, tzinfo=UTC))
    anew = STRONG.replace("ninety", "nine hundred")
    second = make_session(home, anew, at=datetime(2026, 11, 7, 1, tzinfo=UTC))
    page.go(f"{address(second)}/compare")
    name = f"{first.parent.name}/{first.name}/1"
    page.run("document.querySelector('#before').value = arguments[0]", name)
    page.click("form button")
    page.sees("ninety became nine hundred")
    page.go(f"{address(second)}/compare")  # where nothing is named, with the telling before
    page.sees("ninety became nine hundred")
    page.sees("Word for word the same")


def test_every_we_of_the_action_is_played_in_a_row(page: Browser, home: Home) -> None:
    folder = make_spoken_session(home, "weak")
    told = json.loads((folder / "take1.json").read_text())
    action = json.loads((folder / "take1.analysis.json").read_text())["stages"]["action"]
    ((start_s, end_s),) = action["spans"]
    words = [w for segment in told["segments"] for w in segment["words"]]
    inside = [w for w in words if start_s <= w["start"] and w["end"] <= end_s]
    ours = [w for w in inside if w["word"].strip().lower() == "they"]
    for word in ours:
        word["word"] = " we"
    wiring.write_json(folder / "take1.json", told)
    page.go(address(folder))
    spans = page.find(".player button:not(.primary)").get_attribute("data-play").split(",")
    starts = [float(span.split("-")[0]) for span in spans]
    assert starts == pytest.approx([w["start"] - 0.15 for w in ours], abs=0.002)
    page.sees("Play my 2 wes in a row")


def test_an_interview_is_held_by_typing(page: Browser, home: Home) -> None:
    page.go("/interview")
    page.run("document.querySelector('#principle').value = 'conflict'")
    page.run("document.querySelector('#work').value = 'tech'")
    page.run("document.querySelector('#probes').value = '0'")
    page.find("#search").send_keys("manager", Keys.ENTER)
    page.wait(
        lambda: (
            page.driver.current_url.endswith("probes=0") or "search=" in page.driver.current_url
        ),
        "no search",
    )
    told = [option.text for option in page.all(".questions label")]
    assert told
    assert {"conflict" in text for text in told} == {True}
    assert page.find("#probes").get_attribute("value") == "0"  # what was set stays
    page.go("/interview")
    page.find("#own").send_keys("What did you mend that was not yours?")
    page.run("document.querySelector('#how').value = 'typed'")
    page.run("document.querySelector('#probes').value = '1'")
    page.click("#begin")
    page.sees("What did you mend that was not yours?")
    page.wait(page.find("#typed").is_displayed, "nowhere to type")
    page.find("#typed").send_keys(WEAK)
    page.click("[data-part=typed] .primary")
    page.sees("Practice verdict: no hire")
    page.wait(lambda: "follow-up" in page.find("[data-part=where]").text.lower(), "no follow-up")
    page.click("[data-wish=skip]")
    page.sees("What came of it")
    page.click("[data-part=result-list] a")
    page.sees("You passed it on")
    page.driver.back()
    page.sees("What came of it")
    newest = max(home.sessions.iterdir(), key=lambda path: path.stat().st_mtime)
    assert json.loads((newest / "session.json").read_text())["questions"][0]["state"] == "judged"


def test_what_is_due_today_is_planned_begun_guessed_and_ticked(page: Browser, home: Home) -> None:
    before = (datetime.now(UTC) - timedelta(days=2)).isoformat(timespec="seconds")
    missed = {"at": before, "kind": "quiz", "pattern": "own-failure", "item": 4, "right": False}
    practice_log.append(home.path, missed)
    page.go("/today")
    page.sees("Today, about")
    page.run(
        "document.querySelector('#date').value = arguments[0]",
        (today_here() + timedelta(days=4)).isoformat(),
    )
    page.click("input[value=conflict]")
    page.click("form[action='/plan'] .primary")
    page.sees("full mock on conflict")
    assert len(page.all("#days li")) == 5
    page.click(".due a[href*='own-failure']")
    page.click("input[name=answer]")
    page.click("form .primary")
    page.click("form .primary")
    page.sees("That was all that is due of it")
    assert list(practice_log.entries(home.path, "quiz"))[-1]["took_s"] < 600
    page.go("/today")
    assert page.find(".due .soft .title").text == "1 test item of own failure"
    page.click("#begin-due")
    page.sees("What do you want to be asked?")
    assert page.find("[name=question]:checked").get_attribute("value") == "fixed-unasked"
    page.run("document.querySelector('#how').value = 'typed'")
    page.run("document.querySelector('#questions').value = '1'")
    page.run("document.querySelector('#probes').value = '0'")
    page.click("#guess")
    page.click("#begin")
    page.wait(page.find("#typed").is_displayed, "nowhere to type")
    page.find("#typed").send_keys(WEAK)
    page.click("[data-part=typed] .primary")
    page.wait(page.find("[data-part=guess]").is_displayed, "nothing is asked")
    assert not page.find("#guess-action").is_displayed()  # typed words have no seconds
    page.run("document.querySelector('#guess-verdict').value = 'hire'")
    page.click("[data-part=guess] .primary")
    page.sees("What came of it")
    (guess,) = practice_log.entries(home.path, "guess")
    assert guess["guess"] == "hire"
    page.go("/today")
    page.click("button[name=forget]")
    page.sees("An interview is coming?")


def test_the_file_reads_the_same_without_script(page: Browser, home: Home, tmp_path: Path) -> None:
    folder = make_spoken_session(home, "weak")
    replayer = wiring.replayer(home, wiring.NoTranscriber)
    path = tmp_path / "report.html"
    answers.write_file(path, list(replayer.replay(str(folder), Wanted())), with_sound=True)
    page.driver.get(path.as_uri())
    page.sees("Tell what you did after that point")
    with_script = page.run("return document.body.innerText")
    assert page.run("return document.querySelectorAll('.ruler .unit').length") >= 5
    page.click(".stage.result .play")
    page.wait(lambda: page.run("return document.querySelector('audio').currentTime > 14"), "mute")
    # the browser may still ask for the picture in the tab of the page shown before
    assert [fault for fault in page.faults() if "icon.svg" not in fault] == []
    page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.driver.get(path.as_uri())
        page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
        assert page.run("return document.body.innerText") == with_script
    finally:
        page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_a_session_is_removed_whole(page: Browser, home: Home) -> None:
    folder = make_session(home, WEAK, at=datetime(2026, 11, 20, tzinfo=UTC))
    page.go(address(folder))
    page.run("document.querySelector('form[action$=remove]').closest('details').open = true")
    page.click("form[action$=remove] button")
    page.sees("Every answer")
    assert not folder.parent.exists()


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_every_page_is_open_to_everybody_and_fits(
    page: Browser, home: Home, width: int, theme: str
) -> None:
    """No serious violation for axe-core, nothing wider than the screen, no fault in the console."""
    folder = make_spoken_session(home, "weak", datetime(2026, 11, 3, width // 100, tzinfo=UTC))
    typed = make_session(home, WEAK, at=datetime(2026, 11, 4, width // 100, tzinfo=UTC))
    page.look(width, theme=theme)
    page.faults()
    for path in (
        "/", "/today", "/interview", "/drill", "/upload", "/history", "/learn",
        "/learn/missed-deadline?step=3",
        "/concepts/missed-deadline", "/concepts/missed-deadline?item=1&said=0",
        "/test/missed-deadline?seed=5", "/test/missed-deadline?seed=5&said=01",
        address(folder), f"{address(folder)}/repair?stage=result", f"{address(folder)}/compare",
        address(typed), f"{address(typed)}/repair?stage=task", "/live",
        "/mentor",
    ):  # fmt: skip
        page.go(path)
        page.run(AXE.read_text())
        found = page.run(
            "return axe.run({resultTypes: ['violations']}).then((r) => r.violations"
            ".map((v) => [v.impact, v.id, v.nodes.map((n) => n.html.slice(0, 160))]))"
        )
        assert [each for each in found if each[0] in ("serious", "critical")] == [], path
        assert page.run("return document.documentElement.scrollWidth") <= width, path
    assert page.faults() == []
