"""Readers of the development data: one module per set, typed and in the units of the house.

Entry point: :func:`evals.data.folder.root`.
"""
