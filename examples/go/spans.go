package claimstream

// Offsets in claims count Unicode code points; a Go string counts bytes, of which a letter beyond ASCII has several.

// InBytes gives spans of claims as spans of a Go string.
func InBytes(text string, spans [][2]int) [][2]int {
	at := make([]int, 0, len(text)+1)
	for i := range text {
		at = append(at, i)
	}
	at = append(at, len(text))
	bytes := make([][2]int, len(spans))
	for i, span := range spans {
		bytes[i] = [2]int{at[span[0]], at[span[1]]}
	}
	return bytes
}

// Slices gives the pieces of the text that spans of claims name.
func Slices(text string, spans [][2]int) []string {
	pieces := make([]string, len(spans))
	for i, span := range InBytes(text, spans) {
		pieces[i] = text[span[0]:span[1]]
	}
	return pieces
}
