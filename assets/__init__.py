"""Model weights and sample recordings: where they come from, what they weigh, under which licence.

Entry points: :func:`assets.fetch.path` (a verified local file), :func:`assets.fetch.fetch`,
:func:`assets.manifest.manifest` (what ``manifest.toml`` says).
"""
