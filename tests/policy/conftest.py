"""How long the state machines search: `pytest tests/policy --hypothesis-profile=long` for hours."""

from hypothesis import HealthCheck, settings

_UNHURRIED = settings(
    deadline=None, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow]
)

settings.register_profile(
    "short", _UNHURRIED, max_examples=120, stateful_step_count=60, derandomize=True
)
settings.register_profile("long", _UNHURRIED, max_examples=5000, stateful_step_count=120)
