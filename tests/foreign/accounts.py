"""How each service knows its caller: requests' hooks that add key, token or signature."""

import hashlib
import json
import subprocess
from urllib.parse import urlsplit

from requests.auth import AuthBase

from sandbox import SHOPWIRE

FORM = "application/x-www-form-urlencoded"


class RetailCrm(AuthBase):
    def __init__(self, account):
        self.key = account["api_key"]

    def __call__(self, request):
        request.headers["X-API-KEY"] = self.key
        return request


class Uvygoda(AuthBase):
    """`Token` and `Method` are Uvygoda's headers; the second is a parameter of the description."""

    def __init__(self, account):
        self.token = account["token"]

    def __call__(self, request):
        is_login = request.headers.get("method") == "getToken"
        request.headers["Token"] = "NO_AUTH" if is_login else self.token
        return request


class NiceChat(AuthBase):
    """Signs as the service's document says: SHA-256 over secret, path, canonical payload and method.

    JSON is signed as it is sent. The canonical form of a form is PHP's, which `shopwire sign --batch` writes.
    """

    def __init__(self, account):
        self.key, self.secret = account["api_key"], account["api_secret"]
        command = [SHOPWIRE, "sign", "--batch"]
        self.signer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, request):
        path = urlsplit(request.url).path
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        media = request.headers.get("Content-Type", "")
        if media.startswith(FORM):
            canonical = self.canonical(path, body, request.method)
        elif media.startswith("multipart/"):
            canonical = self.canonical(path, fields_of(body, media), request.method)
        else:
            canonical = body
        hashed = self.secret.encode() + path.encode() + canonical + request.method.encode()
        request.headers["X-API-Key"] = self.key
        request.headers["X-API-Sign"] = hashlib.sha256(hashed).hexdigest()
        return request

    def canonical(self, path, body, method):
        job = {"secret": self.secret, "path": path, "method": method, "mode": "php"}
        job["body"] = body.decode("utf-8", "replace")
        self.signer.stdin.write(json.dumps(job) + "\n")
        self.signer.stdin.flush()
        answer = json.loads(self.signer.stdout.readline())
        return answer.get("canonical", "").encode()


def fields_of(body, media):
    """The text fields of a multipart body, urlencoded."""
    from email import message_from_bytes
    from urllib.parse import urlencode

    message = message_from_bytes(b"Content-Type: " + media.encode() + b"\r\n\r\n" + body)
    parts = message.get_payload() if message.is_multipart() else []
    pairs = [(part.get_param("name", header="content-disposition"), part.get_payload(decode=True)) for part in parts]
    return urlencode([(name, value) for name, value in pairs if name]).encode()


AUTH = {"nicechat": NiceChat, "uvygoda": Uvygoda, "retailcrm": RetailCrm}
