"""How good what comes out is. ``python -m quality`` measures against gold and against the figures committed last."""
