"""Which words on a label or in talk mean that an allergen may be in something.

The families are the fourteen of Annex II of Regulation (EU) No 1169/2011; their words are common
names of ingredients and dishes that hold them. Everything else is looked for by its own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FAMILIES = {
    "gluten": "gluten|wheat|rye|barley|oats?|spelt|kamut|semolina|couscous|bulgur|seitan|durum|"
    "farro|malt|bread(?:crumbs)?|pasta|spaghetti|noodles|croissants?|crackers|"
    "(?<!rice )(?<!almond )(?<!corn )(?<!maize )(?<!chestnut )flour",
    "crustaceans": "crustaceans?|prawns?|shrimps?|scampi|crabs?|crabmeat|lobsters?|crayfish|"
    "langoustines?|krill",
    "eggs": "eggs?|egg (?:white|yolk|powder)|albumin|albumen|mayonnaise|mayo|meringues?|omelettes?|"
    "aioli|tortilla espa\u00f1ola|frittata|custard",
    "fish": "fish|cod|salmon|tuna|anchov(?:y|ies)|haddock|mackerel|herring|sardines?|trout|plaice|"
    "worcestershire sauce|fish sauce|surimi|caviar",
    "peanuts": "peanut (?:butter|oil|sauce)|peanuts?|groundnuts?|arachis|satay|monkey nuts",
    "soybeans": "soya?(?:beans?)?|tofu|tempeh|edamame|miso|soy sauce|soya? lecithin|tamari",
    "milk": "(?<!coconut )(?<!almond )(?<!oat )(?<!soy )(?<!soya )(?<!rice )milk|milk powder|"
    "whey|casein(?:ate)?|lactose|yog(?:h)?urt|(?<!vegan )cheese|mozzarella|parmesan|cheddar|feta|"
    "ricotta|mascarpone|(?<!peanut )(?<!almond )(?<!cocoa )(?<!shea )(?<!nut )butter(?! beans?)|"
    "buttermilk|ghee|"
    "(?<!sun )(?<!hand )(?<!face )(?<!shaving )(?<!coconut )cream(?! cracker)|latte|cappuccino|"
    "milkshakes?|ice cream|custard|dairy|quark|kefir|b\u00e9chamel",
    "nuts": "nuts?|almonds?|hazelnuts?|walnuts?|cashews?|pecans?|brazil nuts?|pistachios?|"
    "macadamias?|marzipan|praline|nougat|gianduja|frangipane|pesto|baklava|amaretti|nutella",
    "celery": "celery|celeriac|celery salt",
    "mustard": "mustard(?: seeds?)?|dijon",
    "sesame": "sesame(?: (?:seeds?|oil))?|tahini|hummus|houmous|halva|gomasio|za'atar",
    "sulphites": "sul(?:ph|f)ites?|sul(?:ph|f)ur dioxide|e22[0-8]|wine",
    "lupin": "lupins?|lupine|lupin flour",
    "molluscs": "mollus[ck]s?|mussels?|oysters?|squid|calamari|octopus|clams?|scallops?|snails?|"
    "cockles|whelks|cuttlefish",
}
_OF = {
    "gluten": "gluten|wheat|c(?:o)?eliac|cereals?|rye|barley",
    "crustaceans": "crustaceans?|prawns?|shrimps?|crabs?|lobsters?",
    "eggs": "eggs?",
    "fish": "fish",
    "peanuts": "peanuts?|groundnuts?",
    "soybeans": "soya?|soya? ?beans?",
    "milk": "milk|dairy|lactose|cow's milk|cows' milk|milk protein|dairy products|casein|whey",
    "nuts": "(?:tree )?nuts?|all nuts",
    "celery": "celery|celeriac",
    "mustard": "mustard",
    "sesame": "sesame(?: seeds?)?",
    "sulphites": "sul(?:ph|f)ites?",
    "lupin": "lupins?|lupine",
    "molluscs": "mollus[ck]s?|mussels?|oysters?|squid|clams?|scallops?",
}
_WIDER = {
    "shellfish": "crustaceans|molluscs",
    "seafood": "crustaceans|molluscs|fish",
    "nuts": "nuts|peanuts",
}
_KINDS = {
    "penicillin": r"penicillin|\w+cillin|augmentin",
    "aspirin": r"aspirin|acetylsalicylic acid|asa",
    "bee stings": r"bees?|beehives?|hives|honeybees?|apiary",
    "bees": r"bees?|beehives?|hives|honeybees?|apiary",
    "wasps": r"wasps?|wasps' nest",
    "cats": r"cats?|kittens?",
    "dogs": r"dogs?|pupp(?:y|ies)",
    "horses": r"horses?|pon(?:y|ies)",
    "latex": r"latex|rubber gloves",
    "ibuprofen": r"ibuprofen|nurofen|advil",
}
_FREE = re.compile(r"^\W*(?:-| )?free\b|^\W+(?:allerg|intoleran)", re.IGNORECASE)
_WITHOUT = re.compile(
    r"\b(?:no|without|not contain|free (?:from|of)|contains no|does not contain|don't contain|"
    r"doesn't contain|not any|instead of|non)\s+(?:any |added )?(?:[\w-]+,? (?:or |and )?){0,2}$",
    re.IGNORECASE,
)


def found_in(text: str, thing: str) -> str:
    """Return the words of a text by which something allergenic may be in what it speaks of.

    "Peanut-free" and "without peanuts" are none.

    Args:
        text: A label, an order, a reply.
        thing: What somebody is allergic to, in lower case: ``"peanuts"``.
    """
    plain = text.replace("\u2019", "'")
    words = words_of(thing)
    without = re.compile(rf"\b(?:{words})[- ]free\b(?: [\w-]+){{0,2}} $", re.IGNORECASE)
    for match in re.finditer(rf"(?<![\w'-])(?:{words})(?!\w)", plain, re.IGNORECASE):
        before, after = plain[: match.start()], plain[match.end() :]
        if not (_FREE.search(after) or _WITHOUT.search(before) or without.search(before)):
            return match.group()
    return ""


def words_of(thing: str) -> str:
    """Return the words that mean a thing, as alternatives of a regular expression."""
    if families := list(_families(thing)):
        return "|".join(_FAMILIES[family] for family in families)
    if thing in _KINDS:
        return _KINDS[thing]
    stem = re.escape(re.sub(r"(?<=\w\w\w)(?:ies|es|s|y)$", "", thing))
    nut = (
        "|(?:mixed |tree )?nuts"
        if re.search(
            r"nuts?$|almond|cashew|pecan|"
            r"pistachio",
            thing,
        )
        else ""
    )
    return f"{re.escape(thing)}|{stem}(?:y|ies|es|s)?{nut}"


def _families(thing: str) -> Iterator[str]:
    wider = _WIDER.get(thing)
    if wider:
        yield from wider.split("|")
        return
    for family, names in _OF.items():
        if re.fullmatch(names, thing):
            yield family
