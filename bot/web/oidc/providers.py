"""Who may vouch for staff, as the settings have it."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr

from ...settings import Settings

GOOGLE = "https://accounts.google.com"
MICROSOFT = "https://login.microsoftonline.com/{tenant}/v2.0"


@dataclass(frozen=True, slots=True)
class Provider:
    """One of them. ``claim`` is what the token has to say besides, so that only people of one organization come in;
    ``vouches`` are the claims of which one has to say that the address belongs to whoever signs in."""

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: SecretStr
    claim: tuple[str, str] | None = None
    vouches: tuple[str, ...] = ("email_verified",)


def providers(settings: Settings) -> tuple[Provider, ...]:
    """Those that are set up, in the order of their buttons."""
    found = []
    if settings.oidc_google_client_id:
        domain = settings.oidc_google_domain
        found.append(
            Provider(
                "google",
                "Google",
                GOOGLE,
                settings.oidc_google_client_id,
                settings.oidc_google_client_secret,
                ("hd", domain) if domain else None,
            )
        )
    if settings.oidc_microsoft_client_id:
        tenant = settings.oidc_microsoft_tenant
        found.append(
            Provider(
                "microsoft",
                "Microsoft",
                MICROSOFT.format(tenant=tenant),
                settings.oidc_microsoft_client_id,
                settings.oidc_microsoft_client_secret,
                ("tid", tenant),
                # An address in Microsoft's token is whatever somebody wrote into a directory. Only this optional claim says
                # that its domain has been proved: https://learn.microsoft.com/entra/identity-platform/migrate-off-email-claim-authorization
                ("xms_edov",),
            )
        )
    if settings.oidc_issuer:
        found.append(
            Provider(
                "other",
                settings.oidc_name,
                settings.oidc_issuer,
                settings.oidc_client_id,
                settings.oidc_client_secret,
            )
        )
    return tuple(found)


def provider(settings: Settings, key: str) -> Provider | None:
    """The one of this key; None where it is not set up."""
    return next((each for each in providers(settings) if each.key == key), None)
