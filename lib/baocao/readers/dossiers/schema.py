"""The minimised table of dossiers: one row per dossier, what the counts need and nothing else."""

from __future__ import annotations

DOSSIER_COLUMNS = {
    "number": "VARCHAR",
    "unit": "VARCHAR",
    "procedure": "VARCHAR",
    "received": "DATE",
    "due": "DATE",
    "finished": "DATE",
    "returned": "DATE",
    "stopped": "DATE",
    "supplement_requested": "DATE",
    "supplement_returned": "DATE",
    "supplements": "SMALLINT",
    "legal_days": "SMALLINT",
    "status": "TINYINT",
    "channel": "TINYINT",
    "return_channel": "TINYINT",
    "level": "TINYINT",
    "has_identity": "BOOLEAN",
    "digitised": "TINYINT",
    "result_attached": "BOOLEAN",
    "needs_result": "BOOLEAN",
    "payment_requested": "BOOLEAN",
    "paid_online": "BOOLEAN",
    "file": "VARCHAR",
    "sheet": "VARCHAR",
    "row": "BIGINT",
}
"""The minimised table of dossiers, name: DuckDB type; NULL is not given. What the counts need and nothing else.

unit as received; `finished` is the day the handling ended, `returned` the day the result was handed over, `stopped`
the day of a stop, refusal or withdrawal; `supplement_requested` the last request; `legal_days` calendar days. Codes
are those of the one-stop systems (domain 2.5): status 1-10, channel 1-3, level 2-4, digitised 0-3.
"""

PLACE = ("file", "sheet", "row")
"""Where a dossier was read: made here, never read from an export."""

RANGES = {
    "status": (1, 10),
    "channel": (1, 3),
    "return_channel": (1, 3),
    "level": (2, 4),
    "digitised": (0, 3),
}
"""The codes of the coded columns, from the first to the last."""
