"""How strictly mypy and basedpyright look at a generated client."""

# Lies as pyproject.toml beside the package.
STRICT = """
[tool.mypy]
strict = true
python_version = "3.11"
enable_error_code = ["ignore-without-code"]
disable_error_code = ["redundant-cast"]

[tool.basedpyright]
include = ["roark_client/api", "roark_client/models", "roark_client/resources", "roark_client/roark.py"]
typeCheckingMode = "strict"
pythonVersion = "3.11"
"""
