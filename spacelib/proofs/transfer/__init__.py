"""The transfer: a certificate that survives a shift of the law, with scenes as the unit."""
