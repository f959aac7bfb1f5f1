"""One page to look at: what the audit says of every table, and the marts that have a chart."""
