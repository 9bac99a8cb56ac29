"""From the text of a survey file to its parts: every complaint points at a line and says what to do."""
