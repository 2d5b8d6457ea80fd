"""What the module counts, in the registry that Synapse's metrics listener serves."""

from __future__ import annotations

from functools import cache

from prometheus_client import Counter, Histogram

JUDGED = Counter(
    "vigie_module_judged",
    "What came out of the requests to Vigie: passed, refused or redacted.",
    ["hook", "outcome"],
)

FAILURES = Counter(
    "vigie_module_failures",
    "Requests that Vigie did not judge, by reason and by what the fail policy did with them.",
    ["hook", "reason", "fail"],
)

SECONDS = Histogram(
    "vigie_module_seconds",
    "How long an event or an upload waited for its verdict.",
    ["hook"],
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


@cache
def seconds(hook: str) -> Histogram:
    """The histogram of a callback, looked up once."""
    return SECONDS.labels(hook)


@cache
def judged(hook: str, outcome: str) -> Counter:
    """The counter of an outcome, looked up once."""
    return JUDGED.labels(hook, outcome)
