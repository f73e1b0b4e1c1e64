"""A language model as second reader of the claims that the extractor is least sure of. Off unless it is set.

Any endpoint that speaks the chat completions of OpenAI is asked about one claim a call: the passage around it, and how
it was read. What it may do with a claim is all that :mod:`~services.extractor.second_reader.corrections` has: move its
confidence by a step, put the edges of its content or source elsewhere, name an inner source. Every word that it gives
must stand in the passage, once. It adds no claim and removes none.

The passage is written by strangers, so the model is taken to be theirs: whatever it was talked into, the answer reaches
the one claim that was asked about, and changes it within these bounds or not at all. An extraction never waits for it
longer than its time-out, and never fails by it: it goes out as it was read.
"""
