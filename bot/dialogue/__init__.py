"""Staff and families talk, each in their own language: threads, what waits for an answer, drafts, and what is sent."""
