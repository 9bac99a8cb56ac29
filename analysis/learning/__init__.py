"""Learns from a codebook, and from what people have confirmed, which themes a reply names.

Pure: texts and their sentence vectors come in, probabilities go out. docs/coding-research.md says what was tried.
"""
