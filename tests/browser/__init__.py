"""The screens in a real browser, against the real service, gateway and PostgreSQL."""
