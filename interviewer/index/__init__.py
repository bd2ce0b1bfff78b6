"""The retrieval index: built, checked, versioned, searched."""
