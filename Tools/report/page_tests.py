"""The page of a scan in a real headless Chromium."""

import base64
import pathlib
import time

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from browser import BrowserTests
from scanned import Scanned

# What a busy machine is allowed; an idle one takes a tenth.
SECONDS_TO_READY = 5


class PageTests(BrowserTests):
    """The page of a scan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scanned = Scanned.get()

    def open(self, path=None, ready=True):
        """Opens the page of the scan, or another."""
        self.load(path or self.scanned.path("report", "html"), ready)

    def lines(self):
        """The rows shown, each as its cells."""
        return self.js("return [...document.querySelectorAll('.findings tbody tr')].map(r => [...r.cells].map(c => c.innerText))")

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
        wanted, missed = self.missed_by_tab()
        self.assertGreater(wanted, 70)
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
        self.assertEqual(self.low_contrasts(self.open), {})

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
        self.assertEqual(self.faults_of_structure(), [])
        self.assertEqual(self.js("return document.title"), "Markings found in channels")
