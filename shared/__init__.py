"""What all four services speak. No rule about feeds, text or claims lives here."""
