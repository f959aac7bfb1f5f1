"""`lake run`: which models have something to do, their build, and what came of it.

`choose` says what to build, from plain facts; `kept` holds the parsed project, `project` asks it and runs dbt; `state` remembers
what was built of which code; `once` is one whole run; `report` what it says.
"""
