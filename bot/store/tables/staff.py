"""Who works here, and programs that act for them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Uuid

from ..types import Instant, Json
from .base import metadata

staff = Table(
    "staff",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", String(320), nullable=False, unique=True),  # lower case
    Column("name", String(200), nullable=False),
    Column("password_hash", String(300)),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Column("timezone", String(64)),  # in which they read times; null: the settings'
    Column("appearance", String(10)),  # light, dark; null: as their computer has it
    Column("totp_secret", String(300)),  # of two-step sign-in, sealed with the secret key
    Column("totp_step", Integer),  # the last step whose code was used: none is used twice
    Column("recovery", Json),  # SHA-256 of the codes that are left for a lost phone
)

staff_roles = Table(
    "staff_roles",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), nullable=False, index=True),
    Column("role", String(20), nullable=False),  # bot/roles.py
    Column("school", String(200)),  # as people.school has it; null: everywhere
    Column("given_at", Instant, nullable=False),
    Column("given_by", Uuid),
)

staff_identities = Table(
    "staff_identities",  # who somebody is elsewhere: single sign-on
    metadata,
    Column("issuer", String(300), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("browser", String(40)),  # "Firefox/Windows": so that they know it again in the list
)

signin_links = Table(
    "signin_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scopes", Json, nullable=False),  # ["campaigns:read", …]
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)
