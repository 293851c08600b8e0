"""What to compute: which scene frame is worth which analysis.

Entry point: :class:`perception.analytics.budget.Budget`.
"""
