"""People decide what replies say: what is read next, and by whom; what they make of it; how far they agree."""
