"""What the three faces share: the theme, words for times and people, and the widgets that draw.

Entry points: :mod:`app.widgets.theme`, :mod:`app.widgets.words`, :func:`app.widgets.window.prepare`.
"""
