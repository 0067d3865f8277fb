"""Only registered legal documents are cited, with their own dates."""

import pytest

from baocao.definitions.errors import UserError


def test_a_citation_has_kind_number_and_date(laws):
    law = laws.get("766/QĐ-TTg")
    assert law.citation() == "Quyết định số 766/QĐ-TTg"
    assert law.citation(dated=True) == "Quyết định số 766/QĐ-TTg ngày 23/06/2022"


def test_an_unknown_number_names_the_nearest(laws):
    with pytest.raises(UserError, match=r"«767/QĐ-TTg» không có trong .*; gần nhất: 766/QĐ-TTg"):
        laws.get("767/QĐ-TTg")


def test_every_law_has_a_kind_and_an_issuer(laws):
    assert all(law.kind and law.issuer and law.title for law in laws)
