"""Information by trained networks, each sample judged only by networks that have not seen it."""
