"""Whether a webhook call is Twilio's: https://www.twilio.com/docs/usage/security#validating-requests."""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import parse_qs, parse_qsl, urlsplit

from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from channels.base import Refused, Request

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def signed(request: Request, tokens: Iterable[str]) -> ImmutableMultiDict[str, str]:
    """The parameters of a call that Twilio signed with one of ``tokens``. Fails closed.

    Of form bodies every parameter counts, blank and repeated ones too; of JSON bodies only the URL is signed, and in
    it the body's hash, which must therefore be there. Whatever is odd is Refused(403); a body that is signed and is
    no JSON object is Refused(422).
    """
    signature = request.headers.get("x-twilio-signature", "").strip()
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if not signature:
        raise Refused(403, "not signed")
    if kind not in (FORM, JSON):
        raise Refused(403, "content type not the provider's")
    params: str | ImmutableMultiDict[str, str]
    try:
        text = request.body.decode("utf-8")
        if kind == FORM:
            params = ImmutableMultiDict(parse_qsl(text, keep_blank_values=True, max_num_fields=500))
        elif parse_qs(urlsplit(request.url).query).get("bodySHA256"):
            params = text  # the library compares the hash of text only: never hand it parsed JSON
        else:
            raise Refused(403, "JSON without its hash")  # on which the library raises TypeError
        # A blank token would let anyone sign who guesses that it is blank.
        good = any(RequestValidator(each).validate(request.url, params, signature) for each in tokens if each)
    except ValueError:  # bytes that are not UTF-8, too many fields, an address that is none
        good = False
    if not good:
        raise Refused(403, "signature does not match")
    return _pairs(params) if isinstance(params, str) else params


def _pairs(text: str) -> ImmutableMultiDict[str, str]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise Refused(422, "JSON that is no object")
    return ImmutableMultiDict({name: value for name, value in document.items() if isinstance(value, str)})
