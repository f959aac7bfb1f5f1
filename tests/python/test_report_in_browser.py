"""The page of `lake report` in headless Chromium: what a person sees of 2,500 tables, and does with them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from lake.report.page import page
from lakehouse import REPOSITORY
from test_report import facts

pytestmark = pytest.mark.long

# Without the last ones Chromium looks up its maker's hosts at every start.
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--window-size=1280,900",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """Chromium and its driver of this machine; CI installs them, a laptop may lack them."""
    names = ("chromium", "google-chrome", "chromium-browser")
    chromium = next(filter(None, map(shutil.which, names)), None)
    driver = shutil.which("chromedriver")
    if not (chromium and driver):
        missing = "no Chromium with chromedriver here (Debian: apt-get install chromium-driver)"
        if os.environ.get("GITHUB_ACTIONS"):
            pytest.fail(missing)
        pytest.skip(missing)
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for switch in (*SWITCHES, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(switch)
    started = webdriver.Chrome(options, webdriver.ChromeService(driver))
    yield started
    started.quit()


@pytest.fixture
def artefacts() -> Path:
    """Where the workflow finds pictures to keep."""
    folder = REPOSITORY / "target" / "artefacts"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def shown(browser: webdriver.Chrome) -> list[str]:
    """The names of the tables that the page shows, from the top."""
    script = "return [...document.querySelectorAll('#tables tbody tr')].filter(r => !r.hidden).map(r => r.cells[0].textContent)"
    names: list[str] = browser.execute_script(script)
    return names


def head(browser: webdriver.Chrome, name: str) -> None:
    """Click the head of a column."""
    heads = browser.find_elements(By.CSS_SELECTOR, "#tables th")
    next(each for each in heads if each.text.startswith(name)).click()


def search(browser: webdriver.Chrome, words: str) -> None:
    """Type words into the empty search field."""
    field = browser.find_element(By.ID, "search")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(words)


def test_a_person_searches_and_sorts_2500_tables(browser: webdriver.Chrome, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(page(facts(2500)))
    browser.get(path.as_uri())
    assert len(shown(browser)) == 2500
    assert browser.find_element(By.ID, "shown").text == "2500 of 2500"

    head(browser, "table")
    assert shown(browser)[:2] == ["crm.<script>alert(1)</script>", "crm.table_0000"]
    head(browser, "table")
    assert shown(browser)[:2] == ["crm.table_2498", "crm.table_2497"]

    search(browser, "table_004")
    assert shown(browser) == [f"crm.table_{n:04d}" for n in range(49, 39, -1)]
    search(browser, "script alert")
    assert shown(browser) == ["crm.<script>alert(1)</script>"]

    # The view stands in the address, so that it can be sent.
    browser.get(f"{path.as_uri()}#q=table_0042")
    browser.refresh()
    assert shown(browser) == ["crm.table_0042"]


def test_the_page_draws_its_charts_and_breaks_no_rule_of_its_own(
    browser: webdriver.Chrome, tmp_path: Path, artefacts: Path
) -> None:
    path = tmp_path / "report.html"
    path.write_text(page(facts(12)))
    browser.get(path.as_uri())
    chart = browser.find_element(By.CSS_SELECTOR, "figure svg")
    assert chart.size["width"] > 100 and chart.size["height"] > 100
    assert "<b>Monday</b>" in chart.text
    assert len(browser.find_elements(By.TAG_NAME, "script")) == 1
    width = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.execute_script(width) == 0
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]
    assert browser.save_screenshot(str(artefacts / "report.png"))
