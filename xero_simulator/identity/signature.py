"""RS256: the signature that clients check before they believe who signed in, and the public key that they fetch for it."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

# A key that signs nothing but what a simulator says: everybody may know it.
_MODULUS = int((
    "91eef2275312b442516b20c6040e2e5468b7221430e528215f3c852f2a95f306e74f282480cc53295facc66e894362dac5e176dea7afe83eac7abb8cf1cb5dd5"
    "1157f1d2abcbdcb317bdc46ed1cb3228ba2ba1592987c3e04dd33ba10c176342847b0884d72d1906be398f4a1e2f4e78bf6638c36e0888c3cc26cd564f501726"
    "93cc9fe0c1dc7e9441cf7df00eadf3f95c41e310abed6c074249f74426b5b44f37c6b2c87d718b5729aeeb3762d17b11c166a2290322265d63fc0a73098f6d6b"
    "8caefb51f83178b647ae43ffabe7bc9ab335f685c1d2865830f98092602f54661ab62be30715a622fa10c13758cde5a1015bccb66932d26c42ed73008996e329"
), 16)  # fmt: skip
_PRIVATE = int((
    "252e967042904f715e4147566c8e186bd54a63da7522cdf8c2c52ec1f7bdc0f00f5b71c4eb34243434765710aed486896b45a8fdce07d9caae338f39b819b2cc"
    "a8e09972ade70152784817968cc992fc218320571167d016847dbf81a70d06735a41e6c7c1f3719ef034c637823d5767188d39054231d676dcbb3e32317f1c86"
    "8b29fa3ec43290d772ccb94cbb9a48746873034b9c7bd6bd05e9b2af2f7aaea904b9301dd86ff16b50e48129e018cfa23adf42d3d84cf9150b9f9b9bfc502aa9"
    "0c2b2b027a82ed4b1a63f531c5d745e0bc48b666fad68bd782f259f1a04a105672f7cf2c0877152e9fa7bb8ca7f5c45aa12b262adf33e70f242add0316cdb209"
), 16)  # fmt: skip
_PUBLIC = 65537
_LENGTH = 256
KEY_ID = "xero_simulator"
# PKCS #1 v1.5: what stands before a SHA-256 digest
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(claims: dict[str, Any]) -> str:
    """A signed JWT."""
    parts = ({"alg": "RS256", "kid": KEY_ID, "typ": "JWT"}, claims)
    text = ".".join(encoded(json.dumps(part).encode()) for part in parts)
    return f"{text}.{encoded(_signature(text.encode()))}"


def _signature(message: bytes) -> bytes:
    digest = _SHA256 + hashlib.sha256(message).digest()
    padded = b"\x00\x01" + b"\xff" * (_LENGTH - len(digest) - 3) + b"\x00" + digest
    return pow(int.from_bytes(padded, "big"), _PRIVATE, _MODULUS).to_bytes(_LENGTH, "big")


def public_keys() -> dict[str, Any]:
    """The key set as the discovery document's jwks_uri has it."""
    numbers = {"n": encoded(_MODULUS.to_bytes(_LENGTH, "big")), "e": encoded(_PUBLIC.to_bytes(3, "big"))}
    return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID, **numbers}]}
