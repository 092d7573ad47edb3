"""The measured decision: every rival, what repetitions and fewer rows show, what it costs, what speaks against it."""
