"""Claims: the structural layer by pattern, on gold spans and end to end, and quotations of annotated news."""
