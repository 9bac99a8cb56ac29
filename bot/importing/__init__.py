"""Brings in what others have collected: answers from a survey export, people from a contact list."""
