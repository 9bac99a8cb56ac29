"""The authorization code flow with PKCE (OpenID Connect Core 1.0, RFC 7636): ask a provider, and read what it says of who it is.

Signature, issuer, audience, nonce and times are checked by Authlib and joserfc. Time and the network are arguments.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from ...clock import Clock
from .providers import Provider

log = structlog.get_logger(__name__)

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)
"""What a token may be signed with: never "none", and nothing whose key we would have ourselves."""
LEEWAY = 60
"""Seconds that two clocks may be apart."""
PATIENCE = 10.0
YES = (True, 1, "1", "true", "True")
LONGEST_SUBJECT = 255


class Refused(Exception):  # noqa: N818
    """Nobody is signed in; the text says why, for the log, and holds nothing of a person or a secret."""


class Elsewhere(Refused):
    """They are known to the provider, but not of the organization that may come in."""


@dataclass(frozen=True, slots=True)
class Away:
    """What is remembered while somebody is at the provider, in a cookie of their browser."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Who:
    """Who somebody is at a provider. ``email`` is given only where the provider vouches for it."""

    issuer: str
    subject: str
    email: str | None


def away() -> Away:
    """New random values for one sign-in."""
    return Away(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


class Flow:
    """Talks to providers. ``client`` makes what the network is reached with."""

    def __init__(self, clock: Clock, client: Callable[[], httpx.AsyncClient] | None = None) -> None:
        self.clock = clock
        self.client = client or (lambda: httpx.AsyncClient(timeout=PATIENCE))

    async def ask(self, provider: Provider, back: str, gone: Away) -> str:
        """Where to send somebody so that they sign in there; ``back`` is where they come back to. Raises Refused."""
        async with self.client() as http:
            about = await self._about(http, provider)
        asked = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": back,
            "scope": "openid email profile",
            "state": gone.state,
            "nonce": gone.nonce,
            "code_challenge": create_s256_code_challenge(gone.verifier),
            "code_challenge_method": "S256",
        }
        if provider.claim and provider.claim[0] == "hd":
            asked["hd"] = provider.claim[
                1
            ]  # a hint, so that the right account is offered; the token is what counts
        return str(add_params_to_uri(about["authorization_endpoint"], asked.items()))

    async def read(self, provider: Provider, back: str, gone: Away, code: str) -> Who:
        """Who has come back with this code. Raises Refused, and Elsewhere for somebody of another organization."""
        try:
            async with self.client() as http:
                about = await self._about(http, provider)
                given = await self._redeem(http, provider, about, back, gone, code)
                claims = await self._checked(http, provider, about, gone, given)
        except httpx.HTTPError as error:
            raise Refused(f"the provider did not answer: {type(error).__name__}") from None
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Refused(f"what the provider gave is not good: {type(error).__name__}") from None
        if provider.claim is not None:
            name, wanted = provider.claim
            if str(claims.get(name, "")).lower() != wanted.lower():
                raise Elsewhere(f"the claim {name} is another")
        subject, email = claims["sub"], claims.get("email")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise Refused("the subject is missing or too long")
        sure = any(claims.get(each) in YES for each in provider.vouches)
        return Who(provider.issuer, subject, email if sure and isinstance(email, str) else None)

    async def _about(self, http: httpx.AsyncClient, provider: Provider) -> Mapping[str, Any]:
        try:
            answer = await http.get(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
            answer.raise_for_status()
            about = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Refused(f"the provider's description cannot be read: {type(error).__name__}") from None
        if not isinstance(about, dict) or about.get("issuer") != provider.issuer:
            raise Refused("the provider's description is of another issuer")
        scheme = urlsplit(provider.issuer).scheme
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if urlsplit(str(about.get(name, ""))).scheme not in {"https", scheme}:
                raise Refused(f"the provider's {name} is missing or not https")
        return about

    async def _redeem(
        self,
        http: httpx.AsyncClient,
        provider: Provider,
        about: Mapping[str, Any],
        back: str,
        gone: Away,
        code: str,
    ) -> Mapping[str, Any]:
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": gone.verifier,
            "client_id": provider.client_id,
        }
        secret = provider.client_secret.get_secret_value()
        methods = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        basic = httpx.BasicAuth(provider.client_id, secret)
        if "client_secret_post" in methods or not secret:
            asked |= {"client_secret": secret} if secret else {}
            answer = await http.post(about["token_endpoint"], data=asked)
        else:
            answer = await http.post(about["token_endpoint"], data=asked, auth=basic)
        if answer.status_code != 200:
            raise Refused(f"the provider does not take the code: {answer.status_code}")
        given = answer.json()
        if not isinstance(given, dict):
            raise Refused("the provider's answer is no object")
        return given

    async def _checked(
        self,
        http: httpx.AsyncClient,
        provider: Provider,
        about: Mapping[str, Any],
        gone: Away,
        given: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        keys = await http.get(about["jwks_uri"])
        keys.raise_for_status()
        offered = about.get("id_token_signing_alg_values_supported") or ["RS256"]
        registry = JWSRegistry(algorithms=sorted(ALGORITHMS & set(offered)), strict_check_header=False)
        token = jwt.decode(given["id_token"], KeySet.import_key_set(keys.json()), registry=registry)
        wanted = {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
        }
        more = {
            "nonce": gone.nonce,
            "client_id": provider.client_id,
            "access_token": given.get("access_token"),
        }
        claims = CodeIDToken(token.claims, token.header, wanted, more)
        claims.validate(now=int(self.clock().timestamp()), leeway=LEEWAY)
        found: dict[str, Any] = dict(claims)
        if "email" not in found and about.get("userinfo_endpoint") and given.get("access_token"):
            bearer = {"Authorization": f"Bearer {given['access_token']}"}
            answer = await http.get(about["userinfo_endpoint"], headers=bearer)
            told = answer.json() if answer.status_code == 200 else {}
            # What it says counts only for the one whom the signed token names.
            if isinstance(told, dict) and told.get("sub") == found["sub"]:
                found |= {name: told[name] for name in ("email", *provider.vouches) if name in told}
        return found
