"""What is measured while it plays and offline alike."""
