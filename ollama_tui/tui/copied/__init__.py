"""What can be taken out of a conversation: a message without its marks, its blocks of code, all of it in a file."""
