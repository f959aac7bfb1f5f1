"""Registry entries and one-line models for many tables at once: read what is there, plan texts, write them."""
