"""A terminal client for local models served by Ollama."""
