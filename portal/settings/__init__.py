"""Settings: `base` runs embedded, `production` and `test` change what must differ. All read the environment through `env`."""
