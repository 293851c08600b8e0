"""Written months of invented wearers, as TOML: a folder each.

``cast.toml`` names everybody; each other file holds scenes and questions with their gold answers.
:func:`evals.data.scenario.read_scenario` reads and checks them.
"""
