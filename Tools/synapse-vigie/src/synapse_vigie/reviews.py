"""From a review of Vigie to what the sender's client is told."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synapse_vigie.config import Config, Warn

# Of more findings a client is told the number alone: an error is not a report.
MAX_FINDINGS = 20

# What a client gets of a finding and of a gap: where it is and what it is. Fingerprints, evidence
# and confidence are for officers: they would teach how to write around a rule.
_FINDING_KEYS = ("rule", "scheme", "level", "usage", "place", "range", "line", "column", "masked")
_GAP_KEYS = ("place", "reason")


class Verdict(enum.IntEnum):
    """The verdicts of Vigie, in their order."""

    ALLOW = 0
    LOG = 1
    WARN = 2
    REDACT = 3
    HOLD = 4
    BLOCK = 5


class ReviewFault(Exception):
    """A review that does not have the shape of the protocol. Its text never quotes it."""


@dataclass(frozen=True)
class Refusal:
    """Why something is not stored, in the words of the sender's client."""

    errcode: str
    error: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Review:
    """One line out of Vigie, as far as the module needs it."""

    verdict: Verdict
    # Why the verdict is that of the server's own fail policy, or None where it was judged.
    failure: str | None
    rules: tuple[str, ...]
    line: Mapping[str, Any]

    @classmethod
    def read(cls, line: Mapping[str, Any]) -> Review:
        """Reads a reply; raises ReviewFault. Hostile shapes are as possible as from any peer."""
        try:
            verdict = Verdict[line["verdict"].upper()]
        except (KeyError, AttributeError):
            raise ReviewFault("a review has no verdict") from None
        findings = _objects(line.get("findings"))
        rules = {str(finding.get("rule", "?"))[:100] for finding in findings}
        failure = line.get("failure")
        return cls(
            verdict, None if failure is None else str(failure)[:40], tuple(sorted(rules)), line
        )

    def passes(self, config: Config) -> bool:
        """Whether what was judged is stored as it is."""
        return self.verdict <= Verdict.LOG or (
            self.verdict is Verdict.WARN and config.warn is Warn.PASS
        )

    def content(self) -> dict[str, Any] | None:
        """The content to store instead, on the verdict `redact`."""
        content = self.line.get("content")
        if self.verdict is Verdict.REDACT and isinstance(content, dict):
            return content
        return None

    def refusal(self, config: Config) -> Refusal:
        """What the client is told."""
        texts = self.line.get("tip")
        errcode = config.errcode
        if self.failure is not None:
            errcode = config.errcode_not_judged
        if not isinstance(texts, Mapping) or not texts:
            texts = config.refused if self.failure is None else config.not_judged
        findings = _objects(self.line.get("findings"))
        summary: dict[str, Any] = {
            "verdict": self.verdict.name.lower(),
            "level": self.line.get("level"),
            "tip": texts,
            "findings": [_only(_FINDING_KEYS, one) for one in findings[:MAX_FINDINGS]],
            "findings_total": len(findings),
            "gaps": [_only(_GAP_KEYS, one) for one in _objects(self.line.get("gaps"))][
                :MAX_FINDINGS
            ],
            "ruleset": self.line.get("ruleset"),
        }
        if self.failure is not None:
            summary["failure"] = self.failure
        if isinstance(self.line.get("override"), Mapping):
            summary["override"] = self.line["override"]
        return _refusal(config, errcode, texts, summary)


def refusal_unjudged(config: Config, reason: str) -> Refusal:
    """What the client is told where nobody judged and the fail policy is closed."""
    summary: dict[str, Any] = {
        "verdict": None,
        "level": None,
        "tip": config.not_judged,
        "findings": [],
        "findings_total": 0,
        "gaps": [],
        "failure": reason,
    }
    return _refusal(config, config.errcode_not_judged, config.not_judged, summary)


def _refusal(
    config: Config, errcode: str, texts: Mapping[str, Any], summary: dict[str, Any]
) -> Refusal:
    return Refusal(errcode, in_words(texts, config.languages), {config.namespace: summary})


def in_words(texts: Mapping[str, Any], languages: tuple[str, ...]) -> str:
    """The texts in the languages of the configuration, one a line; else English, else any."""
    told = [texts[tag] for tag in languages if isinstance(texts.get(tag), str)]
    if not told:
        told = [text for text in (texts.get("en"), *texts.values()) if isinstance(text, str)][:1]
    return "\n".join(told)


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _only(keys: tuple[str, ...], value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value[key] for key in keys if key in value}
