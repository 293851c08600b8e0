"""Text in, sound out, sentence by sentence.

Entry points: :class:`llm.voice.speech.Voice`, :class:`llm.voice.hibari.HibariVoice`,
:class:`llm.voice.sentences.SentenceSplitter`.
"""
