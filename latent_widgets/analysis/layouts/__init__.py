"""Maps that form step by step, each by the library that is known for it."""
