"""Serve finished models over HTTP: one worker a model, an OpenAI-compatible face, closed by default."""
