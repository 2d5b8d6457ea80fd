"""The module with a switch in each event: for this benchmark alone, never for a server.

An event whose content says `"bench": "off"` is passed on without asking Vigie.
"""

from __future__ import annotations

from typing import Any

from synapse.events import EventBase
from synapse.module_api import NOT_SPAM, ModuleApi

from synapse_vigie import Config, VigieModule


class SwitchedModule:
    """Wraps the real module; what it does and waits for is all of the real one."""

    def __init__(self, config: Config, api: ModuleApi) -> None:
        recorder: Any = _Recorder(api)
        self._module = VigieModule(config, recorder)
        api.register_spam_checker_callbacks(check_event_for_spam=self.check_event_for_spam)

    @staticmethod
    def parse_config(config: dict[str, Any]) -> Config:
        """As the real one."""
        return Config.parse(config)

    async def check_event_for_spam(self, event: EventBase) -> Any:
        """Asks, or not."""
        if event.content.get("bench") == "off":
            return NOT_SPAM
        return await self._module.check_event_for_spam(event)


class _Recorder:
    """Takes the real module's registrations and forgets them; everything else is Synapse's."""

    def __init__(self, api: ModuleApi) -> None:
        self._api = api

    def register_spam_checker_callbacks(self, **_: Any) -> None:
        """Nothing."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)
