"""Figures that published memos printed: read, held to arithmetic, computed again from the facts, listed in an annex."""
