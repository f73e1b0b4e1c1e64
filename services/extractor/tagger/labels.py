"""What the two heads say of a piece."""

# The first head, of each piece alone; the second, of each piece as seen from one cue.
TAG_O, B_SOURCE, I_SOURCE, B_CUE, I_CUE, B_CONTENT, I_CONTENT = range(7)
TAGS = 7
PAIR_O, PAIR_B_SOURCE, PAIR_I_SOURCE, PAIR_B_CONTENT, PAIR_I_CONTENT = range(5)
PAIRS = 5
# Which of the first head's labels stands for each of the second's.
TAG_OF_PAIR = (TAG_O, B_SOURCE, I_SOURCE, B_CONTENT, I_CONTENT)
