"""Trains the project's own small networks and exports them; the data lies beside the repository.

Entry points: ``python -m training.NAME``, one module per network. Only this house knows torch:
``pip install -e '.[train]'``.
"""
