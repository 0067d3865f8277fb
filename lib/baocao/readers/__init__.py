"""Files as received become rows and problems: workbooks, delimited text, dossiers, answers of the portal, reference sheets.

A reader recognises its kind of file by its contents, reads it whole, and collects every fault as a row of problems; it
never stops at the first one and never guesses.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "bounded": ["Bounded", "TooMuch"],
        "dossiers.connections": ["open_dossiers", "open_warehouse", "shown_address", "told_as_sentences"],
        "dossiers.export": ["Export", "read_export"],
        "dossiers.facts": ["count_facts"],
        "dossiers.headings": ["Headings", "load_headings"],
        "dossiers.schema": ["DOSSIER_COLUMNS"],
        "dossiers.tables": ["recognise_export"],
        "own_forms": ["COUNT_FORM", "read_count_table"],
        "parsed_columns": ["Table", "read_table"],
        "portal.answer": ["recognise_answer"],
        "portal.read_json": ["read_portal"],
        "problems": ["CODES", "PROBLEM_COLUMNS", "drop_echoes", "join_problems", "problem", "problems_frame"],
        "reading_result": ["COUNT_COLUMNS", "SCORE_COLUMNS", "Reading"],
        "reference.merge": ["merge_rows", "reference_path"],
        "reference.read": ["read_sheets", "recognise_sheets"],
        "repeats": ["COUNT_KEY", "SCORE_KEY", "drop_repeats"],
        "tables": ["READERS", "recognise_table"],
        "workbook": ["Book", "is_workbook", "open_book"],
    },
)
