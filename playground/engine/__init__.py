"""Where torch and transformers live, and nowhere else: loading, the attention tap, one runner a room."""
