"""The learned reader: which words of an article are a source, a cue and a content, and which belong together."""
