"""The sandbox as a child process, and clients of its services that know nothing but HTTP."""

import hashlib
import http.client
import json
import os
import pathlib
import subprocess
from urllib.parse import quote, urlencode, urlsplit

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHOPWIRE = pathlib.Path(os.environ.get("SHOPWIRE", ROOT / "target/debug/shopwire"))
PRODUCTS = "/marketplaces/v1/products/"


class Sandbox:
    """One running sandbox. `start` and `stop` may be called more than once: with `ports` it is found again."""

    def __init__(self, *flags, limits=False):
        self.flags = list(flags) + ([] if limits else ["--no-rate-limit"])
        self.process = None
        self.start()

    def start(self, *more):
        command = [SHOPWIRE, "sandbox", "--json", *self.flags, *more]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.about = json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    @property
    def admin_url(self):
        return self.about["admin"]["url"]

    def admin(self, method, path, value=None):
        """A call of the admin API; gives its JSON."""
        headers = {} if value is None else {"Content-Type": "application/json"}
        answer = send(self.admin_url, method, f"/api/{path}", headers, None if value is None else json.dumps(value))
        assert answer.status < 300, (method, path, answer.status, answer.body)
        return json.loads(answer.body) if answer.body else None

    def nicechat(self, method, path=PRODUCTS, body="", content_type=None, hashed=None, headers=None, shape=str):
        """A request with the signature in its headers; `hashed` is what a mistaken client signs, `shape` changes the signature."""
        account = self.about["nicechat"]
        text = account["api_secret"] + path + body + method if hashed is None else hashed
        signature = shape(hashlib.sha256(text.encode()).hexdigest())
        sent = {"X-API-Key": account["api_key"], "X-API-Sign": signature, **(headers or {})}
        if content_type:
            sent["Content-Type"] = content_type
        return send(account["url"], method, path, sent, body)

    def uvygoda(self, method, body):
        account = self.about["uvygoda"]
        headers = {"Content-Type": "application/json;charset=UTF-8", "Token": account["token"], "method": method}
        return send(account["url"], "POST", "/local/api/api.php", headers, json.dumps(body))

    def retailcrm(self, method, target, fields=None, headers=None):
        account = self.about["retailcrm"]
        sent = {"X-API-KEY": account["api_key"], **(headers or {})}
        body = None
        if fields is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields)
        return send(account["url"], method, target, sent, body)

    def create_order(self, order):
        answer = self.retailcrm("POST", "/api/v5/orders/create", {"order": json.dumps(order)})
        assert answer.status == 201, answer.body
        return json.loads(answer.body)["id"]


class Answer:
    def __init__(self, status, body):
        self.status = status
        self.body = body


def send(base, method, target, headers, body=None):
    """One request on a connection of its own; a path is sent as it is, however odd."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
    try:
        connection.putrequest(method, quote(target, safe="/?&=%[]:@!$'()*+,;~"), skip_accept_encoding=True)
        data = None if body is None else body.encode() if isinstance(body, str) else body
        for name, value in headers.items():
            connection.putheader(name, value)
        if data is not None:
            connection.putheader("Content-Length", str(len(data)))
        connection.endheaders(data)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read().decode("utf-8", "replace"))
    finally:
        connection.close()
