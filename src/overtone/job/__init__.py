"""The main job, step by step: resolve the plan, tune candidates, prove, publish, check parity, report."""
