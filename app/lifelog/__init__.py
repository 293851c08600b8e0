"""The review face: the moments of a day, to open, search, correct and delete.

Entry points: :class:`app.lifelog.presenter.LifelogPresenter`,
:class:`app.lifelog.view.LifelogView`.
"""
