"""One tree of errors, two questions: what became of the upload, and whether the very same one will be refused again."""
