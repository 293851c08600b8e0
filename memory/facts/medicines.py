"""Which words name a medicine, and which of them mean the same one.

Names and brands are data, ``medicines.toml``. What is in no list is known by the stem that the
World Health Organization gives to substances of one kind, e.g. -pril to those that lower blood
pressure (The use of stems in the selection of International Nonproprietary Names, WHO 2018).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FORM = r"(?:pills?|tablets?|drops|capsules?|medicine|meds|supplements?)"
_LISTED = (
    "adrenaline|epipen|eye drops|heparin|medication|medicines?|meds|(?<!rain)drops|painkillers?|"
    "pills?|tablets?|capsules?|nasal spray|cough (?:syrup|mixture)|cold (?:remedy|remedies)|"
    "ritalin|"
    "vitamins?(?: [a-k]\\d*)?|(?:heart|pain|calcium|travel|vitamin|chest|ear|eye)"
    " (?:pills?|tablets?|drops)"
)
_STEMS = (
    "(?!april\\b)[a-z]{2,}(?:pril|sartan|statin|olol|dipine|prazole|cillin|cycline|mycin|floxacin|"
    "conazole|formin|gliptin|gliflozin|glutide|profen|coxib|triptan|setron|oxetine|azepam|azolam|"
    "parin|xaban|grel|farin|salbutamol|terol|thiazide|semide|lukast|vir|mab|nidazole|prim|"
    "pentin|gabalin|triptyline|traline|citalopram|phenac|fenac|cortisone|solone|tadine|tirizine)"
)
_GENERAL = re.compile(
    r"(?:drops|pills?|tablets?|capsules?|medication|medicines?|meds|painkillers?)", re.IGNORECASE
)
_IN_FORM = re.compile(rf"(?<=\w) {_FORM}$")


@dataclass(frozen=True, slots=True)
class _Kind:
    """An entry of the lists; ``medicines.toml`` says how to read it."""

    name: str
    called: re.Pattern[str]
    also: re.Pattern[str]
    substances: tuple[tuple[str, re.Pattern[str]], ...]


def _pattern(forms: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(forms) or r"(?!)", re.IGNORECASE)


_ENTRIES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["kind"]
_KINDS = tuple(
    _Kind(
        entry["name"],
        _pattern(entry["called"]),
        _pattern(entry.get("also", [])),
        tuple((forms[0], _pattern(forms)) for forms in entry["substances"]),
    )
    for entry in _ENTRIES
)
_FORMS = sorted(
    {
        form
        for entry in _ENTRIES
        for form in (
            *entry["called"],
            *entry.get("also", ()),
            *(f for forms in entry["substances"] for f in forms),
        )
    },
    key=len,
    reverse=True,
)
_MEDICINE = re.compile(
    rf"(?<![\w-])(?:(?:{'|'.join(_FORMS)})(?: {_FORM})?|{_LISTED}|{_STEMS})(?!\w)", re.IGNORECASE
)

MEDICINE_WORDS = tuple(sorted(form for form in _FORMS if form.isalpha()))
"""Names and brands of one plain word, by which talk about medicines can be found."""


def medicine_spans(text: str) -> list[tuple[str, int, int]]:
    """Return the medicines that a text names itself, in lower case, each with where it stands."""
    return [
        (match.group().lower(), match.start(), match.end())
        for match in _MEDICINE.finditer(text)
        if not _GENERAL.fullmatch(match.group())
    ]


@lru_cache(maxsize=16384)
def medicines_in(text: str) -> tuple[str, ...]:
    """Return the medicines that a text names, in lower case, in the order named.

    General words such as "pills" count only where no medicine is named itself.
    """
    special = [name for name, _, _ in medicine_spans(text)]
    named = special or [match.group().lower() for match in _MEDICINE.finditer(text)]
    return tuple(dict.fromkeys(named))


@lru_cache(maxsize=4096)
def kinds_of(name: str) -> frozenset[str]:
    """Return what a name may be called: the kinds, the substances, and itself without its form."""
    bare = _bare(name)
    found = {bare}
    for kind in _KINDS:
        if kind.called.fullmatch(name) or kind.called.fullmatch(bare):
            found.add(kind.name)
        for substance, forms in kind.substances:
            if forms.fullmatch(name) or forms.fullmatch(bare):
                found |= {kind.name, substance}
    return frozenset(found)


@lru_cache(maxsize=16384)
def is_same(one: str, other: str) -> bool:
    """Tell whether two names may mean the same medicine: a brand, its substance, or its kind."""
    bare, other_bare = _bare(one), _bare(other)
    if bare == other_bare:
        return True
    if _substances(one) & _substances(other):
        return True
    # "My thinner" is whichever of them it is; two different ones are not the same.
    return bool(_called(one) & kinds_of(other) or _called(other) & kinds_of(one))


@lru_cache(maxsize=4096)
def _substances(name: str) -> frozenset[str]:
    bare = _bare(name)
    return frozenset(
        substance
        for kind in _KINDS
        for substance, forms in kind.substances
        if forms.fullmatch(name) or forms.fullmatch(bare)
    )


@lru_cache(maxsize=4096)
def _called(name: str) -> frozenset[str]:
    """Return the kinds by which a name calls a medicine without naming it."""
    bare = _bare(name)
    return frozenset(
        kind.name
        for kind in _KINDS
        for pattern in (kind.called, kind.also)
        if pattern.fullmatch(name) or pattern.fullmatch(bare)
    )


def _bare(name: str) -> str:
    """Return a name in the singular, without the form in which it is taken."""
    bare = _IN_FORM.sub("", name.casefold())
    return bare if bare.endswith("ss") else bare.removesuffix("s")
