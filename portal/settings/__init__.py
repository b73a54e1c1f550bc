"""Settings: `base` runs embedded, `production` and `test` change what must differ; `env` reads the environment."""
