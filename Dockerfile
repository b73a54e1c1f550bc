# One image for web, worker and beat; the command says which. Settings come from the environment: docs/operations.md.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

# libharfbuzz-subset0 is not among WeasyPrint's dependencies, and without it a licence takes 22 s to make.
# postgresql-client is for `manage.py backup` and `restore`; its version is that of the server in docker-compose.yml.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk fonts-hanazono postgresql-client \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/portal
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
# The secrets of the build are thrown away with it: collecting static files needs the settings, not their secrets.
RUN python script/translations --compile-only \
    && python script/secrets \
    && STATIC_ROOT=/srv/static python manage.py collectstatic --noinput --verbosity 0 \
    && rm -r var \
    && useradd --system --uid 10001 --home-dir /nonexistent portal \
    && install -d -o portal -g portal /srv/media

ENV DJANGO_SETTINGS_MODULE=portal.settings.production STATIC_ROOT=/srv/static MEDIA_ROOT=/srv/media
USER portal
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
