"""What to type instead, or next: did-you-mean, ways out of an empty result, completions, related terms.

Built from one generation through the engine's contract, never from files of its own, so it fits every engine and every update.
"""
