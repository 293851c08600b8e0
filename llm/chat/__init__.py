"""Messages in, pieces of text out, from any language model.

Entry points: :class:`llm.chat.model.ChatModel`, :class:`llm.chat.openai.OpenAiChat` for any
compatible address, :class:`llm.chat.embedded.EmbeddedChat` for the model on this machine.
"""
