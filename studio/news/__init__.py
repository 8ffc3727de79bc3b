"""What people hear of what others did: the dot in the bar, the inbox, and the mail."""
