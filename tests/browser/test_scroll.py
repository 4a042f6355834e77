"""Ten thousand requests in the list."""

import http.client
import threading
from urllib.parse import urlsplit

REQUESTS = 10_000
CLIENTS = 4
MOST_ROWS = 100

# Scrolls by turns of a wheel through the list, and notes the time of each frame.
SCROLL = """
const done = arguments[0];
const list = document.querySelector('.list');
const [frames, rows, scripts] = [[], [], []];
let last = performance.now();
let script = 0;
const drawing = draw;
draw = (...values) => { const from = performance.now(); drawing(...values); script = performance.now() - from; };
function frame(now) {
  scripts.push(script);
  frames.push(now - last);
  rows.push(document.querySelectorAll('.list-row').length);
  last = now;
  list.scrollTop += 700;
  if (frames.length < 400) requestAnimationFrame(frame);
  else done({ frames: frames.slice(1), scripts: scripts.slice(1), rows, top: list.scrollTop });
}
requestAnimationFrame(frame);
"""


def many_requests(sandbox, number):
    account = sandbox.about["retailcrm"]

    def client():
        connection = http.client.HTTPConnection(urlsplit(account["url"]).netloc)
        for _ in range(number // CLIENTS):
            connection.request("GET", "/api/v5/reference/countries", headers={"X-API-KEY": account["api_key"]})
            connection.getresponse().read()
        connection.close()

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()


def parts(times):
    times = sorted(times)
    return ", ".join(f"{name} {times[int(part * (len(times) - 1))]:.1f} ms" for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1)))


def test_s2_ten_thousand_requests_scroll(page):
    page.open()
    # They arrive while the page looks on.
    many_requests(page.sandbox, REQUESTS)
    page.sees("10,000 requests")
    page.until(lambda: page.ids()[0] == REQUESTS)
    page.run("document.querySelector('.list').scrollTop = 0")
    measured = page.driver.execute_async_script(SCROLL)
    assert max(measured["rows"]) <= MOST_ROWS, max(measured["rows"])
    assert measured["top"] > 100_000
    print(f"\n10,000 requests, 400 frames: {parts(measured['frames'])}; of it the script: {parts(measured['scripts'])}")

    # To the oldest one, although only the newest thousand are read at first after a start.
    page.open()
    def at_end():
        page.run("const l = document.querySelector('.list'); l.scrollTop = l.scrollHeight")
        return page.ids()[-1:] == [1]
    page.until(at_end)
    assert len(page.rows()) <= MOST_ROWS


def test_s2_rows_in_sight_stay_while_new_ones_arrive(page):
    many_requests(page.sandbox, 400)
    page.open()
    page.until(lambda: page.ids()[:1] == [400])
    page.run("document.querySelector('.list').scrollTop = 2800")
    in_sight = "const l = document.querySelector('.list').getBoundingClientRect(); return Number(document.elementFromPoint(l.x + 300, l.y + 60).closest('.list-row')?.dataset.id ?? 9999)"
    page.until(lambda: page.run(in_sight) < 320)
    before = page.run(in_sight)
    many_requests(page.sandbox, 40)
    page.sees("440 requests")
    assert page.run(in_sight) == before


def test_s2_arrivals_are_not_spoken_one_by_one(page):
    page.open()
    page.run("""window.spoken = []; new MutationObserver(() => window.spoken.push(document.querySelector('#announcer').textContent))
        .observe(document.querySelector('#announcer'), { childList: true });""")
    many_requests(page.sandbox, 200)
    page.sees("200 requests")
    page.run("return new Promise((done) => setTimeout(done, 400))")
    assert len(page.run("return window.spoken")) <= 2
