"""From files to examples: sources read bytes, formats understand rows, splits and ids keep them honest."""
