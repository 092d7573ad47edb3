"""The words all other folders speak: parts, tasks, examples, answers, scores, errors. Imports no torch."""
