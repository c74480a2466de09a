"""A real browser on a real server: Chromium without a window, driven over WebDriver.

Skipped with a reason where Chromium or its driver is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import (
    ElementNotInteractableException,
    StaleElementReferenceException,
)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

PATIENCE_S = 120.0


@dataclass
class Served:
    """A running `serve`."""

    address: str
    process: subprocess.Popen[str]

    @property
    def root(self) -> str:
        return self.address.split("/?")[0]

    @property
    def token(self) -> str:
        return self.address.split("token=")[1]


@contextmanager
def served(
    home: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> Iterator[Served]:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "mock_interviewer.cli.main", "serve", "--no-open"),
            *("--home", str(home), "--engine", "sphinx", *arguments),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    if not address:
        _, told = process.communicate(timeout=10)
        raise AssertionError(f"serve did not start: {told}")
    try:
        yield Served(address, process)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


class Browser:
    """A page as a person uses it: sees it, clicks, types."""

    def __init__(self, driver: webdriver.Chrome, root: str) -> None:
        self.driver, self.root = driver, root

    def go(self, path: str) -> None:
        self.driver.get(self.root + path)

    def find(self, css: str) -> WebElement:
        found: list[WebElement] = []

        def look() -> bool:
            found[:] = self.driver.find_elements(By.CSS_SELECTOR, css)
            return bool(found)

        self.wait(look, f"'{css}' is missing")
        return found[0]

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def click(self, css: str) -> None:
        """Click what fits; again where the page changed under the hand."""

        def hit() -> bool:
            try:
                element = self.find(css)
                self.run("arguments[0].scrollIntoView({block: 'center'})", element)
                element.click()
            except (StaleElementReferenceException, ElementNotInteractableException):
                return False
            return True

        self.wait(hit, f"'{css}' cannot be clicked")

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def wait(self, until: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> None:
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            try:
                if until():
                    return
            except StaleElementReferenceException:
                pass  # the page changed in between
            time.sleep(0.03)
        shown = self.run("return document.body.innerText")
        raise AssertionError(f"{what} on {self.driver.current_url}:\n{shown[:2000]}")

    def sees(self, text: str, patience_s: float = PATIENCE_S) -> None:
        end = time.monotonic() + patience_s
        shown = ""
        while time.monotonic() < end:
            shown = self.run("return document.body ? document.body.innerText : ''")
            if text in shown:
                return
            time.sleep(0.03)
        raise AssertionError(f"'{text}' is not on {self.driver.current_url}:\n{shown[:3000]}")

    def look(self, width: int, height: int = 900, theme: str = "light") -> None:
        """Set the window's width and the theme."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": theme}]},
        )

    def faults(self) -> list[str]:
        """What the console complains of."""
        return [entry["message"] for entry in self.driver.get_log("browser")]


def missing() -> str | None:
    """Why there is no browser here."""
    for names in (("chromium", "google-chrome", "chromium-browser"), ("chromedriver",)):
        if not any(shutil.which(name) for name in names):
            return f"{names[0]} is not installed (apt install chromium chromium-driver)"
    return None


@contextmanager
def browser(root: str = "", environment: Mapping[str, str] | None = None) -> Iterator[Browser]:
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    options = webdriver.ChromeOptions()
    names = ("chromium", "google-chrome", "chromium-browser")
    options.binary_location = next(path for name in names if (path := shutil.which(name)))
    for argument in (
        *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
        *("--autoplay-policy=no-user-gesture-required", "--window-size=1440,900"),
        *("--no-first-run", "--disable-background-networking", "--hide-scrollbars"),
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = Service(shutil.which("chromedriver"), env={**os.environ, **(environment or {})})
    driver = webdriver.Chrome(options=options, service=service)
    driver.set_page_load_timeout(60)
    try:
        yield Browser(driver, root)
    finally:
        driver.quit()
