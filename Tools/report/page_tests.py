"""The page of a scan in a real headless Chromium."""

import base64
import os
import pathlib
import time
import unittest

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from scanned import Scanned

CONTRASTS = (pathlib.Path(__file__).parent / "contrasts.js").read_text(encoding="utf-8")
# What a busy machine is allowed; an idle one takes a tenth.
SECONDS_TO_READY = 5


class PageTests(unittest.TestCase):
    """One browser for all; every test opens the page anew."""

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
        cls.scanned = Scanned.get()

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()

    def open(self, path=None, ready=True):
        """Opens the page and waits until its script has run."""
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
        self.browser.set_window_size(1280, 1000)
        self.browser.get((path or self.scanned.path("report", "html")).as_uri())
        if ready:
            WebDriverWait(self.browser, 30).until(lambda b: self.js("return 'ready' in document.documentElement.dataset"))

    def js(self, script, *arguments):
        """The value of a script in the page."""
        return self.browser.execute_script(script, *arguments)

    def lines(self):
        """The rows shown, each as its cells."""
        return self.js("return [...document.querySelectorAll('.findings tbody tr')].map(r => [...r.cells].map(c => c.innerText))")

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

    def test_it_is_ready_soon_and_says_nothing_on_the_console(self):
        self.complaints()
        start = time.monotonic()
        self.open()
        spent = time.monotonic() - start
        print(f"ready after {self.js('return +document.documentElement.dataset.ready')} ms, with the browser {spent:.2f} s")
        self.assertLess(spent, SECONDS_TO_READY)
        self.assertEqual(self.complaints(), [])
        self.assertEqual(len(self.lines()), 50)
        total = f"{self.scanned.finding_count:,}".replace(",", "\u202f")
        self.assertIn(f"{total} of {total}", self.browser.find_element(By.TAG_NAME, "output").text)
        self.shot("light-en")

    def test_every_finding_is_a_row(self):
        self.open()
        self.assertEqual(self.js("return JSON.parse(document.getElementById('rows').textContent).length"),
                         self.scanned.finding_count)

    def test_hostile_names_stay_text(self):
        self.open()
        self.assertIsNone(self.js("return window.injected ?? null"))
        self.assertEqual(self.js("return document.querySelectorAll('img, svg[onload], iframe').length"), 0)
        names = self.js("return [...document.querySelectorAll('.heat tbody th')].map(c => c.innerText)")
        self.assertIn("</script><script>window.injected = 1</script>", names)
        self.assertFalse(any("\u202e" in name or "\u0007" in name for name in names))

    def test_the_policy_lets_nothing_else_run(self):
        self.open()
        self.complaints()
        self.js("""const s = document.createElement('script'); s.textContent = 'window.injected = 3';
                   document.body.append(s);
                   const d = document.createElement('div'); d.innerHTML = '<img src=x onerror="window.injected = 4">';
                   document.body.append(d);
                   const e = document.createElement('p'); e.setAttribute('style', 'color: red'); document.body.append(e);
                   window.loaded = fetch('http://127.0.0.1:9/').then(() => 'yes', () => 'no');""")
        self.assertEqual(self.browser.execute_async_script("const done = arguments[0]; window.loaded.then(done)"), "no")
        self.assertIsNone(self.js("return window.injected ?? null"))
        refused = [text for text in self.complaints() if "Content Security Policy" in text]
        self.assertGreaterEqual(len(refused), 4, refused)
        # A page into which somebody wrote a script does not run it, and still runs its own.
        changed = self.scanned.folder / "changed.html"
        text = self.scanned.path("report", "html").read_text(encoding="utf-8")
        changed.write_text(text.replace("<main", "<script>window.injected = 5</script><main", 1), encoding="utf-8")
        self.open(changed)
        self.assertIsNone(self.js("return window.injected ?? null"))
        self.complaints()

    def test_search_and_choices_filter(self):
        self.open()
        total = self.scanned.finding_count
        rows = self.scanned.rows()
        self.browser.find_element(By.ID, "search").send_keys("NATO anne")
        wanted = sum(row["rule"].startswith("nato") and "anne" in row["sender"] for row in rows)
        self.assertTrue(0 < wanted < total)
        self.wait_for_count(f"{wanted:,} of".replace(",", "\u202f"))
        self.assertTrue(all("NATO" in cells[1] and "@anne" in cells[3] for cells in self.lines()))
        self.browser.find_element(By.ID, "reset").click()
        Select(self.browser.find_element(By.ID, "level")).select_by_value("4")
        wanted = sum(row["level"] in ("secret", "top-secret") for row in rows)
        self.wait_for_count(f"{wanted:,} of".replace(",", "\u202f"))
        self.assertTrue(all("secret" in cells[0] for cells in self.lines()))
        Select(self.browser.find_element(By.ID, "usage")).select_by_value("0")
        wanted = sum(row["level"] in ("secret", "top-secret") and row["usage"] == "mentioned" for row in rows)
        self.wait_for_count(f"{wanted:,} of".replace(",", "\u202f"))
        self.browser.find_element(By.ID, "reset").click()
        Select(self.browser.find_element(By.ID, "scheme")).select_by_value("tlp")
        wanted = sum(row["scheme"] == "tlp" for row in rows)
        self.wait_for_count(f"{wanted:,} of".replace(",", "\u202f"))

    def test_columns_sort_both_ways(self):
        self.open()
        for column in (4, 2, 3):
            shown = []
            for _ in range(2):
                head = self.browser.find_elements(By.CSS_SELECTOR, ".findings thead th")[column]
                head.find_element(By.TAG_NAME, "button").click()
                head = self.browser.find_elements(By.CSS_SELECTOR, ".findings thead th")[column]
                direction = head.get_attribute("aria-sort")
                values = [cells[column] for cells in self.lines()]
                if column == 4:
                    self.assertEqual(values, sorted(values, reverse=direction == "descending"))
                shown.append((direction, values[0]))
            self.assertEqual({direction for direction, _ in shown}, {"ascending", "descending"})
            self.assertNotEqual(shown[0][1], shown[1][1])
        self.open()
        # At first the gravest stand first.
        self.assertTrue(all("applied" in cells[0] for cells in self.lines()))

    def test_pages_turn(self):
        self.open()
        first = self.lines()[0]
        self.browser.find_element(By.ID, "page-next").click()
        self.assertNotEqual(self.lines()[0], first)
        self.assertIn("51–100", self.browser.find_element(By.CLASS_NAME, "pager").text)
        self.browser.find_element(By.ID, "page-previous").click()
        self.assertEqual(self.lines()[0], first)

    def test_rows_open_with_the_keyboard_and_all_is_reached(self):
        self.open()
        self.js("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex');"
                "window.reached = new Set(); addEventListener('focusin', e => window.reached.add(e.target))")
        wanted = self.js("""return [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
            .filter(e => !e.disabled && e.checkVisibility()).length""")
        self.assertGreater(wanted, 70)
        for _ in range((wanted + 5) // 10 + 1):
            ActionChains(self.browser).send_keys(Keys.TAB * 10).perform()
        missed = self.js("""return [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
            .filter(e => !e.disabled && e.checkVisibility() && !window.reached.has(e)).map(e => e.outerHTML.slice(0, 120))""")
        self.assertEqual(missed, [])
        more = self.browser.find_element(By.CSS_SELECTOR, "button.more")
        self.js("arguments[0].focus()", more)
        more.send_keys(Keys.ENTER)
        self.assertEqual(more.get_attribute("aria-expanded"), "true")
        self.assertEqual(len(self.browser.find_elements(By.CSS_SELECTOR, "tr.detail dl")), 1)
        more.send_keys(Keys.ENTER)
        self.assertEqual(len(self.browser.find_elements(By.CSS_SELECTOR, "tr.detail")), 0)

    def test_focus_is_seen(self):
        self.open()
        self.browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB, Keys.TAB)
        self.assertNotEqual(self.js("return getComputedStyle(document.activeElement).outlineStyle"), "none")

    def test_contrast_is_enough_in_light_dark_and_print(self):
        self.open()
        for theme in ("auto", "light", "dark"):
            while self.js("return document.documentElement.dataset.theme") != theme:
                self.browser.find_element(By.ID, "theme").click()
            if self.browser.find_elements(By.CSS_SELECTOR, "tr.detail") == []:
                self.browser.find_element(By.CSS_SELECTOR, "button.more").click()
            self.assertEqual(self.js(CONTRASTS), [], theme)
            self.shot(theme)
        for features in ([{"name": "prefers-color-scheme", "value": "dark"}], []):
            self.open()
            self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "" if features else "print", "features": features})
            dark = self.js("return getComputedStyle(document.documentElement).backgroundColor") == "rgb(20, 22, 26)"
            self.assertEqual(dark, bool(features))
            self.assertEqual(self.js(CONTRASTS), [])

    def test_it_prints(self):
        self.open()
        self.browser.find_element(By.ID, "theme").click()
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        self.assertFalse(self.js("return document.getElementById('controls').checkVisibility()"))
        self.js("dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(len(self.lines()), 500)
        self.assertIn("500", self.browser.find_element(By.CLASS_NAME, "printed").text)
        self.js("dispatchEvent(new Event('afterprint'))")
        self.assertEqual(len(self.lines()), 50)
        pdf = self.browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
        data = base64.b64decode(pdf["data"])
        self.assertTrue(data.startswith(b"%PDF-"))
        if self.pictures:
            pathlib.Path(self.pictures, "print.pdf").write_bytes(data)

    def test_both_languages_say_everything(self):
        self.open()
        self.assertEqual(self.js("return document.documentElement.lang"), "en")
        english = self.browser.find_element(By.TAG_NAME, "body").text
        self.browser.find_element(By.CSS_SELECTOR, "[data-set-language=fr]").click()
        self.assertEqual(self.js("return document.documentElement.lang"), "fr")
        french = self.browser.find_element(By.TAG_NAME, "body").text
        for here, there in (("Ce qui a été examiné", "What was inspected"), ("évoqué", "mentioned"), ("Rechercher", "Search")):
            self.assertIn(here, french)
            self.assertNotIn(there, french)
            self.assertIn(there, english)
        self.assertNotRegex(french + english, r"\b(script|column|gap|next|summary|figure)\.[a-z-]+\b")
        self.shot("light-fr")

    def test_a_narrow_window_needs_no_sideways_scrolling(self):
        self.open()
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True})
        self.assertLessEqual(self.js("return document.documentElement.scrollWidth"), 390)
        self.shot("narrow")
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def test_it_is_whole_without_a_script(self):
        self.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            self.open(ready=False)
            text = self.browser.find_element(By.TAG_NAME, "body").text
            self.assertIn("What was inspected", text)
            self.assertIn("The 50 gravest findings", text)
            self.assertNotIn("Search", text)
            self.assertEqual(len(self.browser.find_elements(By.CSS_SELECTOR, ".findings tbody tr")), 50)
        finally:
            self.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

    def test_tables_and_headings_are_in_order(self):
        self.open()
        levels = self.js("return [...document.querySelectorAll('h1, h2, h3')].map(h => +h.tagName[1])")
        self.assertEqual(levels[0], 1)
        self.assertEqual(levels.count(1), 1)
        self.assertTrue(all(after - before <= 1 for before, after in zip(levels, levels[1:])))
        bare = self.js("return [...document.querySelectorAll('th')].filter(h => !h.scope).length")
        self.assertEqual(bare, 0)
        unnamed = self.js("""return [...document.querySelectorAll('button, a[href], input, select')]
            .filter(e => !e.innerText.trim() && !e.labels?.length).map(e => e.outerHTML)""")
        self.assertEqual(unnamed, [])
        self.assertEqual(self.js("return document.title"), "Markings found in channels")
        twice = self.js("const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.length - new Set(ids).size")
        self.assertEqual(twice, 0)
