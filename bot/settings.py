"""Every setting, read once from the environment (or a .env file). Secrets never print."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import langcodes
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from .store.database import normal_url
from .translation import order


class Settings(BaseSettings):
    """One frozen object. The name of a variable is ``OPENLINE_`` and the field's name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="OPENLINE_",
        env_file=".env",
        env_file_encoding="utf-8",
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,  # it may be a key
    )

    database_url: str = Field(
        "sqlite:///var/openline.db", description="Where everything is kept: sqlite:///FILE or postgresql://…"
    )
    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="The address under which providers and staff reach this server; signatures are checked against it.",
    )
    organization: str = Field(
        "our school district", description="Who speaks, where a person has no school of their own."
    )
    timezone: str = Field(
        "America/New_York",
        description="The time zone of the people, as in the IANA list: for dates and times in answers.",
    )
    on_call: str = Field(
        "",
        description="Who is told when a message speaks of danger, in this order, every 15 minutes until somebody has "
        "seen it: `sms:+15551230001, telegram:12345`.",
    )
    duty_roles: str = Field(
        "",
        description="Who is told, once a day at most, that replies may mean a legal duty, by the role that the codebook "
        "names: `McKinney-Vento liaison=sms:+15551230003; EL program lead=telegram:12345`.",
    )
    join_seconds: float = Field(
        8.0,
        ge=0,
        le=120,
        description="How long the next question waits for more words: people answer in several messages.",
    )
    reading_languages: str = Field(
        "en",
        description="The languages that staff read, as `en, es`: what people say in others is translated into each of these. "
        "English is always one of them: the findings are written in it.",
    )
    country: str = Field("US", description="Two letters: how phone numbers without a country code are read.")
    embedding_model: str = Field(
        "",
        description="A folder with a sentence-transformers model of your own, for theme coding (needs the extra "
        "own-model). Empty: the one that comes with Openline.",
    )
    embedding_prefix: str = Field(
        "", description="What your own model wants before each text, as `query: ` for the E5 family."
    )
    codebook: str = Field(
        "school_barriers",
        min_length=1,
        max_length=64,
        description="The codebook that answers are coded with where a survey names none (`openline codebook list`).",
    )
    cache_folder: Path = Field(
        Path("var/cache"), description="Where computed vectors are kept (no one's words)."
    )

    twilio_account_sid: str = Field("", description="Twilio: Account SID (AC…). Empty: no SMS.")
    twilio_auth_token: SecretStr = Field(
        SecretStr(""), description="Twilio: Auth Token; signs every webhook."
    )
    twilio_second_token: SecretStr = Field(
        SecretStr(""),
        description="Twilio: the other Auth Token while you change it; signatures by either are taken.",
    )
    twilio_from: str = Field("", description="Twilio: the number that sends, as +1…")
    twilio_base_url: str = Field(
        "", description="Twilio's address, when it is not Twilio's own (a proxy, a double)."
    )
    part_price: float = Field(
        0.0083,
        ge=0,
        description="What one SMS part costs you, in US dollars: for the estimate before a campaign is sent.",
    )
    twilio_answers_keywords: bool = Field(
        True, description="Whether Twilio itself answers STOP, START and HELP (its default)."
    )

    telegram_token: SecretStr = Field(
        SecretStr(""), description="Telegram: the bot's token. Empty: no Telegram."
    )
    telegram_secret: SecretStr = Field(
        SecretStr(""), description="Telegram: the secret its webhook calls must carry (A-Z a-z 0-9 _ -)."
    )
    telegram_base_url: str = Field("", description="Telegram's address, when it is not Telegram's own.")
    telegram_polling: bool = Field(
        False,
        description="Fetch Telegram messages instead of a webhook: for a computer without a public address.",
    )

    sms_rate: float = Field(
        1.0,
        ge=0,
        description="How many SMS parts leave in a second, over all workers: an ordinary US number passes on about 1, "
        "a toll-free one 3, a short code 10 to 100. 0: no limit.",
    )
    telegram_rate: float = Field(
        25.0,
        ge=0,
        description="How many Telegram messages leave in a second, over all workers; Telegram takes about 30, and one a "
        "second to each chat. 0: no limit, and none to a chat either.",
    )

    start_survey: str = Field(
        "getting-to-school", description="The survey for those who open the line themselves (START, /start)."
    )
    language_menu: bool = Field(
        True,
        description="Ask newcomers first which language to use, where a survey has several that are approved.",
    )
    allow_drafts: bool = Field(
        False,
        description="Send machine-drafted texts that no person has approved. Off: English is sent instead.",
    )
    uncertain: Literal["hold", "resend"] = Field(
        "hold",
        description="A send cut short that its provider cannot account for: keep it aside, or send it again.",
    )
    lease_seconds: float = Field(
        60.0, gt=0, description="After this long, a send under way counts as cut short."
    )
    grace_seconds: float = Field(
        30.0, ge=0, description="How long to wait before asking a provider about a send that was cut short."
    )

    approve_above: int = Field(
        500, ge=0, description="A campaign to more people than these has to be approved by a second person."
    )
    outreach_per_week: int = Field(
        3, ge=0, description="The most messages of campaigns to one person in seven days; 0: no cap."
    )
    surveys_per_fortnight: int = Field(
        1,
        ge=0,
        description="The most surveys that a campaign begins with one person in fourteen days; 0: no cap.",
    )
    pause_failures: float = Field(
        0.2,
        ge=0,
        le=1,
        description="A campaign is paused when more than this share of what was just sent has failed; 0: never.",
    )
    pause_stops: float = Field(
        0.05,
        ge=0,
        le=1,
        description="A campaign is paused when more than this share of those just written to says STOP; 0: never.",
    )

    translators: str = Field(
        "",
        description="Which engines translate, in which order, also by pair of languages: "
        "`local, libre; ht-en: libre; zh-en: deepl, libre; *-so: none` (translation-engines.md). Empty: those of your "
        "own that are set up.",
    )
    libretranslate_url: str = Field(
        "", description="A LibreTranslate-compatible server of yours. Empty: none."
    )
    libretranslate_key: SecretStr = Field(SecretStr(""), description="Its API key, where it wants one.")
    libretranslate_ours: bool = Field(
        True,
        description="Whether that server is your own. If not, texts are redacted before they go there.",
    )
    translation_models: Path | None = Field(
        None,
        description="A folder with Firefox translation models, for the engine `local` (needs the extra "
        "local-translation).",
    )
    translator_keys: SecretStr = Field(
        SecretStr(""),
        description="Keys of translation services: `deepl=…, microsoft=…, microsoft-region=eastus`.",
    )
    allow_scraping_translators: bool = Field(
        False,
        description="Let `google` and `mymemory` be named as engines: public pages without any contract.",
    )

    machine_replies: Literal["confirmed", "never"] = Field(
        "confirmed",
        description="Staff's own replies in another language: a machine's translation is sent once they have read and "
        "confirmed it, or never (then only what a person has translated, or their own words).",
    )

    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs forms before sign-in and seals the secrets of two-step sign-in, which needs it. Empty: a new one at "
        "each start.",
    )
    oidc_google_client_id: str = Field(
        "", description="Sign in with Google: the client's id. Empty: no such button."
    )
    oidc_google_client_secret: SecretStr = Field(
        SecretStr(""), description="Sign in with Google: the client's secret."
    )
    oidc_google_domain: str = Field(
        "",
        description="Sign in with Google: your Google Workspace domain, as `riverbend.example`; accounts of others are refused. "
        "Empty: any Google account whose address has an account here.",
    )
    oidc_microsoft_client_id: str = Field(
        "", description="Sign in with Microsoft: the application's id. Empty: no such button."
    )
    oidc_microsoft_client_secret: SecretStr = Field(
        SecretStr(""), description="Sign in with Microsoft: the application's secret."
    )
    oidc_microsoft_tenant: str = Field(
        "",
        description="Sign in with Microsoft: the id of your tenant (a UUID); accounts of others are refused.",
    )
    oidc_issuer: str = Field(
        "",
        description="Single sign-on by another provider of OpenID Connect: its issuer, exactly as it writes it. Empty: none.",
    )
    oidc_client_id: str = Field("", description="That provider: the client's id.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="That provider: the client's secret.")
    oidc_name: str = Field(
        "your district", description="That provider: what the button says after *Sign in with*."
    )
    session_hours: float = Field(12.0, gt=0, description="How long a sign-in lasts.")
    minimum_cell: int = Field(10, ge=5, description="The smallest group whose numbers are shown.")
    double_share: float = Field(
        0.1,
        ge=0,
        le=1,
        description="The share of replies drawn for review that two people read, without each other's reading.",
    )

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        normal_url(value)
        return value

    @field_validator("timezone")
    @classmethod
    def _timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("must be a time zone like America/Chicago") from None
        return value

    @field_validator("on_call")
    @classmethod
    def _on_call(cls, value: str) -> str:
        for who in filter(None, (part.strip() for part in value.split(","))):
            if not re.fullmatch(r"[a-z]+:\S+", who):
                raise ValueError("must name a channel and an address for each, like sms:+15551230001")
        return value

    @field_validator("duty_roles")
    @classmethod
    def _duty_roles(cls, value: str) -> str:
        for part in filter(None, (part.strip() for part in value.split(";"))):
            role, _, contacts = part.partition("=")
            if not role.strip() or not re.fullmatch(r"\s*[a-z]+:\S+(\s*,\s*[a-z]+:\S+)*\s*,?\s*", contacts):
                raise ValueError(
                    "must name a role and how to reach it, like McKinney-Vento liaison=sms:+15551230003; …"
                )
        return value

    @field_validator("reading_languages")
    @classmethod
    def _reading(cls, value: str) -> str:
        for tag in filter(None, (part.strip() for part in value.split(","))):
            if not langcodes.tag_is_valid(tag):
                raise ValueError(f"must be language tags like en, es: {tag!r} is none")
        return value

    @field_validator("translators")
    @classmethod
    def _translators(cls, value: str) -> str:
        order.parse(value)
        return value

    @field_validator("translator_keys")
    @classmethod
    def _translator_keys(cls, value: SecretStr) -> SecretStr:
        order.keys(value.get_secret_value())
        return value

    @field_validator("oidc_microsoft_tenant")
    @classmethod
    def _tenant(cls, value: str) -> str:
        if value and not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value):
            raise ValueError("must be the id of a tenant, a UUID: its domain or 'common' would not do")
        return value.lower()

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        if value and not re.match(r"https://|http://(localhost|127\.0\.0\.1)[:/]", value):
            raise ValueError("must begin with https://")
        return value

    @model_validator(mode="after")
    def _single_sign_on(self) -> Settings:
        if self.oidc_microsoft_client_id and not self.oidc_microsoft_tenant:
            raise ValueError(
                "OPENLINE_OIDC_MICROSOFT_TENANT is missing: without it every Microsoft account could try"
            )
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("OPENLINE_OIDC_CLIENT_ID is missing for OPENLINE_OIDC_ISSUER")
        return self

    @field_validator("public_url", "twilio_base_url", "telegram_base_url", "libretranslate_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")
