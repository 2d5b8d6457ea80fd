"""A real headless Chromium for the tests of pages."""

import base64
import os
import pathlib
import unittest

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

CONTRASTS = (pathlib.Path(__file__).parent / "contrasts.js").read_text(encoding="utf-8")
REACHABLE = """[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
    .filter(e => !e.disabled && e.checkVisibility()"""


class BrowserTests(unittest.TestCase):
    """One browser for all tests of a class; every test opens the page anew."""

    pictures = None

    @classmethod
    def setUpClass(cls):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--disable-gpu", "--window-size=1280,1000", "--lang=en"):
            options.add_argument(argument)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        cls.browser = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()

    def load(self, path, ready=True):
        """Opens a page and waits until its script has run."""
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
        self.browser.set_window_size(1280, 1000)
        self.browser.get(path.as_uri())
        if ready:
            WebDriverWait(self.browser, 30).until(lambda b: self.js("return 'ready' in document.documentElement.dataset"))

    def js(self, script, *arguments):
        """The value of a script in the page."""
        return self.browser.execute_script(script, *arguments)

    def complaints(self):
        """What the console holds, and is then empty."""
        return [entry["message"] for entry in self.browser.get_log("browser")]

    def shot(self, name):
        """Keeps a picture of the whole page where that is wanted."""
        if self.pictures:
            picture = self.browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": {
                "x": 0, "y": 0, "scale": 1, "width": self.js("return innerWidth"),
                "height": min(6000, self.js("return document.documentElement.scrollHeight"))}})
            pathlib.Path(self.pictures, name + ".png").write_bytes(base64.b64decode(picture["data"]))

    def wait_for_count(self, text):
        """Waits until the line under the controls says something."""
        WebDriverWait(self.browser, 20).until(lambda b: text in b.find_element(By.TAG_NAME, "output").text)

    def missed_by_tab(self):
        """What can be used on the page and is not reached by the tabulator; how much there is of it."""
        self.js("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex');"
                "window.reached = new Set(); addEventListener('focusin', e => window.reached.add(e.target))")
        wanted = self.js(f"return {REACHABLE}).length")
        for _ in range((wanted + 5) // 10 + 1):
            ActionChains(self.browser).send_keys(Keys.TAB * 10).perform()
        return wanted, self.js(f"return {REACHABLE} && !window.reached.has(e)).map(e => e.outerHTML.slice(0, 120))")

    def low_contrasts(self, more):
        """Texts with too little contrast in light, dark and print, with one row open; `more` opens the page."""
        low = {}
        more()
        for theme in ("auto", "light", "dark"):
            while self.js("return document.documentElement.dataset.theme") != theme:
                self.browser.find_element(By.ID, "theme").click()
            if self.browser.find_elements(By.CSS_SELECTOR, "tr.detail") == []:
                self.browser.find_element(By.CSS_SELECTOR, "button.more").click()
            low[theme] = self.js(CONTRASTS)
            self.shot(f"{type(self).__name__}-{theme}")
        for name, features in (("dark system", [{"name": "prefers-color-scheme", "value": "dark"}]), ("print", [])):
            more()
            self.browser.execute_cdp_cmd(
                "Emulation.setEmulatedMedia", {"media": "" if features else "print", "features": features})
            dark = self.js("return getComputedStyle(document.documentElement).backgroundColor") == "rgb(20, 22, 26)"
            self.assertEqual(dark, bool(features))
            low[name] = self.js(CONTRASTS)
        return {name: texts for name, texts in low.items() if texts}

    def faults_of_structure(self):
        """What is wrong with headings, heads of tables, names of controls and ids."""
        faults = []
        levels = self.js("return [...document.querySelectorAll('h1, h2, h3')].map(h => +h.tagName[1])")
        if levels[0] != 1 or levels.count(1) != 1 or any(after - before > 1 for before, after in zip(levels, levels[1:])):
            faults.append(levels)
        faults += self.js("return [...document.querySelectorAll('th')].filter(h => !h.scope).map(h => h.outerHTML)")
        faults += self.js("""return [...document.querySelectorAll('button, a[href], input, select')]
            .filter(e => !e.innerText.trim() && !e.labels?.length).map(e => e.outerHTML)""")
        faults += self.js("""const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
            return ids.filter((id, index) => ids.indexOf(id) !== index)""")
        return faults
