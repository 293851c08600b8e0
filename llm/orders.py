"""Orders hidden in what was seen or overheard, and replies that obey them.

A language model that reads a sign may do what the sign says. Quoting and few-shot examples make
that rare, not impossible, so every sentence of a reply is checked against the notes it came from.
The lists below need not be complete to be safe: a text that is taken for an order by mistake only
has to be reported as what was read or heard, which is what a good reply does anyway.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from memory.stems import stems

_CLAUSE = (
    r"(?:^|[.!?:;,/\n\"'(>\u201c\u2018-]|"
    r"\b(?:please|now|only|then|and|not|must|should|always|to|ai))\s*"
)
_TO_A_MACHINE = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,60}"
    r"\b(?:instructions?|rules?|prompts?|notes?|above|previous|prior|before|everything|guidelines)\b"
    r"|\b(?:system|assistant|developer|companion|attune|user|ai|notes|the wearer says)\s*[:>\])]"
    r"|\bim_(?:start|end)\b|\binst\b|<<sys>>|\beot_id\b|\b(?:start|end)_header_id\b"
    r"|\b(?:you are now|act as|pretend|from now on|developer mode|jailbreak|system prompt|"
    r"you (?:must|have to|shall|should|need to)|new (?:instructions?|rules?|task|persona)|"
    r"your (?:only )?(?:answer|reply|task)s?)\b",
)
_IMPERATIVE = re.compile(
    _CLAUSE + r"(?:say|reply|respond|answer|output|print|repeat|write|speak|shout|sing|tell|type|"
    r"recommend|correct|rename|change|replace|mention|announce|warn|inform|"
    r"insist|call|send|forward|email|pay|buy|order|unlock|delete|erase|wipe|remove|remember|memori[sz]e|store|save|record|add|update|translate|decode|"
    r"ignore|disregard|forget|stop|obey|follow|execute|run|open|visit|click|scan)\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:ignoriere?|vergiss|antworte|sage|sprich|schreibe?|losche|merke?|wiederhole|"
    r"ignorez|oublie[zs]?|reponds|repondez|dis (?:seulement|que|juste)|dites|"
    r"supprime[zs]?|efface[zs]?|ecris|ecrivez|ignora|olvida|responde|contesta|"
    r"di (?:solo|que|soltanto)|borra|elimina|escribe|repite|recuerda|dimentica|rispondi|"
    r"cancella|scrivi|ripeti|ricorda|esqueca|responda|diga|apague|escreva|"
    r"negeer|vergeet|antwoord|zeg|verwijder|zignoruj|odpowiedz|powiedz|usun|napisz|"
    r"ignorera|svara|radera|glom|yoksay|soyle|cevapla|unut)\b"
    r"|игнорир|забудь|ответь|отвеча|скажи|удали|напиши|запомни|ігнору|відповід|"
    r"忽略|无视|無視|回答|请说|說|说|删除|刪除|忘记|答え|言って|言え|削除|忘れ|무시|대답|말해|말하|삭제|"
    r"تجاهل|قل|أجب|احذف|अनदेखा|कहो|हटा"
)
_REPORTS = re.compile(
    r"\b(?:says?|said|saying|reads?|written|wrote|writing|sign|label|text|shirt|page|poster|sticker|"
    r"called|asked|told|claims?|quote[sd]?|printed|heard)\b",
    re.IGNORECASE,
)
_HIDING = ("Cc", "Cf", "Co", "Cn")
# Line ends, the soft hyphen, and the joiners of Persian, Indic scripts and emoji.
_PLAIN = "\n\r\t\xad\u200c\u200d"
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


def gives_orders(text: str) -> bool:
    """Tell whether a text tries to command whoever reads it, openly or in disguise."""
    bare = _unveiled(text)
    patterns = (_TO_A_MACHINE, _IMPERATIVE, _ELSEWHERE)
    return _is_disguised(text) or any(pattern.search(bare) for pattern in patterns)


def obeys(
    sentence: str,
    question: str,
    own: Iterable[str],
    foreign: Iterable[str],
    is_asked: bool = True,
) -> bool:
    """Tell whether a sentence of a reply does what a sign or somebody else ordered.

    It does if it holds a word that stands in an order and in nothing else that the reply may rest
    on, unless the wearer asked something and it says that this is what was read or heard. Who asks
    nothing need not hear of orders at all.

    Args:
        sentence: What the model wants to say.
        question: What the wearer said.
        own: Notes in the wearer's own words.
        foreign: All other notes, and earlier replies.
        is_asked: The wearer asked something.
    """
    if is_asked and _REPORTS.search(sentence):
        return False
    notes = tuple(foreign)
    ordering = [note for note in notes if gives_orders(note)]
    harmless = [question, *own, *(note for note in notes if note not in ordering)]
    ordered = set(_stems(ordering)) - set(_stems(harmless))
    return not ordered.isdisjoint(_stems([sentence]))


def _stems(texts: Iterable[str]) -> list[str]:
    return stems(_unveiled(" ".join(texts)))


def _unveiled(text: str) -> str:
    """Return a text in lower case without what hides its letters."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(c for c in parts if unicodedata.category(c) not in ("Cf", "Mn"))
    return unicodedata.normalize("NFC", letters)


def _is_disguised(text: str) -> bool:
    """Tell whether a word mixes alphabets or hides characters, which no honest sign does."""
    hidden = any(unicodedata.category(c) in _HIDING and c not in _PLAIN for c in text)
    return hidden or any(len(_scripts(word)) > 1 for word in text.split())


def _scripts(word: str) -> set[str]:
    names = (unicodedata.name(c, "").split(" ")[0] for c in word if c.isalpha())
    return {name for name in names if name in _SCRIPTS}
