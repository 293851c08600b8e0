"""From sound to who said what: voice activity, turns, words and voices.

Entry points: :class:`perception.speech.recogniser.Speech`, its halves ``VoiceActivity`` and
``Recogniser``, and :class:`perception.speech.voices.Voices`.
"""
