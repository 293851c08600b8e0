"""What is in view and which of it the wearer looks at.

Entry points: :class:`perception.scene.objects.Objects` and :class:`perception.scene.text.Text`.
"""
