"""Offsets in claims count Unicode code points, as Python's strings do: a span slices the text as it is."""


def slices(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in spans]
