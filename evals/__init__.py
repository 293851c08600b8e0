"""Real data in, figures out: one module per claim that the project makes.

Entry point: ``attune eval NAME``.
"""
