"""`python -m spacelib` is the command `spacelib`."""

import sys

from .cli import main

sys.exit(main())
