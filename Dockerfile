# One image for web, worker, beat and indexer; docker-compose.yml says which is which.
FROM python:3.12-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /venv
COPY requirements/server.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r server.txt

# What shows PDFs under a card: a few files for browsers, from their package.
FROM node:24-bookworm AS pdfjs
WORKDIR /build
COPY Makefile ./
COPY pdfjs pdfjs
RUN make pdfjs

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/coolpapers --create-home coolpapers
COPY --from=build /venv /venv
WORKDIR /app
COPY manage.py pyproject.toml ./
COPY coolpapers coolpapers
COPY papers papers
COPY search search
COPY templates templates
COPY static static
COPY --from=pdfjs /build/static/pdfjs static/pdfjs
COPY locale locale
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    COOLPAPERS_VAR=/var/lib/coolpapers \
    COOLPAPERS_STATIC=/app/static-built \
    HOST=0.0.0.0
# Any address of the right form will do here: collecting static files asks no database.
RUN python -m coolpapers.messages && \
    DATABASE_URL=postgresql:///none REDIS_URL=redis://none COOLPAPERS_SECRET_KEY=build \
    python manage.py collectstatic --noinput
USER coolpapers
VOLUME /var/lib/coolpapers
EXPOSE 8000
CMD ["python", "-m", "coolpapers.web"]
