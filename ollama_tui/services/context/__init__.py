"""What a prompt comes to in tokens, what it has to fit into, and what can be done where it does not."""
