"""What people bring in: judged, kept in the library, repaired, and agreed to."""
