"""A day to try Attune with, put together from open footage, voices and eye movements.

Entry points: :func:`app.sample.build.sample_path`, :func:`app.sample.truth.read_truth`.
"""
