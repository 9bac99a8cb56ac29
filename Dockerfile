# The service, as one image for `openline serve`, `openline work` and every other command.
FROM python:3.13-slim AS build

RUN python -m venv /opt/openline
# The lock first: its layer is kept until a dependency changes.
COPY requirements.lock /build/
RUN /opt/openline/bin/pip install --no-cache-dir --require-hashes -r /build/requirements.lock
COPY pyproject.toml README.md LICENSE /build/
COPY analysis /build/analysis
COPY bot /build/bot
COPY channels /build/channels
COPY survey_flows /build/survey_flows
RUN /opt/openline/bin/pip install --no-cache-dir --no-deps /build

FROM python:3.13-slim

ENV PATH=/opt/openline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
# Reports as PDF: Pango sets them, and the fonts have the letters of every language that comes with Openline.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 openline \
    && mkdir -p /srv/openline/var \
    && chown -R openline:openline /srv/openline
COPY --from=build /opt/openline /opt/openline
WORKDIR /srv/openline
VOLUME /srv/openline/var
USER 10001
EXPOSE 8000

# The slim image has no curl. /healthz answers 503 while the database is out of reach, and urlopen raises.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]

CMD ["openline", "serve", "--host", "0.0.0.0"]
