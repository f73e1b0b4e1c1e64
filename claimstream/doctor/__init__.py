"""Is this deployment well? Each check says ok, or what to do; the last sends an article through all of it."""
