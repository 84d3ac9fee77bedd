"""Exit 0 where the Python that runs this imports the checkout that this file lies in, and not another or none.

`.venv` holds absolute paths: in a copy of a checkout they are the original's, in one that was moved they lead nowhere.
And where its Python was replaced by one of another minor version, that finds nothing in it.
"""

import os.path
import sys

import scripts

if __name__ == "__main__":  # without pathlib, which takes as long to import as Python to start
    sys.exit(not os.path.samefile(os.path.dirname(__file__), scripts.__path__[0]))  # noqa: PTH120, PTH121
