"""How an answer is read: choices, numbers, dates, times and orders, in every language, or not at all: never a silent guess."""
