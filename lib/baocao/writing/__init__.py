"""Figures become words: claims (every printed number with what it is made of), phrases, tables, workbooks, problem lists.

All text that comes from data is escaped here, once (`markup`).
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["markup", "phrases", "problem_list", "prose", "tables"],
    submod_attrs={
        "claims": [
            "COMMON",
            "Claim",
            "Claims",
            "GROWN_SINCE",
            "LACKING",
            "OWN_KIND",
            "RANKED_BY",
            "RECORD_MIME",
            "RECORD_VERSION",
            "ROW_NUMBER_KIND",
            "SAMPLE_MARK",
            "SINCE",
            "SOURCE_LABELS",
            "least_trusted",
            "sample_mark",
        ],
        "excel": ["Origin", "format_csv", "write_workbook"],
        "figures": [
            "Absence",
            "Base",
            "Change",
            "Figure",
            "Figures",
            "Gap",
            "Goal",
            "Growth",
            "Kind",
            "Listing",
            "NOT_WHOLE",
            "Note",
            "Number",
            "Parts",
            "Printable",
            "Rank",
            "SILENT",
            "Valued",
            "Words",
            "say_reason",
        ],
        "html_page": ["capital", "choice", "escape_html", "list_form", "list_head", "page"],
        "markup": ["JOINER", "Markdown", "escape", "paragraphs"],
        "phrases": ["capitalise"],
        "problem_list": ["list_lines"],
        "score_parts": ["Points"],
        "scores": ["Capture", "Published", "Score"],
        "typed": ["bare_numerals", "figures_in_words", "numerals"],
    },
)
