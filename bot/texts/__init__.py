"""Texts in several languages as people approve them: surveys, campaigns, what Openline says itself, saved replies.

``document`` is one of them, from a file or from the store; ``entering`` writes translations into its text, ``approving`` a
person's word, ``returned`` reads what a translator sent back. ``stored`` finds all that stand in the store, ``standing`` says
how each text of theirs stands in a language, ``deciding`` is what a reader does with one, ``using`` puts a language into use.
"""
