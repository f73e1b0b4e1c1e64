"""The blocks of a page, what can be measured of each, and which of them are the article's.

``walk`` cuts a tree into blocks, ``lines`` a plain text; ``text``, ``structure`` and ``context`` measure them;
``forest`` evaluates trees that were trained elsewhere (``services.cleaner.training``); ``classifier`` is the whole.
"""
