"""The one training loop, its stages, optimiser and checkpoints, and the artifact it leaves."""
