"""``python -m quality.metadata``: the counts behind the confidences, over all pages, as evidence.py has them."""

from quality.metadata.judged import cases
from quality.metadata.part import SET, counted

for cell, pages in counted(cases(SET)).items():
    print(f"    {cell}: {pages},")
