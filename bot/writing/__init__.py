"""Surveys that somebody is writing: their drafts, the file's text changed item by item, what is wrong with it, publishing."""
