# The API, and every other headgate command, without the private servers of `headgate up`.

FROM python:3.13-slim-bookworm AS build

# Not from the image's own pip: what ends up in /venv has no installer in it.
RUN python -m venv --without-pip /venv
WORKDIR /app

# What is installed depends on these two files only, so a change of the code does not install it again.
COPY setup.cfg pyproject.toml README.md ./
RUN mkdir service \
 && touch service/__init__.py \
 && pip --python /venv install --no-cache-dir --editable ".[preview,s3]"


FROM python:3.13-slim-bookworm

# Its home is where attachments are, unless STORAGE_URL says otherwise: mount a volume there.
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/headgate headgate

# migrations/ and sql/ are read from beside service/, where the editable installation points.
COPY --from=build /venv /venv
WORKDIR /app
COPY migrations migrations
COPY sql sql
COPY service service

# HEADGATE_STATE: nothing that a command would keep there is wanted here.
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HEADGATE_STATE=/tmp/headgate \
    STORAGE_URL=file:///var/lib/headgate/attachments \
    HOST=0.0.0.0 \
    PORT=8000

USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as request; request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/api/status', timeout=4)"]
CMD ["headgate", "serve"]
