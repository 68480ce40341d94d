# The program and PostgreSQL's client: no compiler, no shell scripts, an ordinary user, everything it writes under /data.
FROM python:3.12-slim-trixie AS made
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/kpi
COPY requirements.lock ./
RUN /opt/kpi/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE config.example.toml ./
COPY connector connector
COPY providers providers
COPY migrations migrations
RUN /opt/kpi/bin/pip install --no-deps .

FROM python:3.12-slim-trixie
# pg_dump for `kpi backup` and before upgrades: as new as the server of compose.yaml
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client-17 && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/kpi/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 KPI_CONFIG=/data/config.toml
RUN useradd --system --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin kpi
COPY --from=made /opt/kpi /opt/kpi
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8800
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8800/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["kpi"]
CMD ["run", "--listen", "0.0.0.0:8800"]
