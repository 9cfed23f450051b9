"""A conversation on the screen: head, transcript, prompt, and what a person does with them."""
