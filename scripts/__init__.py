"""The verbs, and in packages what they do. Knows no tests, and holds no fact about the API.

What stands in modules here is shared by all packages: what a verb tells a person, leaves in a file, and asks of git.
"""
