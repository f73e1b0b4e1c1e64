"""Trains the block classifier on pages whose article is known: ``python -m services.cleaner.training --data DIR``.

No part of the product: it needs LightGBM (dependency group ``training``), which no service installs. What comes out
is the model file beside ``services.cleaner.blocks``, which numpy alone evaluates.
"""
