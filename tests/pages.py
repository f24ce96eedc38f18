#!/usr/bin/python3
"""The pages of an archive of some hundred articles in a real browser, as a reader uses them: wide and narrow, light and dark, with and without
script; and reports, opened as files.

    tests/pages.py [FOLDER]      with a folder: pictures of the pages for people to look at
"""
import contextlib
import csv
import glob
import io
import json
import os
import pathlib
import re
import sys
import tempfile
import time

from serving import serving
from tap import RELEASE, ROOT, finish, ok, run, skip

NAME = "the pages in Chromium"
try:
    from selenium import webdriver
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    skip(NAME, "python3-selenium is not installed")
    finish()

SIZES = {"wide": (1280, 900), "narrow": (390, 844)}


class Browser:
    """A headless Chromium that keeps count of what it fetches and of what it complains about."""

    def __init__(self, downloads, script=True):
        options = webdriver.ChromeOptions()
        for argument in "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run", "--hide-scrollbars":
            options.add_argument(argument)
        preferences = {"download.default_directory": downloads, "download.prompt_for_download": False}
        if not script:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=webdriver.chrome.service.Service("/usr/bin/chromedriver"))
        self.complaints, self.fetched = [], set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def look(self, size="wide", dark=False):
        width, height = SIZES[size]
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == "narrow", "screenWidth": width, "screenHeight": height})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}, {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def go(self, url):
        self.driver.get(url)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.one(selector).text

    def until(self, holds, seconds=10):
        """Wait until something holds; its value, or None."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(Exception):
                value = holds()
                if value:
                    return value
            time.sleep(0.05)
        return None

    def count(self):
        """Take note of what was logged since."""
        self.complaints += [line["message"] for line in self.driver.get_log("browser")]
        for line in self.driver.get_log("performance"):
            message = json.loads(line["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.fetched.add(message["params"]["request"]["url"])


def made_archive(folder):
    """300 articles from templates and our own ones."""
    status, made, _ = run(["python3", os.path.join(ROOT, "tests/made.py"), "300"])
    source = os.path.join(folder, "made.jsonl")
    with open(source, "wb") as file:
        file.write(made)
    path = os.path.join(folder, "news.db")
    status, _, messages = run([RELEASE, "store", "-q", path, source, "corpora/articles"], limit=300)
    ok(status == 0, "some hundred articles are stored", messages)
    return path


# ---- as a reader goes

def look_at_search(b, server):
    b.go(server.url)
    ok(b.driver.title.startswith("Archive") and len(b.all(".bars tbody tr")) > 15 and b.all(".totals dd"), "the start shows who is quoted and how the sources divide")
    ok(b.driver.switch_to.active_element.get_attribute("name") == "q", "the search box has the focus")
    b.driver.switch_to.active_element.send_keys("gates locked", Keys.ENTER)
    ok(b.until(lambda: b.text(".count") == "1 quote") and [m.text for m in b.all(".quote-item mark")] == ["gates", "locked"], "words are found, and marked", b.driver.page_source[-2000:])
    box = b.one("#q")
    box.clear()
    box.send_keys("timetab")
    ok(b.until(lambda: "timetab" in b.driver.current_url and int(b.text(".count").split()[0]) > 10), "search as you type: the results and the address follow", b.driver.current_url)
    ok(b.until(lambda: b.one("#heard").get_attribute("textContent") == b.text(".count")), "and are told to who reads by ear")
    ok(all("timetable" in m.text.lower() for m in b.all(".quote-item mark")), "the beginning of a word finds it")
    b.one("#speaker").send_keys("nobody-of-this-name")
    ok(b.until(lambda: b.text(".count").startswith("No quote")), "the filters count")


def look_at_person(b, server):
    b.go(server.url + "search?q=gates+locked")
    b.one(".quote-item .name").click()
    ok(b.text("h1") == "Daniel Okafor" and "regional organiser" in b.text(".list") and len(b.all(".quote-item")) == 3, "a click on a name opens the person", b.text("main"))
    ok("United Dockworkers" in b.text(".list"), "with titles and affiliations")
    said = [item.text for item in b.all(".quote-item blockquote")]
    ok(any("nothing will change \u2026 We heard" in text for text in said), "a quote that the article breaks off shows where", said)
    ok(all(re.match(r"\w", item.text) for item in b.all(".quote-item .by")), "no line begins with a dot")
    b.one(".list .organization").click()
    ok("Dockworkers" in b.text("h1") and "Daniel Okafor" in b.text(".list") and b.all(".quote-item"), "the organization has its people, and what they said", b.text("main"))


def look_at_article(b, server):
    b.go(server.url + "search?q=gates+locked")
    b.one(".quote-item .where a").click()
    ok("#q9" in b.driver.current_url and b.one("#q9").is_displayed(), "a click on the article opens it at the quote", b.driver.current_url)
    card = b.text("#q9")
    ok("Daniel Okafor" in card and "“said”" in card and "Why a quote" in card, "its note shows the speaker, the word of saying and why", card)
    pieces = b.all(".quote[data-note=q9]")
    ok(len(pieces) == 2 and all("on" in piece.get_attribute("class").split() for piece in pieces), "all pieces of the quote stand out")
    b.one(".quote[data-note=q8]").click()
    ok(b.until(lambda: b.one("#q8").is_displayed() and not b.one("#q9").is_displayed()), "a click on another quote shows its note instead")
    ok("“warned”" in b.text("#q8") and "paraphrase" in b.text("#q8"), "which tells a paraphrase", b.text("#q8"))
    b.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    ok(b.until(lambda: not b.one("#q8").is_displayed() and b.driver.switch_to.active_element.get_attribute("class") == "ref"), "Escape closes it, and the focus is where it was")
    ok([e.text for e in b.all("article a.organization")[:2]] and "Edinburgh City Council" in b.text("aside"), "organizations are marked, and listed")
    picture = b.one(".picture img")
    b.driver.execute_script("arguments[0].scrollIntoView()", picture)
    ok(b.until(lambda: int(picture.get_attribute("naturalWidth")) > 300), "the graph is there as a picture")
    b.driver.execute_script("location.hash = 'q9'")
    b.until(lambda: b.one("#q9").is_displayed())
    b.one("#q9 a[href^='/rule/']").click()
    ok(b.all(".examples li") and b.text(".pattern"), "the reason leads to the rule, its examples and its pattern")


def downloaded(b, folder, ending, link):
    before = set(os.listdir(folder))
    b.one(link).click()
    name = b.until(lambda: [n for n in set(os.listdir(folder)) - before if n.endswith(ending)])
    return pathlib.Path(folder, name[0]).read_text(encoding="utf-8") if name else ""


def look_at_downloads(b, server, folder):
    b.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": folder})
    b.go(server.url + "search?q=gates+locked")
    rows = list(csv.DictReader(io.StringIO(downloaded(b, folder, ".csv", ".downloads a[href*='.csv']"), newline="")))
    ok(len(rows) == 1 and rows[0]["speaker"] == "Daniel Okafor" and "gates were locked" in rows[0]["quote"] and rows[0]["organization"] == "United Dockworkers' Union",
       "the CSV of a search has what the page has", rows)
    found = json.loads(downloaded(b, folder, ".json", ".downloads a[href*='.json']") or "{}")
    ok([q["speaker"] for q in found.get("quotes", [])] == ["Daniel Okafor"], "and so has its JSON", found)


def look_at_check(b, server):
    b.go(server.url + "check")
    b.one("#words").send_keys("Both times, the gates were CLOSED within two years!")
    b.one("main button").click()
    ok(b.until(lambda: [b.text("ol del"), b.text("ol ins")] == ["CLOSED", "locked"]) and "comes near" in b.text(".verdict"), "what was altered is shown word by word", b.text("main"))
    ok("Daniel Okafor" in b.text(".near"), "with who said it")
    b.go(server.url + "check?q=my+horse+eats+nothing+but+violets")
    ok("Nothing" in b.text(".verdict"), "and what nobody said is said to be so")


def look_at_keyboard(b, server):
    b.go(server.url + "people")
    b.one("body").send_keys(Keys.TAB)
    ok(b.driver.switch_to.active_element.get_attribute("class") == "skip", "the first Tab is the way past the navigation")
    ok(b.driver.execute_script("return getComputedStyle(document.activeElement).outlineStyle") != "none", "what has the focus is seen to have it")


# ---- for every page

RELATED = """
const lum = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255).map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4); return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\\)$|transparent/.test(c)) return c; } return "rgb(255,255,255)"; };
const faint = new Set();
for (const e of document.querySelectorAll("main *, header *, footer *")) {
  if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility() || e.closest("svg")) continue;
  const color = getComputedStyle(e).color; if (color.startsWith("color(")) continue;
  const a = lum(color), b = lum(ground(e)), contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (contrast < 4.5) faint.add(e.tagName + "." + e.className + " " + contrast.toFixed(2));
}
const nameless = [...document.querySelectorAll("input, textarea, button, a, img")].filter(e => !(e.textContent.trim() || e.getAttribute("aria-label") || e.alt || (e.labels && e.labels.length) || e.querySelector("img[alt]")));
return {faint: [...faint], wide: document.documentElement.scrollWidth - screen.width, headings: document.querySelectorAll("h1").length,
        landmarks: ["header", "nav", "main", "footer"].filter(l => !document.querySelector(l)), nameless: nameless.map(e => e.outerHTML.slice(0, 80)), lang: document.documentElement.lang};
