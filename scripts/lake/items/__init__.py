"""Rows of a model as DynamoDB items: written as import files, and imported."""
