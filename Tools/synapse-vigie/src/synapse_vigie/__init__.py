"""A Synapse module that asks Vigie before a message, a room name or an upload is stored."""

from synapse_vigie.config import Config
from synapse_vigie.module import VigieModule

__all__ = ["Config", "VigieModule"]
