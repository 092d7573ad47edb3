"""`python -m overtone` is the command `overtone`."""

from overtone.cli.main import main

main()
