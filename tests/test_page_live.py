"""A person at the page: a whole interview and a stage told again, over a real sound card."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from browser import Browser, browser, missing, served
from many_sessions import make_spoken_session
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from sound_rig import SoundRig, best_match, sound_rig

from mock_interviewer.adapters import practice_log
from mock_interviewer.adapters.audio_files import read_audio
from mock_interviewer.adapters.prompt_dir import fixtures_dir
from mock_interviewer.core.rubric import STORY_STAGES
from mock_interviewer.settings import Home


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SoundRig]:
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    with sound_rig(tmp_path / "rig") as running:
        yield running


@pytest.fixture
def page(rig: SoundRig, tmp_path: Path) -> Iterator[Browser]:
    with served(tmp_path / "home") as site, browser(site.root) as opened:
        opened.driver.get(site.address)
        yield opened


def hit(page: Browser, key: str) -> None:
    ActionChains(page.driver).send_keys(key).perform()


def until_live(page: Browser) -> None:
    """Until the lamp is green."""
    page.wait(lambda: page.all(".lamp.is-live"), "the lamp does not turn green")


def test_a_whole_interview_with_keys_alone(page: Browser, rig: SoundRig, tmp_path: Path) -> None:
    played = tmp_path / "loudspeaker.wav"
    page.go("/interview?question=nobody-owned-it")
    page.run("document.querySelector('#probes').value = '1'")
    page.run("document.querySelector('#end').value = 'auto'")
    page.find("#coach").send_keys(Keys.SPACE)
    with rig.recording(played):
        page.find("#own").send_keys(Keys.ENTER)
        page.sees("Tell me about something that fell between two teams")
        until_live(page)
    page.wait(lambda: page.find("[data-part=time]").text >= "0:01", "the time stands still")
    hit(page, "p")
    page.sees("paused")
    hit(page, "r")
    until_live(page)
    with rig.saying(fixtures_dir() / "weak.flac") as player:
        page.wait(lambda: page.find("[data-part=stage-age]").text, "no stage is shown")
        assert page.find("[data-part=stage-name]").text.lower() in set(STORY_STAGES)
        assert " of " in page.find("[data-part=stage-time]").text
        assert player.wait(60) == 0
    page.sees("Ends in 3")
    hit(page, "u")
    page.wait(lambda: not page.find("[data-part=ending]").is_displayed(), "it still ends")
    hit(page, Keys.ENTER)
    page.sees("Practice verdict: no hire")  # heard, judged, and the follow-up is asked
    page.wait(lambda: "follow-up 1" in page.find("[data-part=where]").text.lower(), "no follow-up")
    until_live(page)
    rig.say(fixtures_dir() / "weak-reply1.flac")
    hit(page, Keys.ENTER)
    page.sees("What came of it")
    page.wait(lambda: page.run("return document.activeElement.matches('ul a')"), "no way on")
    hit(page, Keys.ENTER)
    page.sees("The follow-ups")
    assert page.faults() == []
    (folder,) = (tmp_path / "home" / "sessions").glob("*/q1-*")
    samples = read_audio(folder / "take2.wav").samples
    sought = read_audio(fixtures_dir() / "weak.flac").samples[80_000:160_000]
    assert best_match(samples, sought)[1] > 0.9
    assert (folder / "take1.wav").is_file()  # the retake keeps it
    assert json.loads((folder / "take2.analysis.json").read_text())["verdict"] == "no_hire"
    assert (folder / "probe1.judgement.json").is_file()
    question = read_audio(folder / "question.wav").samples[16_000:48_000]
    assert best_match(read_audio(played).samples, question)[1] > 0.8


def test_a_stage_told_again_is_heard_inside_the_whole_and_compared(
    page: Browser, rig: SoundRig, tmp_path: Path
) -> None:
    folder = make_spoken_session(Home(tmp_path / "home"))
    before = json.loads((folder / "take1.analysis.json").read_text())
    ((start_s, end_s),) = before["stages"]["result"]["spans"]
    page.go(f"/answers/{folder.parent.name}/{folder.name}")
    page.click(".stage.result a")
    page.click("#record")
    until_live(page)
    rig.say(fixtures_dir() / "strong-reply1.flac")
    page.click("[data-wish=done]")
    page.sees("side by side", 120)
    whole, rate_hz = soundfile.read(folder / "take1.wav", dtype="int16")
    spliced, _ = soundfile.read(folder / "take2.wav", dtype="int16")
    kept = round((start_s - 0.7) * rate_hz)
    assert np.array_equal(spliced[:kept], whole[:kept])
    after = len(whole) - round((end_s + 0.7) * rate_hz)
    assert np.array_equal(spliced[-after:], whole[-after:])
    told = read_audio(fixtures_dir() / "strong-reply1.flac").samples[16_000:48_000]
    at, likeness = best_match(read_audio(folder / "take2.wav").samples, told)
    assert likeness > 0.9
    assert abs(at / rate_hz - 1 - start_s) < 1.5
    assert (folder / "take2-result.wav").is_file()
    assert json.loads((folder / "take2.analysis.json").read_text())["duration_s"] > 0
    assert len(page.all(".compare tbody tr")) == 5
    page.go(f"/answers/{folder.parent.name}/{folder.name}")
    page.sees("Compare the takes")


def test_a_drill_counts_down_is_told_guessed_and_compared(
    page: Browser, rig: SoundRig, tmp_path: Path
) -> None:
    page.go("/drill")
    for name in ("task", "action", "reflection"):
        page.click(f"[name={name}]")
    page.click("#guess")
    page.click("#begin")
    page.sees("get ready")
    page.wait(lambda: page.find("[data-part=time]").text in {"3", "2", "1"}, "no countdown")
    until_live(page)
    rig.say(fixtures_dir() / "weak-reply2.flac")
    hit(page, Keys.ENTER)
    page.wait(lambda: "2 of 2" in page.find("[data-part=where]").text.lower(), "no second stage")
    hit(page, Keys.ENTER)  # no countdown this time
    until_live(page)
    hit(page, "q")
    page.sees("How many seconds was it?")
    assert not page.all("table")  # nothing is given away before
    page.find("#guess0").send_keys("60")
    page.click("form .primary")
    page.sees("off on average")
    assert page.faults() == []
    (drill,) = practice_log.entries(tmp_path / "home", "drill")
    situation = drill["stages"][0]
    spoken_s = soundfile.info(fixtures_dir() / "weak-reply2.flac").duration
    assert situation["spoken_s"] == pytest.approx(spoken_s, abs=2.0)
    (guess,) = practice_log.entries(tmp_path / "home", "guess")
    assert guess["error_s"] == pytest.approx(60 - situation["told_s"], abs=0.1)
    shown_s = int(page.all("tr.situation td")[1].text.removesuffix(" s"))
    assert shown_s == pytest.approx(situation["told_s"], abs=0.6)
