"""The layouts of rows that are recognised, one file each."""
