"""Answers what customers ask about their own data: a copy of it, or to be forgotten (docs/privacy.md)."""
