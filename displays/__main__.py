"""`python -m displays`: one process of the gateway, with the settings of the environment."""

import os
import sys

from displays.app import serve_forever
from queue_service.settings import Settings, SettingsError


def main() -> None:
    """Runs the gateway; exits with a sentence where a setting is wrong."""
    try:
        settings = Settings.from_environment(os.environ)
        settings.require_database()
    except SettingsError as problem:
        sys.exit(str(problem))
    serve_forever(settings)


if __name__ == "__main__":
    main()
