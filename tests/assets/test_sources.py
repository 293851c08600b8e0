from __future__ import annotations

import pytest

from assets.sources import (
    Https,
    Installed,
    Member,
    Members,
    PackageUrl,
    Source,
    SourceError,
    parse_package_url,
    parse_source,
)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("https://a.org/f", Https("https://a.org/f")),
        ("installed:rapidocr/models/x.onnx", Installed("rapidocr", "models/x.onnx")),
        ("pkg:pypi/a@1#b/c%20d", Members((Member("pkg:pypi/a@1", "b/c d"),))),
        (
            ["pkg:pypi/a@1#b", "pkg:npm/c@2#d"],
            Members((Member("pkg:pypi/a@1", "b"), Member("pkg:npm/c@2", "d"))),
        ),
        (
            ["pkg:pypi/a@1#b", "pkg:npm/c@2#d", "#e/f%20g"],
            Members((Member("pkg:pypi/a@1", "b"), Member("pkg:npm/c@2", "d")), "e/f g"),
        ),
    ],
)
def test_reads_each_kind(text: str | list[str], source: Source) -> None:
    assert parse_source(text) == source


@pytest.mark.parametrize(
    "text",
    [
        "http://a.org/f",
        "ftp://a",
        "",
        "pkg:pypi/a#b",
        "pkg:gem/a@1#b",
        "pkg:pypi/a@1",
        [],
        ["#a/b"],
        ["#a/b", "pkg:pypi/a@1#b"],
    ],
)
def test_refuses_what_it_does_not_know(text: str | list[str]) -> None:
    with pytest.raises(ValueError, match=r"expected|must name|no parts"):
        parse_source(text)


def test_npm_scopes_are_unescaped() -> None:
    assert parse_package_url("pkg:npm/%40s/n@1.2") == PackageUrl("npm", "@s/n", "1.2")


@pytest.mark.parametrize(
    "source", [Installed("no_such_package", "x"), Installed("pytest", "no/such/file")]
)
def test_what_is_not_installed_is_missing(source: Installed) -> None:
    with pytest.raises(SourceError) as error:
        source.locate()
    assert error.value.kind == "missing"
