"""What the operator has set for this place: to read, with the name of each variable. No secret is ever shown."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pydantic import SecretStr

from ....alerts import parse as on_call
from ....app import App
from ....duties import parse as duties
from ....settings import Settings
from ...page import Page
from ...tongue import say


@dataclass(frozen=True, slots=True)
class Value:
    """One setting: what it is, how it stands, and the variable that changes it. ``plain`` is false for words of ours."""

    label: str
    value: str
    variable: str
    plain: bool = True


def masked(address: str) -> str:
    """ "sms:+15551230001" as "sms, ending in 01": enough to know which one it is."""
    channel, _, whom = address.partition(":")
    return say("%(channel)s, ending in %(end)s") % {"channel": channel, "end": whom[-2:]}


def groups(settings: Settings) -> list[tuple[str, list[Value]]]:
    """Every setting that staff may want to know, in parts."""

    def of(label: str, name: str) -> Value:
        value = getattr(settings, name)
        variable = f"OPENLINE_{name.upper()}"
        if isinstance(value, SecretStr):
            return Value(label, say("Set") if value.get_secret_value() else say("Not set"), variable, False)
        if isinstance(value, bool):
            return Value(label, say("Yes") if value else say("No"), variable, False)
        if value in ("", None):
            return Value(label, say("Not set"), variable, False)
        if isinstance(value, float):
            return Value(label, f"{value:g}", variable)
        return Value(label, str(value), variable)

    people = "; ".join(masked(f"{channel}:{whom}") for channel, whom in on_call(settings.on_call))
    roles = ", ".join(duties(settings.duty_roles))
    return [
        (
            say("This place"),
            [
                of(say("Organization"), "organization"),
                of(say("Address of these pages"), "public_url"),
                of(say("Time zone"), "timezone"),
                of(say("Country of phone numbers"), "country"),
            ],
        ),
        (
            say("Safety and privacy"),
            [
                Value(
                    say("On call for safety alerts"),
                    people or say("Nobody"),
                    "OPENLINE_ON_CALL",
                    bool(people),
                ),
                Value(
                    say("Roles told of legal duties"),
                    roles or say("Nobody"),
                    "OPENLINE_DUTY_ROLES",
                    bool(roles),
                ),
                of(say("Smallest group whose numbers are shown"), "minimum_cell"),
                of(say("Hours until a sign-in ends"), "session_hours"),
                of(say("Key that seals secrets"), "secret_key"),
            ],
        ),
        (
            say("Asking families"),
            [
                of(say("Survey for whoever writes first"), "start_survey"),
                of(say("Ask newcomers for their language"), "language_menu"),
                of(say("Send drafts that nobody has approved"), "allow_drafts"),
                of(say("A second person approves campaigns above"), "approve_above"),
                of(say("Messages to one person in a week, at most"), "outreach_per_week"),
                of(say("Surveys to one person in two weeks, at most"), "surveys_per_fortnight"),
                of(say("Price of one text part, in dollars"), "part_price"),
            ],
        ),
        (
            say("Languages"),
            [
                of(say("Languages that staff read"), "reading_languages"),
                of(say("Engines that translate"), "translators"),
                of(say("A machine's translation of your answers"), "machine_replies"),
                of(say("Keys of translation services"), "translator_keys"),
            ],
        ),
        (
            say("Channels"),
            [
                of(say("Twilio account"), "twilio_account_sid"),
                of(say("Twilio token"), "twilio_auth_token"),
                of(say("Number that sends"), "twilio_from"),
                of(say("Text parts in a second"), "sms_rate"),
                of(say("Telegram token"), "telegram_token"),
                of(say("Telegram messages in a second"), "telegram_rate"),
            ],
        ),
        (
            say("Single sign-on"),
            [
                of(say("Google: client"), "oidc_google_client_id"),
                of(say("Google: domain"), "oidc_google_domain"),
                of(say("Microsoft: client"), "oidc_microsoft_client_id"),
                of(say("Microsoft: tenant"), "oidc_microsoft_tenant"),
                of(say("Another provider"), "oidc_issuer"),
            ],
        ),
    ]


def router(app: App, page: Page) -> APIRouter:
    """/settings/place"""
    routes = APIRouter()

    @routes.get("/settings/place")
    async def show(request: Request) -> Response:
        return page(
            request, "settings/place.html", section="settings", tab="place", groups=groups(app.settings)
        )

    return routes
