"""Model weights and sample recordings: where they come from, what they weigh, under which licence.

Entry points: :func:`assets.fetch.path` (a verified local file), ``assets/manifest.toml``.
"""
