"""The contestants, one module each: `TITLE`, settings, and `work(job, watch)`.

Those that train have `GRID` (what a search tries), `DEFAULT`, and `USUAL` (what stands for the best without one).
"""
