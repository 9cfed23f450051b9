"""The programs behind the built-in models: rules, not language models, and they say so."""
