"""Findings on paper: a report for organizers, a page for families in each of their languages, and a text message.

``organizers`` and ``families`` decide what stands there, ``page`` sets it as one HTML file, ``paper`` makes a PDF of that.
"""
