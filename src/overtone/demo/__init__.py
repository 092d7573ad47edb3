"""The demo task: e-mails to an invented telecom company, to be sorted and answered."""
