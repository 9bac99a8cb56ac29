"""Reaching out: who is asked, and when it goes."""
