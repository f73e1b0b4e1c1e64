"""The figures of a claim: values and ranges, units, what is counted, how exact, and when."""
