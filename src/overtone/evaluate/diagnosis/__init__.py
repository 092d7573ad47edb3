"""What answers show beyond their score, as numbers: ranking, calibration, thresholds, slices, curves of loss."""