"""


def look_at_every_page(b, server, pictures):
    person = server.ask("/people")[2].decode().split('href="/person/')[1].split('"')[0]
    body = server.ask("/organizations")[2].decode().split('href="/organization/')[1].split('"')[0]
    place = server.ask("/places")[2].decode().split('href="/place/')[1].split('"')[0]
    article = server.ask("/search?q=gates+locked")[2].decode().split('href="/article/')[1].split("#")[0]
    pages = {"start": "", "search": "search?q=timetable", "check": "check?q=the+gates+were+closed+within+two+years", "people": "people", "organizations": "organizations",
             "places": "places", "articles": "articles", "person": "person/" + person, "organization": "organization/" + body, "place": "place/" + place,
             "article": "article/" + article, "note": "article/" + article + "#q8", "rule": "rule/clause.that", "fault": "nothing"}
    for size in SIZES:
        for dark in False, True:
            b.look(size, dark)
            wrong = []
            for name, target in pages.items():
                b.go("about:blank")
                b.go(server.url + target)
                facts = b.driver.execute_script(RELATED)
                if facts["faint"] or facts["wide"] > 0 or facts["headings"] != 1 or facts["landmarks"] or facts["nameless"] or facts["lang"] != "en":
                    wrong.append("%s: %s" % (name, facts))
                if pictures:
                    b.driver.save_screenshot(os.path.join(pictures, "%s-%s-%s.png" % (name, size, "dark" if dark else "light")))
            ok(not wrong, "every page, %s and %s: contrast, width, one heading, landmarks, a name for every control" % (size, "dark" if dark else "light"), "\n".join(wrong))
    b.look()


def look_without_script(server, folder, path):
    b = Browser(folder, script=False)
    with b:
        b.look()
        b.go(server.url)
        b.one("#q").send_keys("gates locked", Keys.ENTER)
        ok(b.until(lambda: b.text(".count") == "1 quote"), "without script: search")
        b.one(".quote-item .where a").click()
        ok(b.one("#q9").is_displayed(), "without script: the note on a quote")
        b.one("#q9 .close").click()
        ok(not b.one("#q9").is_displayed(), "without script: it closes")


def look_at_report(b, folder, pictures):
    one, many = os.path.join(folder, "one.html"), os.path.join(folder, "many.html")
    status, _, messages = run([RELEASE, "report", "-q", "corpora/articles/harbour-deal.txt", "-o", one])
    ok(status == 0, "a report of an article", messages)
    status, _, messages = run([RELEASE, "report", "-q", "corpora/articles", "-o", many, "--title", "All <of> them"])
    ok(status == 0, "a report of several", messages)
    b.go("file://" + one)
    ok("Scottish port operator" in b.text("h1") and b.one(".picture svg").is_displayed() and not b.all("script"), "it has the article and the picture of its graph, and no script")
    b.one("a.ref[href='#q8']").click()
    ok("Daniel Okafor" in b.text("#q8") and "clause.that" in b.text("#q8"), "and the note on a quote")
    if pictures:
        b.driver.save_screenshot(os.path.join(pictures, "report.png"))
    b.go("file://" + many)
    ok(b.text("h1") == "All <of> them" and len(b.all(".contents li")) == len(b.all(".one")) == len(glob.glob(os.path.join(ROOT, "corpora/articles/*"))), "several stand in one file, with their list")
    ids = b.driver.execute_script("const all = [...document.querySelectorAll('[id]')].map(e => e.id); return all.length - new Set(all).size")
    ok(ids == 0, "no id stands twice in it", ids)
    b.one(".contents a[href='#a15']").click()
    b.one("#a15 a.ref").click()
    ok(b.all("#a15 .card:target"), "and each has its own notes")


def look_at_readme(folder):
    """From a folder of saved pages to the browser: the two commands of README.md, as they are written there."""
    text = open(os.path.join(ROOT, "README.md"), encoding="utf-8").read()
    first, second = [line[2:] for line in text.split("$ onrecord store my.db FOLDER")[1].join(["$ onrecord store my.db FOLDER", ""]).split("```")[0].splitlines() if line.startswith("$ ")]
    ok((first, second) == ("onrecord store my.db FOLDER", "onrecord serve my.db"), "the README has two commands", (first, second))
    saved = os.path.join(folder, "FOLDER")
    os.mkdir(saved)
    for i in range(3):
        with open(os.path.join(saved, "page%d.html" % i), "w", encoding="utf-8") as file:
            file.write("<!doctype html><html><head><title>Ferry %d</title></head><body><nav>Home</nav><article><h1>Ferry %d is late</h1><p>The ferry was late again on Monday.</p>"
                       "<p>\u201cIt is late,\u201d said Hanna Birch, the harbour master of Seabrook.</p></article></body></html>" % (i, i))
    status, _, messages = run(["bash", "-c", first.replace("onrecord", RELEASE, 1)], cwd=folder)
    ok(status == 0 and "3 articles added" in messages, first, messages)
    with serving(os.path.join(folder, "my.db")) as server:
        ok(b"Hanna Birch" in server.ask("/search?q=late")[2], second)


def main():
    pictures = sys.argv[1] if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as folder:
        path = made_archive(folder)
        look_at_readme(folder)
        with serving(path) as server:
            b = Browser(folder)
            with b:
                b.look()
                look_at_search(b, server)
                look_at_person(b, server)
                look_at_article(b, server)
                look_at_downloads(b, server, folder)
                look_at_check(b, server)
                look_at_keyboard(b, server)
                b.count()
                ok(not b.complaints, "nothing on the console", "\n".join(b.complaints))
                look_at_every_page(b, server, pictures)
                look_at_report(b, folder, pictures)
                b.count()
                complaints = [line for line in b.complaints if "/nothing" not in line]
                ok(not complaints, "nothing on the console, of any page", "\n".join(complaints))
                outside = [url for url in b.fetched if not url.startswith((server.url, "file://", "about:", "data:", "chrome"))]
                ok(not outside and len(b.fetched) > 20, "nothing is fetched from anywhere else", "\n".join(outside))
            look_without_script(server, folder, path)


main()
finish()
