"""The composition root: settings, the sensing loop, the command line and the three faces.

Entry points: :func:`app.cli.main`, :class:`app.loop.SensingLoop`.
"""
