"""The live face: what is seen, said and just remembered, and a way to ask.

Entry points: :class:`app.companion.state.LoopSnapshot`,
:class:`app.companion.presenter.CompanionPresenter`, :class:`app.companion.view.CompanionView`.
"""
