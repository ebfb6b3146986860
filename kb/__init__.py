"""Wenyuan 文渊: find the passage in a library of Chinese speeches and training materials."""

__version__ = "0.1.0"
