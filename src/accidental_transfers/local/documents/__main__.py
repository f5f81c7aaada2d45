"""Write documents, schemas and keywords anew: `python -m accidental_transfers.local.documents`."""

import sys

from accidental_transfers.local.documents import main

if __name__ == "__main__":
    sys.exit(main())
