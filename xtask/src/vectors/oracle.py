"""Canonical form and signature as the document's Python function makes them, in Python 3.

Reads a JSON object per line: {"secret", "path", "method", "pairs": [[key, value], ...]} or, in place
of pairs, "body" or "received", the urlencoded text of a form that a server reads; writes the canonical
form in hex and the signature.
"""
import hashlib
import json
import sys
import urllib.parse

for line in sys.stdin.buffer:
    case = json.loads(line)
    if "body" in case:
        canonical = case["body"]
    else:
        pairs = case.get("pairs")
        if pairs is None:
            pairs = urllib.parse.parse_qsl(case["received"], keep_blank_values=True)
        payload = dict(pairs)
        canonical = "&".join("%s=%s" % (key, payload[key]) for key in sorted(payload))
    hashed = case["secret"] + case["path"] + canonical + case["method"]
    print(canonical.encode().hex(), hashlib.sha256(hashed.encode()).hexdigest())
