"""Which words name a medicine.

Few names are listed. Most are known by the stem that the World Health Organization gives to
substances of one kind, e.g. -pril to those that lower blood pressure (The use of stems in the
selection of International Nonproprietary Names, WHO 2018).
"""

from __future__ import annotations

import re

_LISTED = (
    "adrenaline|antacids?|antibiotics?|anticoagulants?|antidepressants?|antihistamines?|aspirin|"
    "beta[- ]?blockers?|blood[- ]thinners?|codeine|contraceptive|cortisone|digoxin|epipen|"
    "eye drops|heparin|inhaler|insulin|iron|levothyroxine|lithium|medication|medicines?|meds|"
    "loperamide|imodium|laxatives?|steroids?|tramadol|naproxen|oxycodone|co-codamol|venlafaxine|"
    "mirtazapine|lamotrigine|carbamazepine|valproate|allopurinol|colchicine|tamoxifen|sildenafil|"
    "viagra|nitroglycerin|gtn|nurofen|advil|calpol|panadol|amiodarone|melatonin|methotrexate|"
    "morphine|nasal spray|painkillers?|paracetamol|acetaminophen|tylenol|"
    "penicillin|pills?|(?<!rain)drops|prednisone|ritalin|sleeping pills?|statins?|tablets?|"
    "theophylline|"
    "thyroxine|valium|vitamins?(?: [a-k]\\d*)?|xanax|zopiclone"
)
_STEMS = (
    "(?!april\\b)[a-z]{2,}(?:pril|sartan|statin|olol|dipine|prazole|cillin|cycline|mycin|floxacin|"
    "conazole|formin|gliptin|gliflozin|glutide|profen|coxib|triptan|setron|oxetine|azepam|azolam|"
    "parin|xaban|grel|farin|salbutamol|terol|thiazide|semide|lukast|vir|mab|nidazole|"
    "pentin|gabalin|triptyline|traline|citalopram|phenac|fenac|cortisone|solone|tadine|tirizine)"
)
_MEDICINE = re.compile(rf"\b(?:{_LISTED}|{_STEMS})\b", re.IGNORECASE)
_GENERIC = re.compile(r"(?:drops|pills?|tablets?|medication|medicines?|meds)", re.IGNORECASE)


def medicines_in(text: str) -> list[str]:
    """Return the medicines that a text names, in lower case, in the order named.

    General words such as "pills" count only where no medicine is named itself.
    """
    named = [match.group().lower() for match in _MEDICINE.finditer(text)]
    special = [name for name in named if not _GENERIC.fullmatch(name)]
    return list(dict.fromkeys(special or named))
