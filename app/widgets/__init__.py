"""What the three faces share: the theme, words for times and people, and what draws them.

Entry points: :mod:`app.widgets.theme`, :mod:`app.widgets.words` and
:func:`app.widgets.window.prepare`, which must run before anything else here is imported.
"""
