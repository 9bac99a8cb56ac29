"""The second step of signing in: codes from an app (TOTP, RFC 6238), and codes on paper for when the phone is gone.

The app's secret is kept sealed (AES-GCM) with a key that is made from OPENLINE_SECRET_KEY, for one account: a copy of the
database gives no codes, and a row moved to another account opens nothing. The codes on paper are 80 random bits each, kept as
SHA-256. All of this is pure; ``second_step`` has the rest.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECONDS = 30
"""How long a code is good: what every app takes for granted."""
DRIFT = 1
"""How many steps a phone's clock may be off, either way."""
DIGITS = 6
PAPER = 10
"""How many codes on paper there are at first."""
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Those that nobody takes for each other on paper."""
LENGTH, GROUP = 16, 4
NONCE = 12


def new_secret() -> str:
    """160 random bits, as an app and a person can take them (base32)."""
    return pyotp.random_base32()


def address(secret: str, email: str, organization: str) -> str:
    """What the QR code says: ``otpauth://totp/…``."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=f"Openline, {organization}")


def step(secret: str, code: str, now: datetime, last: int | None = None) -> int | None:
    """Which step this code is of, where it is good now and of a later step than ``last``; else None."""
    plain = "".join(code.split())
    if len(plain) != DIGITS or not (plain.isascii() and plain.isdigit()):
        return None
    here, made = int(now.timestamp()) // SECONDS, pyotp.TOTP(secret)
    fits = [
        at
        for at in range(here - DRIFT, here + DRIFT + 1)
        if hmac.compare_digest(made.generate_otp(at), plain) and (last is None or at > last)
    ]
    return fits[0] if fits else None


def paper_codes() -> list[str]:
    """New codes for a lost phone: ``kq7m-…``."""
    drawn = ("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(PAPER))
    return ["-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP)) for code in drawn]


def digest(code: str) -> str:
    """What is kept of a code on paper, however it is typed.

    >>> digest("KQ7M-2222 3333 4444") == digest("kq7m222233334444")
    True
    """
    return hashlib.sha256("".join(c for c in code.lower() if c.isalnum()).encode()).hexdigest()


def on_paper(code: str, kept: Sequence[str]) -> str | None:
    """The digest that this code has among those that are left; None where it is none of them."""
    given = digest(code)
    return next((each for each in kept if hmac.compare_digest(each, given)), None)


def seal(key: bytes, whose: UUID, secret: str) -> str:
    """The secret as it may be kept, for this account and with this key alone."""
    nonce = secrets.token_bytes(NONCE)
    return urlsafe_b64encode(nonce + _lock(key).encrypt(nonce, secret.encode(), whose.bytes)).decode()


def unseal(key: bytes, whose: UUID, sealed: str) -> str | None:
    """What was sealed; None where the key or the account is another, or somebody has changed it."""
    try:
        packed = urlsafe_b64decode(sealed.encode())
        return _lock(key).decrypt(packed[:NONCE], packed[NONCE:], whose.bytes).decode()
    except (InvalidTag, ValueError):
        return None


def _lock(key: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"openline two-step sign-in").derive(key))
