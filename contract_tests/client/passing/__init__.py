"""What is none of the client's passes through a call as it is, and tells what became of the upload."""
