"""What was approved before, offered again: see decision 0023."""

from app.translation.memory.keeping import fill, rebuild, remembered
from app.translation.memory.recalling import Match, suggest

__all__ = ["Match", "fill", "rebuild", "remembered", "suggest"]
