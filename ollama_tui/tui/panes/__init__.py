"""The panes of the chat screen: one to four beside each other."""
