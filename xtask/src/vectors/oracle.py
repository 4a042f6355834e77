"""Canonical form and signature as the document's Python function makes them, in Python 3.

Reads a JSON object per line: {"secret", "path", "method", "pairs": [[key, value], ...]} or "body" in
place of pairs; writes the canonical form in hex and the signature.
"""
import hashlib
import json
import sys

for line in sys.stdin.buffer:
    case = json.loads(line)
    if "body" in case:
        canonical = case["body"]
    else:
        payload = {}
        for key, value in case["pairs"]:
            payload[key] = value
        canonical = "&".join("%s=%s" % (key, payload[key]) for key in sorted(payload))
    hashed = case["secret"] + case["path"] + canonical + case["method"]
    print(canonical.encode().hex(), hashlib.sha256(hashed.encode()).hexdigest())
