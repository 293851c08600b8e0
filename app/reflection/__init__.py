"""The self-reflection face: the feelings of a day or a week, and what caused them.

Entry points: :class:`app.reflection.presenter.ReflectionPresenter`,
:class:`app.reflection.view.ReflectionView`.
"""
