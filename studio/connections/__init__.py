"""Provider accounts: how they are connected and kept, asked within their rate, and shown."""
